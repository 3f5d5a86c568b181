#include "tests/fuzz/targets.h"

#include "base/failure.h"
#include "base/json_lines.h"
#include "base/table_reader.h"
#include "base/utf8.h"
#include "tests/fuzz/memory_file.h"
#include "trainer/files/adapter_config.h"
#include "trainer/files/example_lines.h"
#include "trainer/files/gguf/gguf_model.h"
#include "trainer/files/gguf/tokenizer_json.h"
#include "trainer/files/model_config.h"
#include "trainer/files/round_settings.h"
#include "trainer/files/safetensors.h"
#include "trainer/files/tokenizer_config.h"
#include "trainer/files/weight_layout.h"
#include "contract/compare.h"
#include "contract/message.h"
#include "contract/model.h"
#include "contract/round.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace stet::fuzz {

namespace {

constexpr std::size_t kLongestMessage = kLongestFailureMessage;

void holds(bool property, const char* said)
{
    if (!property) {
        throw std::logic_error(said);
    }
}

void isDecent(const Failure& failure)
{
    const std::string message = failure.what();
    holds(!message.empty() && message.size() <= kLongestMessage, "a message is empty or endless");
    holds(isValidUtf8(message), "a message is not valid UTF-8");
    holds(failure.kind() == FailureKind::BadInput || failure.kind() == FailureKind::ModelRefused ||
              failure.kind() == FailureKind::Usage,
          "the fault is put on something else than the input");
}

template <typename Action> void acceptedOrRefused(const Action& action)
{
    try {
        action();
    } catch (const Failure& failure) {
        isDecent(failure);
    }
}

void checkEntry(const files::TensorEntry& entry, std::string_view bytes)
{
    std::uint64_t count = files::bytesPerElement(entry.type);
    for (const auto size : entry.shape) {
        holds(size >= 0, "a size is negative");
        count *= static_cast<std::uint64_t>(size);
    }
    holds(count == entry.bytes, "a tensor's bytes are not its shape times its type");
    holds(entry.begin >= 8 && entry.begin <= bytes.size() && entry.bytes <= bytes.size() - entry.begin,
          "a tensor lies outside of its file");
}

void safetensors(std::string_view bytes)
{
    const MemoryFile file(bytes);
    acceptedOrRefused([&] {
        const auto header = files::readSafetensorsHeader(file.path());
        std::uint64_t sum = 0;
        for (const auto& [name, entry] : header.tensors) {
            checkEntry(entry, bytes);
            std::string content(entry.bytes, '\0');
            files::readTensorBytes(file.path(), entry, content.data());
            holds(content == bytes.substr(entry.begin, entry.bytes), "a tensor's bytes are not the file's");
            sum += entry.bytes;
        }
        holds(sum < bytes.size(), "the tensors overlap");
    });
}

// The header's length by where its last brace stands, and as much data as its tensors ask for when that is little.
std::string repairSafetensors(std::string_view bytes)
{
    const auto brace = bytes.rfind('}');
    if (bytes.size() < 10 || brace == std::string_view::npos || brace < 8) {
        return std::string(bytes);
    }
    const std::string_view header = bytes.substr(8, brace - 7);
    std::string repaired;
    for (unsigned i = 0; i < 8; ++i) {
        repaired += static_cast<char>(header.size() >> (8U * i) & 0xFFU);
    }
    repaired += header;
    std::uint64_t end = 0;
    const auto json = nlohmann::json::parse(header, nullptr, false);
    for (const auto& entry : json.is_object() ? json : nlohmann::json::object()) {
        const auto offsets = entry.is_object() ? entry.find("data_offsets") : entry.end();
        if (entry.is_object() && offsets != entry.end() && offsets->is_array() && !offsets->empty() &&
            offsets->back().is_number_unsigned()) {
            end = std::max(end, offsets->back().get<std::uint64_t>());
        }
    }
    constexpr std::uint64_t kMostData = 4096;
    return repaired + (end <= kMostData ? std::string(end, '\1') : std::string(bytes.substr(brace + 1)));
}

void checkPlace(const files::gguf::TensorPlace& tensor, std::string_view bytes)
{
    const auto layout = files::gguf::blockLayout(tensor.type);
    std::uint64_t count = 1;
    for (const auto size : tensor.shape) {
        holds(size > 0, "a size is not positive");
        count *= static_cast<std::uint64_t>(size);
    }
    holds(count / layout.numbers * layout.bytes == tensor.bytes, "a tensor's bytes are not its shape times its type");
    holds(tensor.begin <= bytes.size() && tensor.bytes <= bytes.size() - tensor.begin,
          "a tensor lies outside of its file");
}

// The whole way: header, settings, tensors by their names, vocabulary, tokenizer, and the numbers.
void gguf(std::string_view bytes)
{
    const MemoryFile file(bytes);
    acceptedOrRefused([&] {
        const auto header = files::gguf::readHeader(file.path());
        std::uint64_t sum = 0;
        for (const auto& [name, tensor] : header.tensors) {
            checkPlace(tensor, bytes);
            sum += tensor.bytes;
            std::vector<float> row(static_cast<std::size_t>(tensor.shape.back()));
            files::gguf::readRows(file.path(), tensor, files::gguf::rowCount(tensor) - 1, 1, row.data());
        }
        holds(sum < bytes.size(), "the tensors overlap");
        const std::string tokenizer = files::gguf::tokenizerJson(header.metadata);
        holds(nlohmann::json::accept(tokenizer), "a tokenizer is not written as JSON");
    });
    acceptedOrRefused([&] {
        const auto model = files::gguf::openModel(file.path());
        holds(!model.packed.empty() && model.config.vocabSize > 0, "an accepted model has no weights");
        for (const auto& [name, place] : model.packed) {
            holds(place.heads == 0 || place.tensor.shape.front() % (2 * place.heads) == 0, "the rows have no pairs");
        }
        for (const auto& [name, content] : files::gguf::folderFiles(file.path())) {
            holds(nlohmann::json::accept(content), "a file of the model's folder is not JSON");
        }
    });
}

void modelConfig(std::string_view bytes)
{
    acceptedOrRefused([&] {
        const auto config = files::parseModelConfig(parseJson(bytes, "config.json"), "config.json");
        holds(config.hiddenSize > 0 && config.layers > 0 && config.heads > 0 && config.kvHeads > 0 &&
                  config.headDim > 0 && config.vocabSize > 0 && config.intermediateSize > 0 && config.contextLength > 0,
              "a size of an accepted model is not positive");
        holds(config.heads % config.kvHeads == 0, "the heads can't share the key-value heads");
        holds(config.layers > 64 || files::parameterCount(config) > 0, "the parameters can't be counted");
    });
}

// {"config": {…}, "map": {…}, "added": {…}}: the contents of the three files.
void tokenizerConfig(std::string_view bytes)
{
    acceptedOrRefused([&] {
        const Json all = parseJson(bytes, "the files");
        const auto part = [&](const char* name) {
            const Json value = all.is_object() ? all.value(name, Json()) : Json();
            return value.is_object() ? value : Json::object();
        };
        const auto config = files::parseTokenizerConfig({part("config"), part("map"), part("added"), "a folder"});
        for (const auto& special : config.specialTokens) {
            holds(std::any_of(config.addedTokens.begin(), config.addedTokens.end(),
                              [&](const auto& token) { return token.content == special.second && token.special; }),
                  "a special token is not added as one");
        }
        holds(std::is_sorted(config.addedTokens.begin(), config.addedTokens.end(),
                             [](const auto& a, const auto& b) { return a.id && b.id && *a.id < *b.id; }),
              "listed tokens are not in the order of their ids");
    });
}

void adapterConfig(std::string_view bytes)
{
    acceptedOrRefused([&] {
        const auto config = files::parseAdapterConfig(parseJson(bytes, "adapter_config.json"), "adapter_config.json");
        const std::string written = toLine(files::toJson(config));
        const auto again = files::parseAdapterConfig(parseJson(written, "written"), "written");
        holds(toLine(files::toJson(again)) == written, "an adapter's settings change when written and read");
    });
}

void exampleLines(std::string_view bytes)
{
    const MemoryFile file(bytes);
    for (const bool requireOutput : {true, false}) {
        acceptedOrRefused([&] {
            for (const auto& example : files::readExamples(file.path(), requireOutput).examples) {
                holds(example.output || !requireOutput, "an example lacks the answer that was asked for");
                holds(isValidUtf8(files::fullInstruction(example)), "an instruction is not valid UTF-8");
                for (const auto& mark : example.marks) {
                    holds(mark.begin >= 0 && mark.end >= mark.begin, "a mark lies backwards");
                }
            }
        });
    }
}

// A file of data as it comes: packed, in whatever encoding; as a table, and as lines of JSON.
void table(std::string_view bytes)
{
    const MemoryFile file(bytes);
    acceptedOrRefused([&] {
        TableReader rows(openText(file.path()), "t.csv", ',');
        int line = 0;
        while (const auto cells = rows.next()) {
            holds(rows.line() > line, "a row begins before the one before");
            line = rows.line();
            holds(std::all_of(cells->begin(), cells->end(), [](const auto& cell) { return isValidUtf8(cell); }),
                  "a cell is not valid UTF-8");
        }
    });
    acceptedOrRefused([&] {
        JsonLinesReader lines(file.path());
        while (lines.next()) { }
    });
}

void roundSettings(std::string_view bytes)
{
    acceptedOrRefused([&] {
        const auto settings = files::parseRoundSettings(parseJson(bytes, "round.json"), "/rounds/0001");
        holds(files::resolvedLearningRate(settings, 4096) >= 0, "the learning rate is negative");
        holds(files::resolvedEpochs(settings, 100) > 0, "there are no epochs");
        holds(files::resolvedWarmup(settings, 100) >= 0, "the warm-up is negative");
        const std::string written = toLine(files::toJson(settings));
        const auto again = files::parseRoundSettings(parseJson(written, "written"), "/rounds/0001");
        holds(toLine(files::toJson(again)) == written, "a round's settings change when written and read");
    });
}

// What is read is written and read again as the same.
template <typename Params> void paramsAs(const Json& json)
{
    acceptedOrRefused([&] {
        const std::string written = toLine(toJson(contract::fromJson<Params>(json, "a request")));
        const Json again = Json::parse(written);
        holds(toLine(toJson(contract::fromJson<Params>(again, "a request"))) == written,
              "params change when written and read");
        holds(contract::unknownIn<Params>(again, "a request").empty(), "what is written is not known");
    });
    (void)contract::unknownIn<Params>(json, "a request");
}

void params(const contract::Request& request)
{
    paramsAs<contract::ScoreRequest>(request.params);
    paramsAs<contract::GenerateRequest>(request.params);
    paramsAs<contract::CompareRequest>(request.params);
    paramsAs<contract::LoadRequest>(request.params);
    paramsAs<contract::RoundStart>(request.params);
    paramsAs<contract::RoundStop>(request.params);
}

void messageOfLine(const std::string& line)
{
    const auto decoded = contract::decode(line);
    if (const auto* malformed = std::get_if<contract::Malformed>(&decoded)) {
        const std::string reply = contract::encode(*malformed);
        holds(isValidUtf8(reply) && reply.find('\n') == std::string::npos && reply.size() < kLongestMessage,
              "the answer to a malformed line is none itself");
        return;
    }
    if (const auto* request = std::get_if<contract::Request>(&std::get<contract::Message>(decoded))) {
        params(*request);
    }
    const std::string encoded = contract::encode(std::get<contract::Message>(decoded));
    holds(isValidUtf8(encoded) && encoded.find('\n') == std::string::npos, "an encoded message is not one line");
    const auto again = contract::decode(encoded);
    holds(std::holds_alternative<contract::Message>(again) &&
              contract::encode(std::get<contract::Message>(again)) == encoded,
          "a message changes when encoded and decoded");
}

// The bytes arrive in pieces whose lengths the first byte says; no piece may change what is read.
void message(std::string_view bytes)
{
    constexpr std::size_t kMaxLine = 4096;
    const std::size_t piece = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.front()) % 61U;
    LineBuffer whole(kMaxLine);
    LineBuffer pieces(kMaxLine);
    whole.feed(bytes);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        pieces.feed(bytes.substr(at, piece));
    }
    for (;;) {
        const auto line = whole.take();
        holds(line == pieces.take(), "lines depend on how they arrive");
        if (!line) {
            break;
        }
        holds(line->size() <= kMaxLine && line->find('\n') == std::string::npos, "a line is too long or none");
        messageOfLine(*line);
    }
    holds(whole.takeOverflow() == pieces.takeOverflow(), "an overlong line is told or not by how it arrives");
}

constexpr std::array<Target, 9> kTargets = {{{"safetensors", safetensors, repairSafetensors},
                                             {"gguf", gguf},
                                             {"model_config", modelConfig},
                                             {"tokenizer_config", tokenizerConfig},
                                             {"adapter_config", adapterConfig},
                                             {"example_lines", exampleLines},
                                             {"round_settings", roundSettings},
                                             {"message", message},
                                             {"table", table}}};

}  // namespace

std::span<const Target> targets()
{
    return kTargets;
}

const Target* targetOf(std::string_view name)
{
    const auto* const found =
        std::find_if(kTargets.begin(), kTargets.end(), [&](const Target& target) { return target.name == name; });
    return found == kTargets.end() ? nullptr : found;
}

}  // namespace stet::fuzz
