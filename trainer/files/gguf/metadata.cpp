#include "trainer/files/gguf/metadata.h"

#include "base/json.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace stet::files::gguf {

namespace {

constexpr std::array<std::size_t, 13> kBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

template <typename T> T numberAt(const std::uint8_t* bytes)
{
    T value = {};
    std::memcpy(&value, bytes, sizeof value);  // both are little-endian
    return value;
}

std::int64_t wholeNumber(std::uint64_t value, const std::string& what)
{
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        throw badInput(what + " is " + std::to_string(value) + ", more than can be");
    }
    return static_cast<std::int64_t>(value);
}

}  // namespace

std::size_t bytesOf(ValueType type)
{
    return kBytes[static_cast<std::size_t>(type)];
}

Value numberValue(ValueType type, const std::uint8_t* bytes, const std::string& what)
{
    switch (type) {
    case ValueType::U8:
        return std::int64_t{numberAt<std::uint8_t>(bytes)};
    case ValueType::I8:
        return std::int64_t{numberAt<std::int8_t>(bytes)};
    case ValueType::U16:
        return std::int64_t{numberAt<std::uint16_t>(bytes)};
    case ValueType::I16:
        return std::int64_t{numberAt<std::int16_t>(bytes)};
    case ValueType::U32:
        return std::int64_t{numberAt<std::uint32_t>(bytes)};
    case ValueType::I32:
        return std::int64_t{numberAt<std::int32_t>(bytes)};
    case ValueType::U64:
        return wholeNumber(numberAt<std::uint64_t>(bytes), what);
    case ValueType::I64:
        return numberAt<std::int64_t>(bytes);
    case ValueType::F32:
        return static_cast<double>(numberAt<float>(bytes));
    case ValueType::F64:
        return numberAt<double>(bytes);
    default:
        return *bytes != 0;
    }
}

bool Metadata::add(const std::string& key, Value value)
{
    return m_values.emplace(key, std::move(value)).second;
}

const Value* Metadata::find(const std::string& key) const
{
    const auto it = m_values.find(key);
    return it == m_values.end() ? nullptr : &it->second;
}

template <typename T> std::optional<T> Metadata::valueOf(const std::string& key, const char* expected) const
{
    const Value* value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const T* held = std::get_if<T>(value)) {
        return *held;
    }
    throw bad(key, expected);
}

std::optional<std::int64_t> Metadata::integer(const std::string& key) const
{
    return valueOf<std::int64_t>(key, "a whole number");
}

std::optional<double> Metadata::number(const std::string& key) const
{
    const Value* value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const auto* whole = std::get_if<std::int64_t>(value)) {
        return static_cast<double>(*whole);
    }
    if (const auto* real = std::get_if<double>(value)) {
        return *real;
    }
    throw bad(key, "a number");
}

std::optional<bool> Metadata::flag(const std::string& key) const
{
    return valueOf<bool>(key, "true or false");
}

std::optional<std::string> Metadata::text(const std::string& key) const
{
    return valueOf<std::string>(key, "a text");
}

std::vector<std::string> Metadata::texts(const std::string& key) const
{
    const Value* value = find(key);
    if (value == nullptr) {
        return {};
    }
    const auto* array = std::get_if<ArrayValue>(value);
    if (array == nullptr || array->type != ValueType::Text) {
        throw bad(key, "a list of texts");
    }
    return array->texts;
}

std::vector<double> Metadata::numbers(const std::string& key) const
{
    const Value* value = find(key);
    if (value == nullptr) {
        return {};
    }
    const auto* array = std::get_if<ArrayValue>(value);
    if (array == nullptr || array->type == ValueType::Text) {
        throw bad(key, "a list of numbers");
    }
    const std::size_t size = bytesOf(array->type);
    std::vector<double> numbers(array->bytes.size() / size);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(array->bytes.data()) + i * size;
        numbers[i] = std::visit(
            [](const auto& number) {
                if constexpr (std::is_arithmetic_v<std::decay_t<decltype(number)>>) {
                    return static_cast<double>(number);
                } else {
                    return 0.0;
                }
            },
            numberValue(array->type, bytes, m_path + ": " + key));
    }
    return numbers;
}

std::optional<std::int64_t> Metadata::sameInEveryLayer(const std::string& key) const
{
    const Value* value = find(key);
    if (value == nullptr || !std::holds_alternative<ArrayValue>(*value)) {
        return integer(key);
    }
    const auto each = numbers(key);
    if (each.empty() || each.front() < 0 || each.front() > 0x1p53) {
        throw bad(key, "a whole number for each layer");
    }
    if (std::any_of(each.begin(), each.end(), [&](double number) { return number != each.front(); })) {
        throw refused("'" + key + "' differs from layer to layer, which is not supported");
    }
    return static_cast<std::int64_t>(each.front());
}

Failure Metadata::missing(const std::string& key) const
{
    return badInput(m_path + ": its metadata lack '" + key + "'; download the file again");
}

Failure Metadata::bad(const std::string& key, const std::string& expected) const
{
    return badInput(m_path + ": '" + key + "' in its metadata must be " + expected);
}

Failure Metadata::refused(const std::string& reason) const
{
    return Failure(FailureKind::ModelRefused, m_path + ": " + reason);
}

}  // namespace stet::files::gguf
