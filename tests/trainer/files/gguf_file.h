// GGUF files as a test writes them, honest or not: a header piece by piece, then data.
#pragma once

#include <QTemporaryDir>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace stet::test {

template <typename T> std::string littleEndian(T value, std::size_t bytes = sizeof(T))
{
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) {
        text += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xFF);
    }
    return text;
}

inline std::string number32(std::uint32_t value)
{
    return littleEndian(value);
}

inline std::string number64(std::uint64_t value)
{
    return littleEndian(value);
}

inline std::string ggufText(const std::string& text)
{
    return number64(text.size()) + text;
}

// Pairs: type numbers as in the format.
inline std::string pair32(const std::string& key, std::uint32_t value)
{
    return ggufText(key) + number32(4) + number32(value);
}

inline std::string pairFloat(const std::string& key, float value)
{
    std::string bytes(4, '\0');
    std::copy_n(reinterpret_cast<const char*>(&value), 4, bytes.begin());
    return ggufText(key) + number32(6) + bytes;
}

inline std::string pairText(const std::string& key, const std::string& value)
{
    return ggufText(key) + number32(8) + ggufText(value);
}

inline std::string pairTexts(const std::string& key, const std::vector<std::string>& values)
{
    std::string bytes = ggufText(key) + number32(9) + number32(8) + number64(values.size());
    for (const auto& value : values) {
        bytes += ggufText(value);
    }
    return bytes;
}

inline std::string tensorLine(const std::string& name, const std::vector<std::uint64_t>& sizes, std::uint32_t type,
                              std::uint64_t offset)
{
    std::string bytes = ggufText(name) + number32(static_cast<std::uint32_t>(sizes.size()));
    for (const auto size : sizes) {
        bytes += number64(size);
    }
    return bytes + number32(type) + number64(offset);
}

// The file with its true counts, padded, and `data` bytes behind it.
inline std::string ggufOf(const std::vector<std::string>& pairs, const std::vector<std::string>& tensors = {},
                          std::size_t data = 0, std::size_t alignment = 32)
{
    std::string bytes = "GGUF" + number32(3) + number64(tensors.size()) + number64(pairs.size());
    for (const auto& part : pairs) {
        bytes += part;
    }
    for (const auto& part : tensors) {
        bytes += part;
    }
    bytes.append((alignment - bytes.size() % alignment) % alignment, '\0');
    return bytes + std::string(data, '\1');
}

// A folder with one file, x.gguf, that is written anew each time.
class GgufFile {
public:
    std::string folder() const { return m_folder.path().toStdString(); }

    std::string write(const std::string& content, const std::string& name = "x.gguf") const
    {
        const std::string path = folder() + "/" + name;
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        return path;
    }

private:
    QTemporaryDir m_folder;
};

}  // namespace stet::test
