#include "trainer/model/gguf_export.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/free_space.h"
#include "trainer/files/gguf/architecture.h"
#include "trainer/files/gguf/folder_metadata.h"
#include "trainer/files/gguf/header_writer.h"
#include "trainer/files/gguf/quantise.h"
#include "trainer/files/open_file.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/weights/weight_source.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace stet::model {

namespace fs = std::filesystem;
namespace gguf = files::gguf;

namespace {

using gguf::NumberType;

constexpr std::int64_t kNumbersAtOnce = std::int64_t{4} << 20;

// A tensor to write, and what gives its numbers. One of `numbers` and `copied` is set.
struct Tensor {
    gguf::TensorLine line;
    std::function<at::Tensor()> numbers;        // float32 on the CPU, as the file orders them
    const gguf::TensorPlace* copied = nullptr;  // the bytes of the base's file
    std::string from;                           // that file
};

std::uint32_t fileType(NumberType type)
{
    switch (type) {
    case NumberType::F32:
        return 0;
    case NumberType::F16:
        return 1;
    case NumberType::Q8_0:
        return 7;
    default:
        return 32;
    }
}

// Vectors stay exact; rows that are no whole blocks take float16, as in llama.cpp.
NumberType typeFor(NumberType wanted, const std::vector<std::int64_t>& shape)
{
    if (shape.size() < 2) {
        return NumberType::F32;
    }
    const bool whole = static_cast<std::uint64_t>(shape.back()) % gguf::blockLayout(wanted).numbers == 0;
    return whole ? wanted : NumberType::F16;
}

// Two halves of a head, which rotate together, become neighbours.
at::Tensor paired(const at::Tensor& rows, std::int64_t heads)
{
    const std::int64_t half = rows.size(0) / heads / 2;
    return rows.reshape({heads, 2, half, -1}).transpose(1, 2).reshape(rows.sizes()).contiguous();
}

at::Tensor asStored(const at::Tensor& numbers, const gguf::StoredAs& stored)
{
    switch (stored.change) {
    case gguf::Change::PairedRows:
        return paired(numbers, stored.heads);
    case gguf::Change::PlusOne:
        return numbers + 1;
    default:
        return numbers.contiguous();
    }
}

std::string bytesOf(const at::Tensor& contiguous)
{
    return {static_cast<const char*>(contiguous.const_data_ptr()), contiguous.nbytes()};
}

std::string encoded(const at::Tensor& numbers, NumberType type, const std::string& name)
{
    at::Tensor written = numbers;
    if (type == NumberType::F16 || type == NumberType::BF16) {
        written = numbers.to(type == NumberType::F16 ? c10::kHalf : c10::kBFloat16);
    }
    constexpr double kLargestInBlock = 65504.0 * 127;  // its scale is a float16
    if (!at::isfinite(written).all().item<bool>() ||
        (type == NumberType::Q8_0 && numbers.abs().max().item<double>() > kLargestInBlock)) {
        throw badInput("tensor '" + name + "' has numbers that " +
                       gguf::numberTypeName(static_cast<std::uint32_t>(type)) +
                       " can't hold; try --gguf BF16, and check the model with stet-trainer describe");
    }
    if (type != NumberType::Q8_0) {
        return bytesOf(written);
    }
    const auto blocks = static_cast<std::size_t>(numbers.numel() / 32);
    std::string bytes(blocks * 34, '\0');
    gguf::quantiseQ8(numbers.const_data_ptr<float>(), blocks, reinterpret_cast<std::uint8_t*>(bytes.data()));
    return bytes;
}

class GgufFile {
public:
    GgufFile(const std::vector<gguf::Pair>& pairs, std::vector<Tensor> tensors, const GgufExportOptions& options)
        : m_tensors(std::move(tensors)), m_options(options)
    {
        std::vector<gguf::TensorLine> lines;
        for (const Tensor& tensor : m_tensors) {
            lines.push_back(tensor.line);
            m_bytes += tensor.line.bytes();
        }
        m_header = gguf::headerText(pairs, lines);
    }

    void publish(const std::string& out)
    {
        std::error_code unknown;
        if (fs::exists(fs::symlink_status(out, unknown))) {
            throw badInput(out + " exists already; choose another name, or remove it");
        }
        requireFreeSpace(out, m_bytes + m_header.size() + m_tensors.size() * gguf::kWrittenAlignment, "the GGUF file");
        publishFile(out, [this](const Append& append) { writeTo(append); });
    }

private:
    void writeTo(const Append& append)
    {
        append(m_header);
        for (const Tensor& tensor : m_tensors) {
            if (tensor.copied != nullptr) {
                copy(tensor, append);
            } else {
                encode(tensor, append);
            }
            append(gguf::padding(tensor.line.bytes()));
        }
    }

    void copy(const Tensor& tensor, const Append& append)
    {
        const files::OpenFile file(tensor.from);
        std::string piece;
        for (std::uint64_t done = 0; done < tensor.copied->bytes; done += piece.size()) {
            piece.resize(std::min<std::uint64_t>(kNumbersAtOnce, tensor.copied->bytes - done));
            file.read(tensor.copied->begin + done, piece.data(), piece.size());
            send(piece, append);
        }
    }

    void encode(const Tensor& tensor, const Append& append)
    {
        const std::int64_t length = tensor.line.shape.back();
        const at::Tensor rows = tensor.numbers().reshape({-1, length});
        const std::int64_t atOnce = std::max<std::int64_t>(1, kNumbersAtOnce / length);
        for (std::int64_t first = 0; first < rows.size(0); first += atOnce) {
            const at::Tensor part = rows.narrow(0, first, std::min(atOnce, rows.size(0) - first));
            send(encoded(part, tensor.line.type, tensor.line.name), append);
        }
    }

    void send(const std::string& bytes, const Append& append)
    {
        if (m_options.cancelled && m_options.cancelled()) {
            throw Cancelled();
        }
        append(bytes);
        m_done += bytes.size();
        if (m_options.progress) {
            m_options.progress(static_cast<double>(m_done) / static_cast<double>(m_bytes));
        }
    }

    std::vector<Tensor> m_tensors;
    const GgufExportOptions& m_options;
    std::string m_header;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_done = 0;
};

at::Tensor merged(const WeightSource& weights, const std::string& name, const LoraPair* pair)
{
    at::Tensor numbers = weights.read(name, c10::kFloat);
    return pair == nullptr ? numbers : withAdapter(std::move(numbers), *pair);
}

// An untouched tensor of a GGUF file, in its own bytes where the type stays.
void takeOver(Tensor& tensor, const files::ModelFolder& base, const gguf::TensorPlace& place)
{
    const std::string file = base.weightFiles[place.file];
    if (place.type == tensor.line.type) {
        tensor.copied = &place;
        tensor.from = file;
        return;
    }
    // Not through WeightSource: Gemma's norms would lose digits by taking one off and adding it again.
    tensor.numbers = [&place, file] {
        const at::Tensor numbers = at::empty(place.shape, at::TensorOptions().dtype(c10::kFloat));
        gguf::readRows(file, place, 0, gguf::rowCount(place), numbers.data_ptr<float>());
        return numbers;
    };
}

std::vector<Tensor> modelTensors(const files::ModelFolder& base, const WeightSource& weights, const Adapter& adapter,
                                 bool pairedRows, NumberType type)
{
    std::vector<Tensor> tensors;
    for (const auto& [name, shape] : files::weightLayout(base.config)) {
        const gguf::StoredAs stored = gguf::storedAs(name, base.config, pairedRows);
        const LoraPair* pair = adapter.pairOf(name);
        Tensor tensor{{stored.name, typeFor(type, shape), shape}, nullptr, nullptr, {}};
        if (base.isGguf() && pair == nullptr) {
            takeOver(tensor, base, base.packed.at(name).tensor);
        } else {
            tensor.numbers = [&weights, name = name, pair, stored] {
                return asStored(merged(weights, name, pair), stored);
            };
        }
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

// Of the rotation: no weights of Hugging Face's, but the model would be another without them.
void addRopeFactors(std::vector<Tensor>& tensors, const files::ModelFolder& base, const gguf::ModelFile& file)
{
    for (const char* name : {"rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"}) {
        const auto it = file.tensors.find(name);
        if (it != file.tensors.end()) {
            tensors.push_back({{name, NumberType::F32, it->second.shape}, nullptr, nullptr, {}});
            takeOver(tensors.back(), base, it->second);
        }
    }
}

std::vector<gguf::Pair> pairsOfFile(const std::string& path)
{
    auto pairs = gguf::pairsOf(path);
    // Of how the file was cut, laid out and quantised: the new one is one file, laid out by the default.
    std::erase_if(pairs, [](const gguf::Pair& pair) {
        return pair.key.starts_with("split.") || pair.key.starts_with("quantize.") || pair.key == "general.alignment";
    });
    return pairs;
}

}  // namespace

void exportGguf(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                const GgufExportOptions& options)
{
    const c10::InferenceMode inference;
    Adapter adapter;
    if (!adapterFolder.empty()) {
        adapter = Adapter::load(adapterFolder, base.config, c10::kCPU);
    }
    const auto weights = openWeights(base);
    std::optional<gguf::ModelFile> file;
    gguf::FolderMetadata made;
    if (base.isGguf()) {
        file = gguf::openModelFile(base.path);
        made.pairs = pairsOfFile(base.path);
    } else {
        made = gguf::metadataOfFolder(base);
    }
    for (const std::string& note : made.notes) {
        if (options.note) {
            options.note(note);
        }
    }
    auto& pairs = made.pairs;
    const gguf::Architecture& architecture =
        file ? gguf::architectureOf(file->metadata) : gguf::architectureFor(base.config.architecture);
    gguf::setPair(pairs, gguf::numberPair("general.file_type", fileType(options.type)));
    gguf::setPair(pairs, gguf::numberPair("general.quantization_version", 2));
    auto tensors = modelTensors(base, *weights, adapter, architecture.pairedRows, options.type);
    if (file) {
        addRopeFactors(tensors, base, *file);
    }
    for (const auto& [name, factors] : made.ropeFactors) {
        const auto count = static_cast<std::int64_t>(factors.size());
        tensors.push_back({{name, NumberType::F32, {count}},
                           [numbers = &factors] { return at::tensor(*numbers, c10::kFloat); },
                           nullptr,
                           {}});
    }
    GgufFile(pairs, std::move(tensors), options).publish(out);
}

void exportGgufAdapter(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                       const GgufExportOptions& options)
{
    const c10::InferenceMode inference;
    const Adapter adapter = Adapter::load(adapterFolder, base.config, c10::kCPU);
    const gguf::Architecture& architecture = base.isGguf()
        ? gguf::architectureOf(gguf::openModelFile(base.path).metadata)
        : gguf::architectureFor(base.config.architecture);
    // llama.cpp's scale of a module is alpha / its rank.
    const LoraPair& first = adapter.modules.begin()->second;
    const double alpha = first.scale * static_cast<double>(first.a.size(0));
    std::vector<Tensor> tensors;
    for (const auto& [module, pair] : adapter.modules) {
        const gguf::StoredAs stored = gguf::storedAs(module + ".weight", base.config, architecture.pairedRows);
        const double rest = pair.scale * static_cast<double>(pair.a.size(0)) / alpha;
        const LoraPair* both = &pair;
        tensors.push_back({{stored.name + ".lora_a", NumberType::F32, pair.a.sizes().vec()},
                           [both] { return both->a.to(c10::kFloat).contiguous(); },
                           nullptr,
                           {}});
        tensors.push_back({{stored.name + ".lora_b", NumberType::F32, pair.b.sizes().vec()},
                           [both, rest, stored] { return asStored(both->b.to(c10::kFloat) * rest, stored); },
                           nullptr,
                           {}});
    }
    const std::vector<gguf::Pair> pairs = {gguf::textPair("general.type", "adapter"),
                                           gguf::textPair("general.architecture", architecture.name),
                                           gguf::textPair("general.name", fs::path(out).stem().string()),
                                           gguf::numberPair("general.file_type", 0),
                                           gguf::numberPair("general.quantization_version", 2),
                                           gguf::textPair("adapter.type", "lora"),
                                           gguf::realPair("adapter.lora.alpha", alpha)};
    GgufFile(pairs, std::move(tensors), options).publish(out);
}

}  // namespace stet::model
