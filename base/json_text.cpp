#include "base/json_text.h"

#include "base/json.h"

namespace stet {

namespace {

constexpr const char* kSpace = " \t\r\n";

std::size_t skipSpace(std::string_view text, std::size_t at)
{
    const auto next = text.find_first_not_of(kSpace, at);
    return next == std::string_view::npos ? text.size() : next;
}

// Behind the closing quote of the text that begins at `at`; npos: it does not end.
std::size_t endOfText(std::string_view text, std::size_t at)
{
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::size_t endOfJsonValue(std::string_view text, std::size_t at)
{
    if (at >= text.size()) {
        return std::string_view::npos;
    }
    if (text[at] == '"') {
        return endOfText(text, at);
    }
    if (text[at] != '{' && text[at] != '[') {
        const auto end = text.find_first_of(",]}: \t\r\n", at);
        return end == std::string_view::npos ? text.size() : end;
    }
    std::size_t depth = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            i = endOfText(text, i);
            if (i == std::string_view::npos) {
                return i;
            }
            --i;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

JsonMembers jsonMembers(std::string_view object)
{
    JsonMembers members;
    std::size_t at = skipSpace(object, 0) + 1;  // behind the brace
    while ((at = skipSpace(object, at)) < object.size() && object[at] == '"') {
        const auto nameEnd = endOfText(object, at);
        if (nameEnd == std::string_view::npos) {
            break;
        }
        const Json name = parseJson(object.substr(at, nameEnd - at), "a name");
        const auto begin = skipSpace(object, skipSpace(object, nameEnd) + 1);  // behind the colon
        const auto end = endOfJsonValue(object, begin);
        if (end == std::string_view::npos) {
            break;
        }
        members.emplace_back(name.get<std::string>(), object.substr(begin, end - begin));
        at = skipSpace(object, end) + 1;  // behind the comma
    }
    return members;
}

void addJsonMember(std::string& members, std::string_view name, std::string_view text)
{
    members += members.empty() ? "" : ",";
    members += toLine(Json(std::string(name)));
    members += ':';
    members += text;
}

std::string minifiedJson(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            const auto end = std::min(endOfText(text, i), text.size());
            result += text.substr(i, end - i);
            i = end - 1;
        } else if (std::string_view(kSpace).find(text[i]) == std::string_view::npos) {
            result += text[i];
        }
    }
    return result;
}

}  // namespace stet
