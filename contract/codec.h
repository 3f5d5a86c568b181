// One list of fields for everything that crosses a door, and what falls out of it: the reader, the writer, and the
// names by which an unknown field is warned of. A struct says its fields once:
//
//     struct Point {
//         int x = 0;
//         std::string label;
//         static constexpr auto fields()
//         {
//             return std::tuple{required("x", &Point::x), optional("label", &Point::label)};
//         }
//     };
//
// and is then written by toJson(point), in that order, and read by fromJson<Point>(json, "points.jsonl, line 3"). Pure;
// any thread. A wrong type or a missing field is Failure(BadInput) in the words of base/json.h.
#pragma once

#include "base/failure.h"
#include "base/json.h"

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace stet::contract {

// Where a value stands, for messages: "score/run: field 'lambda' must be …".
struct Place {
    const std::string& what;
    std::string_view field;

    Failure wrong(const std::string& mustBe) const;
};
Failure missing(const Place& place);

template <class T> struct Codec;  // read(const Json&, const Place&) → T, write(const T&) → Json

// Names of values in their order, as an object: {"plain": …, "judged": …}.
template <class T> using Named = std::vector<std::pair<std::string, T>>;

enum class Presence {
    Required,  // of requests and files: missing or null is a failure
    Always,    // of replies, whose writer is known: written always; missing or null when read, the default stays
    Optional   // written where it differs from the default
};

template <class Struct, class Value> struct MemberField {
    std::string_view name;
    Value Struct::*member;
    Presence presence;
};

// A field that is no plain member.
template <class Struct> struct CustomField {
    std::string_view name;
    void (*read)(Struct& into, const Json& value, const Place& place);  // never given null
    std::optional<Json> (*write)(const Struct& from);                   // nullopt: left out
    bool required = false;
};

// The fields of a member, at the level of the struct itself. whenKey: only where that key is there (member is an
// std::optional); empty: always.
template <class Struct, class Value> struct FlatField {
    Value Struct::*member;
    std::string_view whenKey;
};

template <class S, class V> constexpr auto required(std::string_view name, V S::*member)
{
    return MemberField<S, V>{name, member, Presence::Required};
}
template <class S, class V> constexpr auto always(std::string_view name, V S::*member)
{
    return MemberField<S, V>{name, member, Presence::Always};
}
template <class S, class V> constexpr auto optional(std::string_view name, V S::*member)
{
    return MemberField<S, V>{name, member, Presence::Optional};
}
template <class S, class V> constexpr auto flat(V S::*member)
{
    return FlatField<S, V>{member, {}};
}
template <class S, class V> constexpr auto flatWhere(std::string_view key, V S::*member)
{
    return FlatField<S, V>{member, key};
}

template <class T>
concept Fielded = requires
{
    T::fields();
};

template <class T> struct IsOptional : std::false_type {
};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {
};

template <class S, class Action> void forEachField(Action&& action)
{
    std::apply([&](const auto&... field) { (action(field), ...); }, S::fields());
}

// --- reading

template <class S> void readFields(S& into, const Json& object, const std::string& what);

template <class S, class V>
void readField(const MemberField<S, V>& field, S& into, const Json& object, const std::string& what)
{
    const auto it = object.find(std::string(field.name));
    if (it != object.end() && !it->is_null()) {
        into.*field.member = Codec<V>::read(*it, {what, field.name});
    } else if (field.presence == Presence::Required) {
        throw missing({what, field.name});
    }
}

template <class S> void readField(const CustomField<S>& field, S& into, const Json& object, const std::string& what)
{
    const auto it = object.find(std::string(field.name));
    if (it != object.end() && !it->is_null()) {
        field.read(into, *it, {what, field.name});
    } else if (field.required) {
        throw missing({what, field.name});
    }
}

template <class S, class V>
void readField(const FlatField<S, V>& field, S& into, const Json& object, const std::string& what)
{
    if constexpr (IsOptional<V>::value) {
        if (object.contains(std::string(field.whenKey))) {
            readFields((into.*field.member).emplace(), object, what);
        }
    } else {
        readFields(into.*field.member, object, what);
    }
}

// Of a struct with rules between its fields: checked after they are read. object: what they were read from.
template <class T>
concept Checked = requires(T value, const Json& object, const std::string& what)
{
    value.check(object, what);
};

template <class S> void readFields(S& into, const Json& object, const std::string& what)
{
    forEachField<S>([&](const auto& field) { readField(field, into, object, what); });
    if constexpr (Checked<S>) {
        into.check(object, what);
    }
}

template <Fielded S> S fromJson(const Json& object, const std::string& what)
{
    if (!object.is_object()) {
        throw badInput(what + ": expected an object, found " + object.type_name());
    }
    S value;
    readFields(value, object, what);
    return value;
}

// --- writing

template <class S> void writeFields(const S& from, Json& object);

template <class S, class V> bool isDefault(const MemberField<S, V>& field, const S& from)
{
    if constexpr (IsOptional<V>::value) {
        return !(from.*field.member).has_value();
    } else if constexpr (requires(const V& value) { value.empty(); } && !std::is_same_v<V, std::string>) {
        return (from.*field.member).empty();
    } else if constexpr (std::equality_comparable<V>) {
        static const S kDefault;
        return from.*field.member == kDefault.*field.member;
    } else {
        return false;
    }
}

template <class S, class V> void writeField(const MemberField<S, V>& field, const S& from, Json& object)
{
    if (field.presence != Presence::Optional || !isDefault(field, from)) {
        object[std::string(field.name)] = Codec<V>::write(from.*field.member);
    }
}

template <class S> void writeField(const CustomField<S>& field, const S& from, Json& object)
{
    if (auto value = field.write(from)) {
        object[std::string(field.name)] = std::move(*value);
    }
}

template <class S, class V> void writeField(const FlatField<S, V>& field, const S& from, Json& object)
{
    if constexpr (IsOptional<V>::value) {
        if (from.*field.member) {
            writeFields(*(from.*field.member), object);
        }
    } else {
        writeFields(from.*field.member, object);
    }
}

template <class S> void writeFields(const S& from, Json& object)
{
    forEachField<S>([&](const auto& field) { writeField(field, from, object); });
}

template <Fielded S> Json toJson(const S& value)
{
    Json object = Json::object();
    writeFields(value, object);
    return object;
}

// --- names

template <class S> void addNames(std::vector<std::string_view>& names);

template <class S, class V> void addName(const MemberField<S, V>& field, std::vector<std::string_view>& names)
{
    names.push_back(field.name);
}
template <class S> void addName(const CustomField<S>& field, std::vector<std::string_view>& names)
{
    names.push_back(field.name);
}
template <class S, class V> void addName(const FlatField<S, V>& /*field*/, std::vector<std::string_view>& names)
{
    if constexpr (IsOptional<V>::value) {
        addNames<typename V::value_type>(names);
    } else {
        addNames<V>(names);
    }
}

template <class S> void addNames(std::vector<std::string_view>& names)
{
    forEachField<S>([&](const auto& field) { addName(field, names); });
}

// In the order they are written.
template <Fielded S> std::vector<std::string_view> fieldNames()
{
    std::vector<std::string_view> names;
    addNames<S>(names);
    return names;
}

// Warnings of fields that nobody reads, by name; of a list of structs ("items") also of theirs.
template <Fielded S> std::vector<std::string> unknownIn(const Json& object, const std::string& what);

template <class S, class Field>
void addUnknownWithin(const Field& /*field*/, const Json& /*object*/, const std::string& /*what*/,
                      std::vector<std::string>& /*warnings*/)
{
}
template <class S, Fielded V>
void addUnknownWithin(const MemberField<S, std::vector<V>>& field, const Json& object, const std::string& what,
                      std::vector<std::string>& warnings)
{
    const auto list = object.find(std::string(field.name));
    for (const auto& one : list != object.end() && list->is_array() ? *list : Json::array()) {
        for (auto& warning : unknownIn<V>(one, what + ", " + std::string(field.name))) {
            warnings.push_back(std::move(warning));
        }
    }
}

template <Fielded S> std::vector<std::string> unknownIn(const Json& object, const std::string& what)
{
    if (!object.is_object()) {
        return {};
    }
    auto warnings = unknownFields(object, fieldNames<S>(), what);
    forEachField<S>([&](const auto& field) { addUnknownWithin<S>(field, object, what, warnings); });
    return warnings;
}

// --- values

template <> struct Codec<std::string> {
    static std::string read(const Json& value, const Place& place);
    static Json write(const std::string& value) { return value; }
};
template <> struct Codec<bool> {
    static bool read(const Json& value, const Place& place);
    static Json write(bool value) { return value; }
};
template <> struct Codec<std::int64_t> {
    static std::int64_t read(const Json& value, const Place& place);  // 1.0 is 1
    static Json write(std::int64_t value) { return value; }
};
template <> struct Codec<std::uint64_t> {
    static std::uint64_t read(const Json& value, const Place& place);
    static Json write(std::uint64_t value) { return value; }
};
template <> struct Codec<int> {
    static int read(const Json& value, const Place& place);
    static Json write(int value) { return value; }
};
// A number that is not finite is null on every wire, and read as NaN in lists.
template <> struct Codec<double> {
    static double read(const Json& value, const Place& place);
    static Json write(double value);
};
template <> struct Codec<Json> {
    static Json read(const Json& value, const Place& /*place*/) { return value; }
    static Json write(const Json& value) { return value; }
};

template <class T> struct Codec<std::optional<T>> {
    static std::optional<T> read(const Json& value, const Place& place)
    {
        return value.is_null() ? std::nullopt : std::optional<T>(Codec<T>::read(value, place));
    }
    static Json write(const std::optional<T>& value) { return value ? Codec<T>::write(*value) : Json(); }
};

template <class T> struct Codec<std::vector<T>> {
    static std::vector<T> read(const Json& value, const Place& place)
    {
        if (!value.is_array()) {
            throw place.wrong("a list");
        }
        std::vector<T> list;
        list.reserve(value.size());
        for (const Json& one : value) {
            list.push_back(Codec<T>::read(one, place));
        }
        return list;
    }
    static Json write(const std::vector<T>& value)
    {
        Json list = Json::array();
        for (const T& one : value) {
            list.push_back(Codec<T>::write(one));
        }
        return list;
    }
};

template <class T> struct Codec<Named<T>> {
    static Named<T> read(const Json& value, const Place& place)
    {
        if (!value.is_object()) {
            throw place.wrong("an object");
        }
        Named<T> named;
        for (const auto& [name, one] : value.items()) {
            named.emplace_back(name, Codec<T>::read(one, place));
        }
        return named;
    }
    static Json write(const Named<T>& value)
    {
        Json object = Json::object();
        for (const auto& [name, one] : value) {
            object[name] = Codec<T>::write(one);
        }
        return object;
    }
};

// Null where there is no such name.
template <class T> const T* find(const Named<T>& named, std::string_view name)
{
    for (const auto& [one, value] : named) {
        if (one == name) {
            return &value;
        }
    }
    return nullptr;
}

template <Fielded T> struct Codec<T> {
    static T read(const Json& value, const Place& place)
    {
        return fromJson<T>(value, place.what + ", " + std::string(place.field));
    }
    static Json write(const T& value) { return toJson(value); }
};

// Enumerations have words: `constexpr auto wordsOf(Phase)` gives an array of {value, word} pairs.
template <class T>
concept Worded = std::is_enum_v<T> && requires(T value)
{
    wordsOf(value);
};

// Empty for a value that has none.
template <Worded T> constexpr std::string_view word(T value)
{
    for (const auto& [known, text] : wordsOf(value)) {
        if (known == value) {
            return text;
        }
    }
    return {};
}

template <Worded T> constexpr std::optional<T> fromWord(std::string_view text)
{
    for (const auto& [value, known] : wordsOf(T{})) {
        if (known == text) {
            return value;
        }
    }
    return std::nullopt;
}

// "pause, keep or discard"
std::string joinedWords(const std::vector<std::string_view>& words);

template <Worded T> struct Codec<T> {
    static T read(const Json& value, const Place& place)
    {
        const auto named = value.is_string() ? fromWord<T>(value.get_ref<const std::string&>()) : std::nullopt;
        if (!named) {
            std::vector<std::string_view> words;
            for (const auto& [known, text] : wordsOf(T{})) {
                words.push_back(text);
            }
            throw place.wrong(joinedWords(words));
        }
        return *named;
    }
    static Json write(T value) { return word(value); }
};

template <class T, std::size_t N> using Words = std::array<std::pair<T, std::string_view>, N>;

}  // namespace stet::contract
