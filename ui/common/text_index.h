// Code points ↔ UTF-16 of one text, computed once: tokens count code points, Qt counts UTF-16 units. Pure, any thread.
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace stet::ui {

class TextIndex {
public:
    TextIndex() = default;
    // Invalid UTF-8 becomes U+FFFD, one per bad byte.
    explicit TextIndex(const std::string& utf8);

    const QString& text() const { return m_text; }
    int codePoints() const { return static_cast<int>(m_starts.size()) - 1; }

    int toUtf16(int codePoint) const;  // clamped to 0 … codePoints()
    int toCodePoint(int utf16) const;  // inside a surrogate pair: the character it belongs to

private:
    QString m_text;
    std::vector<int> m_starts{0};  // UTF-16 offset of each code point, and the length at the end
};

}  // namespace stet::ui
