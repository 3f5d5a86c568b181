#include "trainer/files/gguf/header_writer.h"

#include "trainer/files/gguf/header.h"
#include "trainer/files/gguf/header_cursor.h"

#include <algorithm>
#include <bit>

namespace stet::files::gguf {

namespace {

constexpr std::uint64_t kMost = std::uint64_t{16} << 20U;

std::string littleEndian(std::uint64_t value, unsigned bytes)
{
    std::string text;
    for (unsigned i = 0; i < bytes; ++i) {
        text += static_cast<char>(value >> (8 * i) & 0xFFU);
    }
    return text;
}

std::string number32(std::uint32_t value)
{
    return littleEndian(value, 4);
}

std::string number64(std::uint64_t value)
{
    return littleEndian(value, 8);
}

std::string withLength(const std::string& text)
{
    return number64(text.size()) + text;
}

std::string typed(ValueType type, const std::string& bytes)
{
    return number32(static_cast<std::uint32_t>(type)) + bytes;
}

// One value as it is in the file, behind its type.
std::string copyValue(HeaderCursor& cursor, ValueType type)
{
    if (type == ValueType::Text) {
        return withLength(cursor.text(kMost, "a text of its metadata"));
    }
    if (type != ValueType::Array) {
        return cursor.bytes(bytesOf(type), "a value of its metadata");
    }
    const auto of = static_cast<ValueType>(cursor.number32("the type of a list"));
    const std::uint64_t least = of == ValueType::Text ? 8 : bytesOf(of);
    const std::uint64_t count = cursor.count(least, "a list of its metadata");
    std::string bytes = number32(static_cast<std::uint32_t>(of)) + number64(count);
    if (of != ValueType::Text) {
        return bytes + cursor.bytes(count * least, "a list of its metadata");
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        bytes += withLength(cursor.text(kMost, "a text of its metadata"));
    }
    return bytes;
}

}  // namespace

Pair numberPair(const std::string& key, std::uint32_t value)
{
    return {key, typed(ValueType::U32, number32(value))};
}

Pair realPair(const std::string& key, double value)
{
    return {key, typed(ValueType::F32, number32(std::bit_cast<std::uint32_t>(static_cast<float>(value))))};
}

Pair flagPair(const std::string& key, bool value)
{
    return {key, typed(ValueType::Bool, std::string(1, value ? '\1' : '\0'))};
}

Pair textPair(const std::string& key, const std::string& value)
{
    return {key, typed(ValueType::Text, withLength(value))};
}

Pair textsPair(const std::string& key, const std::vector<std::string>& values)
{
    std::string bytes = typed(ValueType::Text, number64(values.size()));
    for (const std::string& value : values) {
        bytes += withLength(value);
    }
    return {key, typed(ValueType::Array, bytes)};
}

Pair numbersPair(const std::string& key, const std::vector<std::int32_t>& values)
{
    std::string bytes = typed(ValueType::I32, number64(values.size()));
    for (const std::int32_t value : values) {
        bytes += number32(static_cast<std::uint32_t>(value));
    }
    return {key, typed(ValueType::Array, bytes)};
}

Pair realsPair(const std::string& key, const std::vector<float>& values)
{
    std::string bytes = typed(ValueType::F32, number64(values.size()));
    for (const float value : values) {
        bytes += number32(std::bit_cast<std::uint32_t>(value));
    }
    return {key, typed(ValueType::Array, bytes)};
}

Pair flagsPair(const std::string& key, const std::vector<bool>& values)
{
    std::string bytes = typed(ValueType::Bool, number64(values.size()));
    for (const bool value : values) {
        bytes += value ? '\1' : '\0';
    }
    return {key, typed(ValueType::Array, bytes)};
}

std::vector<Pair> pairsOf(const std::string& path)
{
    readHeader(path);
    const OpenFile file(path);
    HeaderCursor cursor(file);
    cursor.bytes(8, "its first words");
    cursor.count(33, "its tensors");
    std::vector<Pair> pairs(cursor.count(14, "its metadata"));
    for (Pair& pair : pairs) {
        pair.key = cursor.text(kMost, "a key of its metadata");
        const auto type = static_cast<ValueType>(cursor.number32("the type of a value"));
        pair.value = typed(type, copyValue(cursor, type));
    }
    return pairs;
}

void setPair(std::vector<Pair>& pairs, const Pair& pair)
{
    const auto it = std::find_if(pairs.begin(), pairs.end(), [&](const Pair& one) { return one.key == pair.key; });
    if (it == pairs.end()) {
        pairs.push_back(pair);
    } else {
        it->value = pair.value;
    }
}

std::uint64_t TensorLine::bytes() const
{
    std::uint64_t numbers = 1;
    for (const std::int64_t size : shape) {
        numbers *= static_cast<std::uint64_t>(size);
    }
    const BlockLayout layout = blockLayout(type);
    return numbers / layout.numbers * layout.bytes;
}

std::string padding(std::uint64_t bytes)
{
    return std::string((kWrittenAlignment - bytes % kWrittenAlignment) % kWrittenAlignment, '\0');
}

std::string headerText(const std::vector<Pair>& pairs, const std::vector<TensorLine>& tensors)
{
    std::string text = "GGUF" + number32(3) + number64(tensors.size()) + number64(pairs.size());
    for (const Pair& pair : pairs) {
        text += withLength(pair.key) + pair.value;
    }
    std::uint64_t offset = 0;
    for (const TensorLine& tensor : tensors) {
        text += withLength(tensor.name) + number32(static_cast<std::uint32_t>(tensor.shape.size()));
        const std::vector<std::int64_t> rowFirst(tensor.shape.rbegin(), tensor.shape.rend());
        for (const std::int64_t size : rowFirst) {
            text += number64(static_cast<std::uint64_t>(size));
        }
        text += number32(static_cast<std::uint32_t>(tensor.type)) + number64(offset);
        const std::uint64_t bytes = tensor.bytes();
        offset += bytes + padding(bytes).size();
    }
    return text + padding(text.size());
}

}  // namespace stet::files::gguf
