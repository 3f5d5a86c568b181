// The key-value pairs of a GGUF header, with typed access whose messages name the file, the key and what was expected.
// No Torch. Any thread.
#pragma once

#include "base/failure.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stet::files::gguf {

// As the file numbers them.
enum class ValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, Text, Array, U64, I64, F64 };

std::size_t bytesOf(ValueType type);  // 0: a text or an array, which say their own length

// Numbers stay as the file has them until they are asked for: a vocabulary has hundreds of thousands.
struct ArrayValue {
    ValueType type = ValueType::U8;
    std::string bytes;               // little-endian, without gaps
    std::vector<std::string> texts;  // of type Text
};

using Value = std::variant<std::int64_t, double, bool, std::string, ArrayValue>;

// One number out of the file's bytes. Failure(BadInput): a whole number beyond 2^63.
Value numberValue(ValueType type, const std::uint8_t* bytes, const std::string& what);

class Metadata {
public:
    explicit Metadata(std::string path) : m_path(std::move(path)) { }

    // False: the key is there already.
    bool add(const std::string& key, Value value);

    bool has(const std::string& key) const { return m_values.count(key) > 0; }
    const std::map<std::string, Value, std::less<>>& values() const { return m_values; }
    const std::string& path() const { return m_path; }

    // nullopt where the key is absent; Failure(BadInput) where it holds something else.
    std::optional<std::int64_t> integer(const std::string& key) const;
    std::optional<double> number(const std::string& key) const;
    std::optional<bool> flag(const std::string& key) const;
    std::optional<std::string> text(const std::string& key) const;
    std::vector<std::string> texts(const std::string& key) const;  // absent: none
    std::vector<double> numbers(const std::string& key) const;     // absent: none; whole numbers and flags, too

    // One number for all layers: a number, or an array of equal ones. Failure(ModelRefused): they differ.
    std::optional<std::int64_t> sameInEveryLayer(const std::string& key) const;

    Failure missing(const std::string& key) const;
    Failure bad(const std::string& key, const std::string& expected) const;
    Failure refused(const std::string& reason) const;

private:
    const Value* find(const std::string& key) const;
    template <typename T> std::optional<T> valueOf(const std::string& key, const char* expected) const;

    std::string m_path;
    std::map<std::string, Value, std::less<>> m_values;
};

}  // namespace stet::files::gguf
