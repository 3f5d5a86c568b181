// parseJson: nlohmann's lexer, and a builder of our own. The library's builder searches an ordered object for every key
// it adds, so an object of n fields took n² comparisons; it knows no bounds either.
#include "base/failure.h"
#include "base/json.h"
#include "base/utf8.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace stet {

namespace {

constexpr std::size_t kLongestReason = 300;

using Member = std::pair<std::string, Json>;

// Of fields that stand twice the first keeps its place and gets the value of the last, as Python has it.
void dropRepeated(std::vector<Member>& members)
{
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return std::tie(members[a].first, a) < std::tie(members[b].first, b); });
    std::vector<bool> repeated(members.size());
    bool any = false;
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
        if (members[order[i]].first != members[order[first]].first) {
            first = i;
            continue;
        }
        members[order[first]].second = std::move(members[order[i]].second);
        repeated[order[i]] = true;
        any = true;
    }
    if (!any) {
        return;
    }
    std::vector<Member> kept;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (!repeated[i]) {
            kept.push_back(std::move(members[i]));
        }
    }
    members = std::move(kept);
}

// A list or object that is being read.
struct Open {
    bool isObject = false;
    std::string key;  // of the member that is being read
    std::vector<Json> elements;
    std::vector<Member> members;
};

// The events of nlohmann's parser (its names). A bound that is broken throws at once.
class Builder {
public:
    Builder(std::string_view text, const std::string& what, std::size_t maxDepth)
        : m_text(text), m_what(what), m_maxDepth(maxDepth)
    {
    }

    bool null() { return add(nullptr); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(Json::number_integer_t value) { return add(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
    bool number_float(Json::number_float_t value, const std::string&) { return add(value); }
    bool string(std::string& value) { return add(std::move(value)); }
    bool binary(Json::binary_t&) { return false; }  // never in text
    bool start_object(std::size_t) { return open(true); }
    bool start_array(std::size_t) { return open(false); }

    bool key(std::string& name)
    {
        m_open.back().key = std::move(name);
        return true;
    }

    bool end_object()
    {
        Open ended = std::move(m_open.back());
        m_open.pop_back();
        dropRepeated(ended.members);
        Json::object_t object;
        object.reserve(ended.members.size());
        for (Member& member : ended.members) {
            object.emplace_back(std::move(member.first), std::move(member.second));
        }
        return place(std::move(object));
    }

    bool end_array()
    {
        Open ended = std::move(m_open.back());
        m_open.pop_back();
        return place(Json::array_t(std::move(ended.elements)));
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error)
    {
        if (const auto word = foreignWord(position)) {
            throw badInput(m_what + ": not valid JSON at " + placeOf(position) + ": " + *word);
        }
        const std::string reason = toValidUtf8(reasonOf(error));
        const std::size_t end = completePrefix(std::string_view(reason).substr(0, kLongestReason));
        throw badInput(m_what + ": not valid JSON at " + placeOf(position) + ": " +
                       (end < reason.size() ? reason.substr(0, end) + "…" : reason));
    }

    Json take() { return std::move(m_root); }

private:
    // What Python writes and JSON lacks; `position` lies within its first letters.
    std::optional<std::string> foreignWord(std::size_t position) const
    {
        static const std::pair<std::string_view, const char*> kWords[] = {{"NaN", "null"},       {"Infinity", "null"},
                                                                          {"-Infinity", "null"}, {"None", "null"},
                                                                          {"True", "true"},      {"False", "false"}};
        for (std::size_t back = 0; back < 2 && back < position; ++back) {
            for (const auto& [word, instead] : kWords) {
                if (position - back - 1 <= m_text.size() && m_text.substr(position - back - 1).starts_with(word)) {
                    return std::string(word) + ", which JSON does not have; write " + instead + " in its place";
                }
            }
        }
        return std::nullopt;
    }

    // `position` counts the bytes that were read. A text of one line has no line number of its own: it may be a line of
    // a file, which `what` names.
    std::string placeOf(std::size_t position) const
    {
        const std::string_view read = m_text.substr(0, std::min(position, m_text.size()));
        const auto begin = read.empty() ? 0 : read.substr(0, read.size() - 1).rfind('\n') + 1;
        const std::string column =
            "column " + std::to_string(std::max(codePointCount(read.substr(begin)), std::size_t{1}));
        return m_text.find('\n') == std::string_view::npos ? column
                                                           : "line " +
                std::to_string(std::count(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(begin), '\n') + 1) +
                ", " + column;
    }

    // nlohmann's message without "[json.exception.parse_error.101] parse error at line 1, column 2: ".
    static std::string reasonOf(const nlohmann::json::exception& error)
    {
        std::string text = error.what();
        for (const std::string_view start : {"[json.exception.", "parse error at "}) {
            const auto end =
                text.rfind(start, 0) == 0 ? text.find(start.front() == '[' ? "] " : ": ") : std::string::npos;
            text = end == std::string::npos ? text : text.substr(end + 2);
        }
        return text;
    }

    template <typename Value> bool add(Value&& value)
    {
        count();
        return place(Json(std::forward<Value>(value)));
    }

    bool open(bool isObject)
    {
        count();
        if (m_open.size() >= m_maxDepth) {
            throw badInput(m_what + ": nested deeper than " + std::to_string(m_maxDepth) + " levels");
        }
        m_open.emplace_back().isObject = isObject;
        return true;
    }

    void count()
    {
        if (++m_values > kMaxJsonValues) {
            throw badInput(m_what + ": holds more than " + std::to_string(kMaxJsonValues) + " values");
        }
    }

    bool place(Json value)
    {
        if (m_open.empty()) {
            m_root = std::move(value);
        } else if (m_open.back().isObject) {
            m_open.back().members.emplace_back(std::move(m_open.back().key), std::move(value));
        } else {
            m_open.back().elements.push_back(std::move(value));
        }
        return true;
    }

    std::string_view m_text;
    const std::string& m_what;
    std::size_t m_maxDepth;
    std::size_t m_values = 0;
    std::vector<Open> m_open;
    Json m_root;
};

}  // namespace

Json parseJson(std::string_view text, const std::string& what, int maxDepth)
{
    // The library takes a NUL for the end of the text.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        throw badInput(what + ": not valid JSON: a NUL byte at position " + std::to_string(nul + 1));
    }
    Builder builder(text, what, static_cast<std::size_t>(maxDepth));
    Json::sax_parse(text.begin(), text.end(), &builder);
    return builder.take();
}

}  // namespace stet
