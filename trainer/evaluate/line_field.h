// A field of a task's line, checked as it is read; messages name file, line and field and say what is expected. Borrows
// the object. Failure(BadInput) from all but isThere.
#pragma once

#include "base/json.h"

#include <cstddef>
#include <string>
#include <vector>

namespace stet::evaluate {

class LineField {
public:
    LineField(const Json& object, std::string name, std::string where)
        : m_object(object), m_name(std::move(name)), m_where(std::move(where))
    {
    }

    [[noreturn]] void fail(const std::string& says) const;  // "task.jsonl, line 3: field 'answer' " + says

    bool isThere() const;
    const Json& value() const;                                   // neither absent nor null
    const Json& object() const;                                  // {…}
    const Json& list(const std::string& of) const;               // […], at least one
    std::vector<std::string> texts() const;                      // at least one
    std::vector<std::string> fullTexts() const;                  // the same, none empty
    Json id() const;                                             // a text or a whole number
    std::vector<std::size_t> labels(std::size_t choices) const;  // indices of the 1s, at least one

    // The field's value, or one in its list: an index into the choices from 0, or the text of one.
    std::size_t indexIn(const std::vector<std::string>& choices, const Json& answer) const;

private:
    const Json& m_object;
    std::string m_name;
    std::string m_where;
};

}  // namespace stet::evaluate
