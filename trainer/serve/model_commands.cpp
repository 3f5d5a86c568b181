// describe, tokenize, logits: a model folder by itself.
#include "base/failure.h"
#include "base/json_lines.h"
#include "trainer/model/tensor_io.h"
#include "trainer/serve/command_line.h"
#include "trainer/serve/loaded_model.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <filesystem>

namespace stet::serve {

namespace {

void describe(const CommonOptions& options)
{
    Results results(options.out);
    results.line(describeModel(options.model, options.compute));
    results.finish();
}

void tokenize(const CommonOptions& options)
{
    const auto tokenizer = text::Tokenizer::load(options.model);
    Results results(options.out);
    JsonLinesReader reader(options.in);
    while (const auto line = reader.next()) {
        const std::string content = requiredString(*line, "text", reader.where());
        const auto encoding = tokenizer->encode(content, text::Specials::Added);
        Json offsets = Json::array();
        for (const auto& range : encoding.ranges) {
            offsets.push_back({range.begin, range.end});
        }
        results.line({{"ids", encoding.ids}, {"offsets", offsets}, {"text", content}});
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

void logits(const CommonOptions& options)
{
    LoadedModel model(options.model, options.compute, "alpaca");
    const auto adapters = model.adapters(options.adapter);
    const c10::InferenceMode inference;
    std::map<std::string, at::Tensor> tensors;
    JsonLinesReader reader(options.in);
    while (const auto line = reader.next()) {
        const auto ids = idsOf(*line, model.folder().config.vocabSize, reader.where());
        if (static_cast<std::int64_t>(ids.size()) > model.folder().config.contextLength) {
            throw badInput(reader.where() + ": more ids than the model's context holds");
        }
        const at::Tensor input = at::tensor(ids, at::kLong).unsqueeze(0).to(model.decoder().compute().device);
        const auto hidden = model.decoder().hiddenStates(input, adapters)[0];
        const auto& id = line->at("id");
        tensors[id.is_string() ? id.get<std::string>() : id.dump()] = model.decoder().logits(hidden);
    }
    const std::string temporary = options.out + ".stet-tmp-logits";
    model::writeTensors(temporary, tensors);
    std::filesystem::rename(temporary, options.out);
}

}  // namespace

void addDescribe(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CommonOptions>();
    CLI::App* command = program.add_subcommand("describe", "What a model folder holds; reads headers only");
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
    command->callback([options, &action] { action = [options] { tokenize(*options); }; });
}

void addLogits(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CommonOptions>();
    CLI::App* command = program.add_subcommand("logits", "Logits of token ids, as safetensors");
    addModelOptions(*command, *options);
    addAdapterOption(*command, *options);
    command->add_option("--in", options->in, "lines {\"id\",\"ids\"}")->required();
    command->add_option("--out", options->out, "safetensors file")->required();
    command->callback([options, &action] { action = [options] { logits(*options); }; });
}

}  // namespace stet::serve
