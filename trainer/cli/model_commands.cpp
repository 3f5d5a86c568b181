// describe, tokenize, logits: a model folder by itself.
#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "base/private_folder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/cli/command_line.h"
#include "trainer/serve/loaded_model.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace stet::cli {

namespace fs = std::filesystem;

namespace {

// The lines of `--in`; Ctrl+C is heard between two, and an unknown field is warned about by name, once.
class InputLines {
public:
    // `like`: a line, for the message that there is none.
    InputLines(const std::string& path, std::vector<std::string_view> known, std::string like)
        : m_reader(path), m_path(path), m_known(std::move(known)), m_like(std::move(like))
    {
    }

    std::optional<Json> next()
    {
        if (interrupted()) {
            throw model::Cancelled();
        }
        auto line = m_reader.next();
        if (!line && !m_any) {
            throw badInput(m_path + " holds no line; give it at least one, like " + m_like);
        }
        m_any = true;
        const Json fields = line.value_or(Json::object());
        for (const auto& [name, value] : fields.items()) {
            if (std::find(m_known.begin(), m_known.end(), name) == m_known.end() && m_warned.insert(name).second) {
                sayWarnings({where() + ": unknown field '" + name + "' is ignored"});
            }
        }
        return line;
    }

    std::string where() const { return m_reader.where(); }

private:
    JsonLinesReader m_reader;
    std::string m_path;
    std::vector<std::string_view> m_known;
    std::string m_like;
    std::set<std::string> m_warned;
    bool m_any = false;
};

void describe(const CommonOptions& options)
{
    Results results(options.out);
    results.line(toJson(serve::describeModel(options.model, options.compute)));
    results.finish();
}

Json offsetsOf(const text::Encoding& encoding)
{
    Json offsets = Json::array();
    for (const auto& range : encoding.ranges) {
        offsets.push_back({range.begin, range.end});
    }
    return offsets;
}

text::ChatPrompt rendered(const text::ChatPrompts& chat, const Json& messages, const std::string& where)
{
    try {
        return chat.render(messages, true);
    } catch (const Failure& failure) {
        throw Failure(failure.kind(), where + ": " + failure.what());
    }
}

// Conversations as the folder's chat template writes them, with the generation prompt.
void tokenizeChats(const CommonOptions& options)
{
    const auto folder = files::openModelFolder(options.model);
    sayWarnings(folder.warnings);
    const text::ChatPrompts chat(text::ChatTemplate::load(folder, std::time(nullptr)),
                                 text::Tokenizer::load(options.model));
    Results results(options.out, options.in);
    InputLines reader(options.in, {"messages"}, "{\"messages\": [{\"role\": \"user\", \"content\": \"…\"}]}");
    while (const auto line = reader.next()) {
        const Json messages = files::readMessages(*line, reader.where());
        if (messages.is_null()) {
            throw badInput(reader.where() + ": field 'messages' is missing");
        }
        const auto prompt = rendered(chat, messages, reader.where());
        results.line({{"ids", prompt.encoding.ids},
                      {"offsets", offsetsOf(prompt.encoding)},
                      {"text", prompt.text},
                      {"prompt", prompt.text}});
    }
    results.finish();
}

void tokenize(const CommonOptions& options)
{
    const auto tokenizer = text::Tokenizer::load(options.model);
    Results results(options.out, options.in);
    InputLines reader(options.in, {"text"}, "{\"text\": \"…\"}");
    while (const auto line = reader.next()) {
        const std::string content = requiredString(*line, "text", reader.where());
        const auto encoding = tokenizer->encode(content, text::Specials::Added);
        results.line({{"ids", encoding.ids}, {"offsets", offsetsOf(encoding)}, {"text", content}});
    }
    results.finish();
}

std::vector<std::int64_t> idsOf(const Json& line, std::int64_t vocabulary, const std::string& where)
{
    const auto it = line.find("ids");
    if (it == line.end() || !it->is_array() || it->empty()) {
        throw badInput(where + ": field 'ids' must be a list of token ids");
    }
    std::vector<std::int64_t> ids;
    for (const auto& id : *it) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocabulary) {
            throw badInput(where + ": " + id.dump() + " is not an id from 0 to " + std::to_string(vocabulary - 1));
        }
        ids.push_back(id.get<std::int64_t>());
    }
    return ids;
}

std::string nameOf(const Json& line, const std::string& where)
{
    const auto it = line.find("id");
    if (it == line.end() || !(it->is_string() || it->is_number_integer())) {
        throw badInput(where + ": field 'id' must be a text or a whole number");
    }
    return it->is_string() ? it->get<std::string>() : it->dump();
}

void sync(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    try {
        syncDescriptor(descriptor, path);
    } catch (...) {
        ::close(descriptor);
        throw;
    }
    ::close(descriptor);
}

// The writer needs a file to go back in.
void printTensors(const std::map<std::string, at::Tensor>& tensors)
{
    const PrivateFolder folder;
    const std::string file = folder.path() + "/logits.safetensors";
    model::writeTensors(file, tensors);
    std::cout << std::ifstream(file, std::ios::binary).rdbuf() << std::flush;
    checkOutput();
}

// Written beside `path` and renamed, so that nothing half written stays; "-" is standard output.
void publishTensors(const std::string& path, const std::map<std::string, at::Tensor>& tensors)
{
    if (path == "-") {
        printTensors(tensors);
        return;
    }
    const std::string temporary = path + ".stet-tmp-" + std::to_string(::getpid());
    try {
        model::writeTensors(temporary, tensors);
        sync(temporary);
        fs::rename(temporary, path);
    } catch (const fs::filesystem_error& error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw badInput("Cannot write " + path + ": " + describeErrno(error.code().value()));
    } catch (...) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw;
    }
}

// All lines are checked before the weights are read.
std::map<std::string, std::vector<std::int64_t>> readIds(const CommonOptions& options, const files::ModelConfig& config)
{
    std::map<std::string, std::vector<std::int64_t>> all;
    InputLines reader(options.in, {"id", "ids"}, "{\"id\": \"a\", \"ids\": [1, 2]}");
    while (const auto line = reader.next()) {
        auto ids = idsOf(*line, config.vocabSize, reader.where());
        if (static_cast<std::int64_t>(ids.size()) > config.contextLength) {
            throw badInput(reader.where() + ": more ids than the model's context of " +
                           std::to_string(config.contextLength) + " holds");
        }
        const std::string name = nameOf(*line, reader.where());
        if (name == "__metadata__") {
            throw badInput(reader.where() + ": a safetensors file has no tensor '" + name + "'; give it another id");
        }
        if (!all.emplace(name, std::move(ids)).second) {
            throw badInput(reader.where() + ": id '" + name +
                           "' was there before; ids name the tensors, give each its own");
        }
    }
    return all;
}

void logits(const CommonOptions& options)
{
    refuseUnwritable(options.out, options.in);
    const auto folder = files::openModelFolder(options.model);
    sayWarnings(folder.warnings);
    const auto lines = readIds(options, folder.config);
    const auto compute = model::resolveCompute(options.compute, folder.config.dtype);
    // Ids need no tokenizer: a bare checkpoint will do.
    const auto decoder = model::Decoder::load(folder, compute, [](double) {
        if (interrupted()) {
            throw model::Cancelled();
        }
    });
    sayDevice(compute);
    std::optional<model::Adapter> adapter;
    if (!options.adapter.empty() && options.adapter != "base") {
        adapter = model::Adapter::load(options.adapter, *decoder);
    }
    const model::Adapters adapters = adapter ? model::Adapters{{&*adapter}, nullptr} : model::Adapters();
    const c10::InferenceMode inference;
    Progress progress("logits", options);
    std::map<std::string, at::Tensor> tensors;
    for (const auto& [name, ids] : lines) {
        const at::Tensor input = at::tensor(ids, at::kLong).unsqueeze(0).to(compute.device);
        tensors[name] = decoder->logits(decoder->hiddenStates(input, adapters, nullptr, interrupted)[0]);
        progress.update(static_cast<std::int64_t>(tensors.size()), static_cast<std::int64_t>(lines.size()));
    }
    publishTensors(options.out, tensors);
}

}  // namespace

void addDescribe(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CommonOptions>();
    CLI::App* command = program.add_subcommand("describe", "What a model holds; reads headers only");
    addModelOptions(*command, *options);
    addInOut(*command, *options, false);
    command->callback([options, &action] { action = [options] { describe(*options); }; });
}

void addTokenize(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CommonOptions>();
    CLI::App* command = program.add_subcommand("tokenize", "Token ids and offsets of texts");
    addModelOptions(*command, *options);
    addInOut(*command, *options);
    auto chat = std::make_shared<bool>(false);
    command->add_flag("--chat", *chat, "lines {\"messages\"}, through the folder's chat template");
    command->callback([options, chat, &action] {
        action = [options, chat] { *chat ? tokenizeChats(*options) : tokenize(*options); };
    });
}

void addLogits(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CommonOptions>();
    CLI::App* command = program.add_subcommand("logits", "Logits of token ids, as safetensors");
    addModelOptions(*command, *options);
    addAdapterOption(*command, *options);
    addProgressOption(*command, *options);
    command->add_option("--in", options->in, "lines {\"id\",\"ids\"}")->required();
    command->add_option("--out", options->out, "safetensors file, - = standard output")->capture_default_str();
    command->callback([options, &action] { action = [options] { logits(*options); }; });
}

}  // namespace stet::cli
