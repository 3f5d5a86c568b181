#include "trainer/files/safetensors.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "trainer/files/open_file.h"
#include "trainer/files/safetensors_header.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

namespace stet::files {

namespace {

// The format allows 100 MB. The largest known models have headers of some hundred kB a file.
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{32} << 20U;

struct TypeRow {
    TensorType type;
    std::string_view name;
    std::size_t bytes;
};
constexpr std::array<TypeRow, 10> kTypes = {{{TensorType::F32, "F32", 4},
                                             {TensorType::F16, "F16", 2},
                                             {TensorType::BF16, "BF16", 2},
                                             {TensorType::F64, "F64", 8},
                                             {TensorType::I64, "I64", 8},
                                             {TensorType::I32, "I32", 4},
                                             {TensorType::I16, "I16", 2},
                                             {TensorType::I8, "I8", 1},
                                             {TensorType::U8, "U8", 1},
                                             {TensorType::Bool, "BOOL", 1}}};

void checkLayout(const SafetensorsHeader& header, std::uint64_t dataBytes, const std::string& path)
{
    std::vector<std::pair<std::uint64_t, const std::pair<const std::string, TensorEntry>*>> order;
    for (const auto& named : header.tensors) {
        order.emplace_back(named.second.begin, &named);
    }
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first, a.second->second.bytes) < std::pair(b.first, b.second->second.bytes);
    });
    std::uint64_t expected = 0;
    for (const auto& [begin, named] : order) {
        if (begin != expected) {
            throw refusedSafetensors(path,
                                     std::string(begin > expected ? "there is a hole before" : "other data overlaps") +
                                         " tensor '" + named->first + "'");
        }
        expected = begin + named->second.bytes;
    }
    if (expected != dataBytes) {
        throw refusedSafetensors(path,
                                 "its tensors need " + std::to_string(expected) + " bytes of data, it has " +
                                     std::to_string(dataBytes) +
                                     (expected > dataBytes ? " (truncated? download it again)" : ""));
    }
}

}  // namespace

std::optional<TensorType> tensorTypeFromName(std::string_view name)
{
    for (const auto& row : kTypes) {
        if (row.name == name) {
            return row.type;
        }
    }
    return std::nullopt;
}

std::string_view tensorTypeName(TensorType type)
{
    return std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& row) { return row.type == type; })->name;
}

std::size_t bytesPerElement(TensorType type)
{
    return std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& row) { return row.type == type; })->bytes;
}

SafetensorsHeader readSafetensorsHeader(const std::string& path)
{
    const OpenFile file(path);
    if (isLfsPointer(file)) {
        throw badInput(path + " is a Git-LFS pointer, not the weights: run `git lfs pull` in that folder");
    }
    std::array<unsigned char, 8> lengthBytes = {};
    if (file.size() < lengthBytes.size()) {
        throw refusedSafetensors(path, "it has only " + std::to_string(file.size()) + " bytes");
    }
    file.read(0, lengthBytes.data(), lengthBytes.size());
    std::uint64_t length = 0;
    for (int i = 7; i >= 0; --i) {
        length = length << 8U | lengthBytes[static_cast<std::size_t>(i)];
    }
    if (length > kMaxHeaderBytes && length <= file.size() - 8) {
        throw refusedSafetensors(
            path, "its header has " + std::to_string(length) + " bytes, more than " + std::to_string(kMaxHeaderBytes));
    }
    if (length > file.size() - 8) {
        throw refusedSafetensors(
            path, "its header claims " + std::to_string(length) + " bytes (truncated? download it again)");
    }
    std::string text(length, '\0');
    file.read(8, text.data(), length);
    if (text.empty() || text.front() != '{') {
        throw refusedSafetensors(path, "its header does not start with '{'");
    }
    SafetensorsHeader header = parseSafetensorsHeader(text, path);
    checkLayout(header, file.size() - 8 - length, path);
    for (auto& [name, entry] : header.tensors) {
        entry.begin += 8 + length;
    }
    return header;
}

void readTensorBytes(const std::string& path, const TensorEntry& entry, void* out)
{
    OpenFile(path).read(entry.begin, out, entry.bytes);
}

SafetensorsWriter::SafetensorsWriter(const std::string& path, const std::vector<Tensor>& tensors,
                                     const std::map<std::string, std::string>& metadata)
    : m_path(path), m_file(path, std::ios::binary | std::ios::trunc)
{
    Json header = Json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = metadata;
    }
    std::uint64_t offset = 0;
    for (const auto& tensor : tensors) {
        m_sizes.push_back(elementCount(tensor.shape, path, tensor.name) * bytesPerElement(tensor.type));
        header[tensor.name] = {{"dtype", tensorTypeName(tensor.type)},
                               {"shape", tensor.shape},
                               {"data_offsets", {offset, offset + m_sizes.back()}}};
        offset += m_sizes.back();
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    for (int i = 0; i < 8; ++i) {
        m_file.put(static_cast<char>(text.size() >> (8U * static_cast<unsigned>(i)) & 0xFFU));
    }
    m_file << text;
}

void SafetensorsWriter::write(const void* data)
{
    m_file.write(static_cast<const char*>(data), static_cast<std::streamsize>(m_sizes.at(m_next++)));
    if (!m_file) {
        throw badInput("Cannot write " + m_path + ": " + describeErrno(errno));
    }
}

void SafetensorsWriter::finish()
{
    m_file.close();
    if (!m_file) {
        throw badInput("Cannot write " + m_path + ": " + describeErrno(errno));
    }
}

}  // namespace stet::files
