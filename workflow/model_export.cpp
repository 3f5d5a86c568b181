#include "workflow/model_export.h"

#include "base/failure.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>

namespace stet::workflow {

namespace fs = std::filesystem;

namespace {

constexpr const char* kGguf = "gguf-";

bool isGguf(const std::string& form)
{
    return form.starts_with(kGguf) && form != "gguf-adapter";
}

void refuseInside(const std::string& out, const std::string& project)
{
    const auto inside = fs::weakly_canonical(out).lexically_relative(fs::weakly_canonical(project));
    if (!inside.empty() && *inside.begin() != "..") {
        throw badInput("Cannot write " + out + ": it lies in the project's own folder; choose a place outside of it");
    }
}

std::string adapterOf(const annotate::Project& project, int round)
{
    if (round == 0) {
        return {};
    }
    if (project.round(round).state != annotate::RoundState::Finished) {
        throw badInput("Round " + std::to_string(round) +
                       " is not finished, so there is no model of it; give a finished one, or run: stet round " +
                       project.folder());
    }
    return project.adapterFolder(round);
}

template <typename List> std::string namesOf(const List& list)
{
    std::string names;
    for (const auto& one : list) {
        names += (names.empty() ? "" : ", ") + std::string(one.name);
    }
    return names;
}

template <typename List> const typename List::value_type* findIn(const List& list, const std::string& name)
{
    const auto it = std::find_if(list.begin(), list.end(), [&](const auto& one) { return name == one.name; });
    return it == list.end() ? nullptr : &*it;
}

std::string quoted(const std::string& text)
{
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

std::string inTransformers(const ModelExport& exported, const std::string& base)
{
    const std::string tokenizer = exported.form == "peft" ? ", tokenizer='" + base + "'" : std::string();
    return "python3 -c " +
        quoted("from transformers import pipeline; model = pipeline('text-generation', '" + exported.out + "'" +
               tokenizer + "); print(model('Hello', max_new_tokens=40)[0]['generated_text'])");
}

std::string inVllm(const ModelExport& exported, const std::string& base)
{
    return exported.form == "peft" ? "vllm serve " + quoted(base) + " --enable-lora --lora-modules " +
            ollamaName(exported.out) + "=" + quoted(exported.out)
                                   : "vllm serve " + quoted(exported.out);
}

}  // namespace

const std::vector<ModelForm>& modelForms()
{
    static const std::vector<ModelForm> kForms = {
        {"gguf-q8_0", false, true},     {"gguf-f16", false, true},    {"gguf-bf16", false, true},
        {"gguf-f32", false, true},      {"huggingface", true, false}, {"peft", true, false},
        {"gguf-adapter", false, false},
    };
    return kForms;
}

const ModelForm* findModelForm(const std::string& name)
{
    return findIn(modelForms(), name);
}

std::string modelFormNames()
{
    return namesOf(modelForms());
}

std::vector<std::string> exportArguments(const annotate::Project& project, const ModelExport& what)
{
    const ModelForm* form = findModelForm(what.form);
    if (form == nullptr) {
        throw Failure(FailureKind::Usage, "form '" + what.form + "' is unknown; known: " + modelFormNames());
    }
    const std::string model = project.setting("model");
    if (what.round == 0 && !form->baseHasIt) {
        throw Failure(FailureKind::Usage,
                      "The base model has no adapter to write as " + what.form + "; it is " + model + " itself");
    }
    const std::string adapter = adapterOf(project, what.round);
    refuseInside(what.out, project.folder());
    std::vector<std::string> arguments = {what.form == "huggingface" ? "merge" : "export", "--model", model, "--out",
                                          what.out};
    if (!adapter.empty()) {
        arguments.insert(arguments.end(), {"--adapter", adapter});
    }
    if (isGguf(what.form)) {
        std::string type = what.form.substr(std::string(kGguf).size());
        std::transform(type.begin(), type.end(), type.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        arguments.insert(arguments.end(), {"--gguf", type});
        if (what.modelfile) {
            const std::string style =
                what.round == 0 ? project.promptStyle() : project.promptStyle(project.round(what.round).preset);
            arguments.insert(arguments.end(), {"--modelfile", "--prompt-style", style});
        }
    } else if (what.form != "huggingface") {
        arguments.push_back("--" + what.form);
    }
    return arguments;
}

const std::vector<Program>& programs()
{
    static const std::vector<Program> kPrograms = {
        {"ollama", "Ollama", "gguf-q8_0", ""},
        {"llama.cpp", "llama.cpp", "gguf-q8_0", "llama.cpp 2026-10"},
        {"lmstudio", "LM Studio", "gguf-q8_0", ""},
        {"transformers", "Transformers", "huggingface", "Transformers 5.24, PEFT 0.21"},
        {"vllm", "vLLM", "huggingface", ""},
    };
    return kPrograms;
}

const Program* findProgram(const std::string& name)
{
    return findIn(programs(), name);
}

std::string programNames()
{
    return namesOf(programs());
}

std::string useCommand(const Program& program, const ModelExport& exported, const std::string& base)
{
    const std::string name = program.name;
    const bool folder = exported.form == "huggingface" || exported.form == "peft";
    if (name == "transformers") {
        return folder ? inTransformers(exported, base) : std::string();
    }
    if (name == "vllm") {
        return folder ? inVllm(exported, base) : std::string();
    }
    if (name == "llama.cpp" && exported.form == "gguf-adapter") {
        return "llama-cli -m " + quoted(base.ends_with(".gguf") ? base : "BASE.gguf") + " --lora " +
            quoted(exported.out);
    }
    if (!isGguf(exported.form)) {
        return {};
    }
    if (name == "llama.cpp") {
        return "llama-cli -m " + quoted(exported.out);
    }
    if (name == "lmstudio") {
        return "lms import " + quoted(exported.out);
    }
    const std::string model = ollamaName(exported.out);
    return "ollama create " + model + " -f " + quoted(exported.out + ".Modelfile") + " && ollama run " + model;
}

std::string ollamaName(const std::string& out)
{
    std::string name = fs::path(out).stem().string();
    for (char& c : name) {
        c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
    }
    return name;
}

}  // namespace stet::workflow
