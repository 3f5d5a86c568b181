#include "base/failure.h"
#include "trainer/evaluate/choice_likelihoods.h"
#include "trainer/evaluate/report.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/command_model.h"

#include <algorithm>

namespace stet::cli {

namespace {

// Items encoded and computed together; results come after each such group.
constexpr std::size_t kGroup = 32;

struct EvaluateArguments {
    CommonOptions common;
    std::string task;
    std::string form = "plain";
    bool stemmer = false;
};

// What stands for an empty context: the beginning of a sequence where the tokenizer has one, else the end.
std::int64_t prefixId(const serve::LoadedModel& model)
{
    const auto& named = model.folder().specialTokens;
    const auto begin = named.find("bos_token");
    const auto id = begin == named.end() ? std::nullopt : model.encoder().tokenizer().idOf(begin->second);
    return id.value_or(model.encoder().end().id);
}

void evaluateChoices(const EvaluateArguments& arguments, const std::vector<evaluate::ChoiceItem>& items,
                     evaluate::ChoiceReport report)
{
    Results results(arguments.common.out, arguments.task);
    serve::LoadedModel model = loadForCommand(arguments.common, "alpaca");
    const auto adapters = model.adapters(arguments.common.adapter);
    const evaluate::ChoiceEncoding encoding = {model.encoder().tokenizer(), prefixId(model),
                                               model.folder().config.contextLength, model.folder().config.vocabSize};
    Progress progress("evaluating", arguments.common);
    for (std::size_t begin = 0; begin < items.size(); begin += kGroup) {
        const std::size_t end = std::min(items.size(), begin + kGroup);
        std::vector<score::Sequence> sequences;
        std::vector<char> shortened(end - begin, 0);
        for (std::size_t i = begin; i < end; ++i) {
            bool cut = false;
            auto own = evaluate::encodeChoices(items[i], encoding, &cut);
            shortened[i - begin] = cut ? 1 : 0;
            std::move(own.begin(), own.end(), std::back_inserter(sequences));
        }
        const auto all = evaluate::logLikelihoods(model.decoder(), adapters, sequences, interrupted);
        auto next = all.begin();
        for (std::size_t i = begin; i < end; ++i) {
            const auto last = next + static_cast<std::ptrdiff_t>(items[i].choices.size());
            results.line(report.line(items[i], {next, last}, shortened[i - begin] != 0));
            next = last;
        }
        progress.update(static_cast<std::int64_t>(end), static_cast<std::int64_t>(items.size()));
    }
    results.line(report.summary());
    results.finish();
}

void evaluatePairs(const EvaluateArguments& arguments, const std::vector<evaluate::RougeItem>& pairs)
{
    Results results(arguments.common.out, arguments.task);
    evaluate::RougeReport report(arguments.stemmer ? evaluate::Stemming::Porter : evaluate::Stemming::None);
    Progress progress("evaluating", arguments.common);
    std::int64_t done = 0;
    for (const auto& pair : pairs) {
        if (interrupted()) {
            throw model::Cancelled();
        }
        results.line(report.line(pair));
        progress.update(++done, static_cast<std::int64_t>(pairs.size()));
    }
    results.line(report.summary());
    results.finish();
}

void run(const EvaluateArguments& arguments)
{
    const auto form = evaluate::formFromName(arguments.form);
    if (!form) {
        throw Failure(FailureKind::Usage, "form '" + arguments.form + "' is unknown; known: " + evaluate::formNames());
    }
    const auto task = evaluate::readTask(arguments.task, *form);
    sayWarnings(task.warnings);
    if (!task.pairs.empty()) {
        evaluatePairs(arguments, task.pairs);
        return;
    }
    if (arguments.stemmer) {
        throw Failure(FailureKind::Usage,
                      "--stemmer is for ROUGE, and " + arguments.task + " holds multiple choice; leave it out");
    }
    if (arguments.common.model.empty()) {
        throw Failure(FailureKind::Usage, arguments.task + " holds multiple choice, which needs --model DIR");
    }
    evaluateChoices(arguments, task.choices, evaluate::ChoiceReport(*form));
}

}  // namespace

void addEvaluate(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command =
        program.add_subcommand("evaluate", "Multiple choice by log-likelihood, or ROUGE of outputs against references");
    addModelOptions(*command, arguments->common);
    command->get_option("--model")->required(false)->description(
        "model: a Hugging Face folder or a GGUF file; ROUGE needs none");
    addAdapterOption(*command, arguments->common);
    command->get_option("--adapter")->needs("--model");
    command->add_option("--task", arguments->task, "JSON Lines: multiple choice, or pairs for ROUGE")->required();
    addInOut(*command, arguments->common, false);
    addProgressOption(*command, arguments->common);
    command->add_option("--form", arguments->form, "of the lines: " + evaluate::formNames())->capture_default_str();
    command->add_flag("--stemmer", arguments->stemmer, "ROUGE of Porter's stems");
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
