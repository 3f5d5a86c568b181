#include "trainer/evaluate/line_field.h"

#include "base/failure.h"

#include <algorithm>

namespace stet::evaluate {

void LineField::fail(const std::string& says) const
{
    throw badInput(m_where + ": field '" + m_name + "' " + says);
}

bool LineField::isThere() const
{
    const auto it = m_object.find(m_name);
    return it != m_object.end() && !it->is_null();
}

const Json& LineField::value() const
{
    if (!isThere()) {
        fail("is missing");
    }
    return *m_object.find(m_name);
}

const Json& LineField::object() const
{
    if (!value().is_object()) {
        fail("must be an object, not " + std::string(value().type_name()));
    }
    return value();
}

const Json& LineField::list(const std::string& of) const
{
    if (!value().is_array() || value().empty()) {
        fail("must be a list of at least one " + of);
    }
    return value();
}

std::vector<std::string> LineField::texts() const
{
    std::vector<std::string> all;
    for (const Json& one : list("text")) {
        if (!one.is_string()) {
            fail("must hold texts; number " + std::to_string(all.size() + 1) + " is of type " +
                 std::string(one.type_name()));
        }
        all.push_back(one.get<std::string>());
    }
    return all;
}

std::vector<std::string> LineField::fullTexts() const
{
    auto all = texts();
    const auto empty = std::find(all.begin(), all.end(), std::string());
    if (empty != all.end()) {
        fail("must hold texts; number " + std::to_string(empty - all.begin() + 1) + " is empty");
    }
    return all;
}

Json LineField::id() const
{
    if (!value().is_string() && !value().is_number_integer()) {
        fail("must be a text or a whole number");
    }
    return value();
}

std::vector<std::size_t> LineField::labels(std::size_t choices) const
{
    const Json& given = list("label");
    if (given.size() != choices) {
        fail("has " + std::to_string(given.size()) + " labels for " + std::to_string(choices) +
             " choices; give one label, 1 or 0, for each");
    }
    std::vector<std::size_t> right;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i] != 0 && given[i] != 1) {
            fail("holds " + toLine(given[i]) + "; labels are 1 for a right choice, 0 for a wrong one");
        }
        if (given[i] == 1) {
            right.push_back(i);
        }
    }
    if (right.empty()) {
        fail("marks no choice as right; at least one label must be 1");
    }
    return right;
}

std::size_t LineField::indexIn(const std::vector<std::string>& choices, const Json& answer) const
{
    const std::string range = "an index from 0 to " + std::to_string(choices.size() - 1);
    if (answer.is_number_integer()) {
        const auto index = answer.get<std::int64_t>();
        if (index < 0 || index >= static_cast<std::int64_t>(choices.size())) {
            fail("is " + answer.dump() + ", out of range; give " + range + ", or the text of the right choice");
        }
        return static_cast<std::size_t>(index);
    }
    if (!answer.is_string()) {
        fail("must be " + range + " or the text of the right choice, not of type " + std::string(answer.type_name()));
    }
    const auto it = std::find(choices.begin(), choices.end(), answer.get_ref<const std::string&>());
    if (it == choices.end()) {
        fail("is " + toLine(answer) + ", none of the choices; copy one of them, or give " + range);
    }
    return static_cast<std::size_t>(it - choices.begin());
}

}  // namespace stet::evaluate
