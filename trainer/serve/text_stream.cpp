#include "trainer/serve/text_stream.h"

namespace stet::serve {

std::string TextStream::add(std::int64_t id)
{
    static const std::string kReplacement = "\xEF\xBF\xBD";  // half a character decodes to it
    m_open.push_back(id);
    std::vector<std::int64_t> all = m_context;
    all.insert(all.end(), m_open.begin(), m_open.end());
    const std::string before = m_tokenizer->decode(m_context, true);
    const std::string after = m_tokenizer->decode(all, true);
    if (after.size() <= before.size() || after.ends_with(kReplacement)) {
        return {};
    }
    m_context = std::move(m_open);
    m_open.clear();
    return after.substr(before.size());
}

}  // namespace stet::serve
