#include "ui/common/text_index.h"

#include "base/utf8.h"

#include <algorithm>

namespace stet::ui {

TextIndex::TextIndex(const std::string& utf8) : m_text(QString::fromStdString(toValidUtf8(utf8)))
{
    m_starts.clear();
    m_starts.reserve(static_cast<std::size_t>(m_text.size()) + 1);
    for (int i = 0; i < m_text.size(); ++i) {
        m_starts.push_back(i);
        if (m_text.at(i).isHighSurrogate() && i + 1 < m_text.size() && m_text.at(i + 1).isLowSurrogate()) {
            ++i;
        }
    }
    m_starts.push_back(static_cast<int>(m_text.size()));
}

int TextIndex::toUtf16(int codePoint) const
{
    return m_starts[static_cast<std::size_t>(std::clamp(codePoint, 0, codePoints()))];
}

int TextIndex::toCodePoint(int utf16) const
{
    const auto after = std::upper_bound(m_starts.begin(), m_starts.end(), std::max(utf16, 0));
    return static_cast<int>(after - m_starts.begin()) - 1;
}

}  // namespace stet::ui
