#include "trainer/files/model_card.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/json_lines.h"
#include "trainer/files/base_model_name.h"

#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <utility>

namespace stet::files {

namespace fs = std::filesystem;

namespace {

// What a round says of itself; null where a file is missing or somebody else's.
struct RoundFacts {
    Json settings;
    Json report;
    Json measures;
};

Json readIfThere(const std::string& path)
{
    try {
        return fs::is_regular_file(path) ? readJsonFile(path) : Json();
    } catch (const Failure&) {
        return {};
    }
}

// The summary is the last line of what `compare` wrote.
Json readMeasures(const std::string& path)
{
    Json summary;
    try {
        if (fs::is_regular_file(path)) {
            JsonLinesReader reader(path);
            for (auto line = reader.next(); line; line = reader.next()) {
                summary = line->value("summary", summary);
            }
        }
    } catch (const Failure&) {
        return {};
    }
    return summary;
}

RoundFacts factsOf(const std::string& folder)
{
    RoundFacts facts;
    const Json settings = readIfThere(folder + "/resolved.json");
    const Json report = readIfThere(folder + "/report.json");
    const bool ours = settings.is_object() && settings.contains("objective") && report.is_object() &&
        report.contains("totals") && report["totals"].is_object();
    if (ours) {
        facts = {settings, report, readMeasures(folder + "/compare.jsonl")};
    }
    return facts;
}

// Dumped as JSON, which YAML reads; a text as it is.
std::string said(const Json& value)
{
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_array()) {
        std::string list;
        for (const Json& one : value) {
            list += (list.empty() ? "" : ", ") + said(one);
        }
        return list;
    }
    return toLine(value);
}

class Table {
public:
    explicit Table(const char* head) : m_text(head) { }

    // Where the value is not null.
    void row(const char* name, const Json& value)
    {
        if (!value.is_null()) {
            m_text += std::string("| ") + name + " | " + said(value) + " |\n";
        }
    }

    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

Json at(const Json& object, std::initializer_list<const char*> names)
{
    Json found = object;
    for (const char* name : names) {
        found = found.is_object() ? found.value(name, Json()) : Json();
    }
    return found;
}

// The hub's name, or none: a folder on somebody's disk is no model there.
bool isHubId(const std::string& name)
{
    return !name.empty() && name.front() != '/';
}

std::string frontMatter(const std::string& base, bool adapter, const RoundFacts& facts)
{
    std::string text = "---\n";
    if (isHubId(base)) {
        text +=
            "base_model: " + toLine(Json(base)) + "\nbase_model_relation: " + (adapter ? "adapter" : "finetune") + "\n";
    }
    text += std::string("library_name: ") + (adapter ? "peft" : "transformers") +
        "\npipeline_tag: text-generation\ntags:\n- stet\n";
    if (adapter) {
        text += "- lora\n";
    }
    if (!facts.settings.is_null()) {
        text += "- " + toLine(at(facts.settings, {"objective"})) + "\n";
    }
    return text + "---\n";
}

std::string settingsText(const RoundFacts& facts)
{
    const Json& settings = facts.settings;
    Table table("\n## Training\n| setting | value |\n|---|---|\n");
    table.row("objective", at(settings, {"objective"}));
    table.row("preset", at(settings, {"preset"}));
    table.row("contrast", at(settings, {"contrast"}));
    const Json lambda = at(facts.report, {"lambda"});
    table.row("threshold λ", lambda.is_null() ? at(settings, {"lambda"}) : lambda);
    table.row("false-alarm rate λ is made from", at(facts.report, {"false_alarm_rate"}));
    table.row("LoRA: rank", at(settings, {"lora", "r"}));
    table.row("LoRA: alpha", at(settings, {"lora", "alpha"}));
    table.row("LoRA: dropout", at(settings, {"lora", "dropout"}));
    table.row("LoRA: modules", at(settings, {"lora", "targets"}));
    table.row("learning rate", at(settings, {"optimizer", "lr"}));
    table.row("schedule", at(settings, {"schedule", "kind"}));
    table.row("epochs", at(settings, {"epochs"}));
    table.row("batch size", at(settings, {"batch_size"}));
    table.row("steps", at(facts.report, {"steps_done"}));
    table.row("prompt style", at(settings, {"prompt_style"}));
    table.row("computed in", at(settings, {"dtype"}));
    table.row("seed", at(settings, {"seed"}));
    table.row("Stet", at(settings, {"versions", "stet"}));
    return table.text();
}

std::string dataText(const RoundFacts& facts)
{
    const Json& totals = facts.report["totals"];
    Table table("\n## Data\nResponses with what people said about them.\n\n| | responses |\n|---|---|\n");
    table.row("trained on", at(totals, {"examples"}));
    table.row("criticised", at(totals, {"criticised"}));
    table.row("accepted", at(totals, {"accepted"}));
    table.row("accepted before down-sampling", at(totals, {"accepted_total"}));
    table.row("truncated", at(totals, {"truncated"}));
    const Json leftOut = at(totals, {"left_out"});
    table.row("left out", leftOut.is_array() ? Json(leftOut.size()) : Json());
    return table.text();
}

std::string measuresText(const RoundFacts& facts)
{
    Table steps("\n## Measures\n| last step | |\n|---|---|\n");
    for (const auto& [name, field] :
         {std::pair("loss", "loss"), std::pair("likelihood", "likelihood"), std::pair("unlikelihood", "unlikelihood"),
          std::pair("share of criticised tokens flagged", "flagged_share")}) {
        steps.row(name, at(facts.report, {"last_step", field}));
    }
    std::string compared;
    for (const auto& [name, field] :
         {std::pair("log-probability of criticised tokens", "criticised_flagged_logp"),
          std::pair("log-probability of accepted responses", "praised_logp"),
          std::pair("KL to the model before, on what should not move", "control_kl"),
          std::pair("tokens of an answer", "length"), std::pair("share of an answer that repeats", "repetition")}) {
        const Json both = at(facts.measures, {field});
        if (both.is_object() && both.value("after", Json()).is_number()) {
            compared += std::string("| ") + name + " | " + said(both.value("before", Json())) + " | " +
                said(both["after"]) + " |\n";
        }
    }
    return steps.text() +
        (compared.empty() ? "" : "\n| compared with the model before | before | after |\n|---|---|---|\n" + compared);
}

}  // namespace

std::string modelCardText(const ModelCard& card)
{
    const auto whole = [](const std::string& path) {
        const fs::path absolute = fs::absolute(path).lexically_normal();
        return absolute.has_filename() ? absolute : absolute.parent_path();
    };
    const RoundFacts facts = factsOf(whole(card.adapterFolder).parent_path().string());
    const std::string base = baseModelName(card.baseModel);
    std::string text = frontMatter(base, card.adapterAlone, facts) + "\n# " + whole(card.folder).filename().string() +
        "\n\n" +
        (card.adapterAlone ? "A LoRA adapter for `"
                           : "A model with a LoRA adapter folded into its weights; the base model is `") +
        base + "`.";
    if (facts.settings.is_null()) {
        return text + "\n";
    }
    text += " It was trained with Stet on judgments: what people wrote about the model's responses in their own words "
            "(for the objective `cut` see [arXiv 2312.14591](https://arxiv.org/abs/2312.14591)).\n";
    return text + settingsText(facts) + dataText(facts) + measuresText(facts);
}

}  // namespace stet::files
