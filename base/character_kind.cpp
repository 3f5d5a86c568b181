#include "base/character_kind.h"

namespace stet {

namespace {

bool within(std::uint32_t c, std::uint32_t first, std::uint32_t last)
{
    return c >= first && c <= last;
}

CharacterKind asciiKind(std::uint32_t c)
{
    if (c <= 0x20 || c == 0x7F) {
        return CharacterKind::Space;
    }
    return within(c, '0', '9') || within(c, 'A', 'Z') || within(c, 'a', 'z') ? CharacterKind::Letter
                                                                             : CharacterKind::Other;
}

}  // namespace

CharacterKind kindOf(std::uint32_t c)
{
    if (c < 0x80) {
        return asciiKind(c);
    }
    if (c == 0x85 || c == 0xA0 || within(c, 0x2000, 0x200F) || within(c, 0x2028, 0x202F) || c == 0x3000 ||
        c == 0xFEFF) {
        return CharacterKind::Space;
    }
    if (c < 0xC0 || c == 0xD7 || c == 0xF7 || within(c, 0x2010, 0x2BFF) || within(c, 0x2E00, 0x2E7F) ||
        within(c, 0x3001, 0x3004) || within(c, 0x3008, 0x3020) || within(c, 0xFE10, 0xFE6F) ||
        within(c, 0xFF01, 0xFF0F) || within(c, 0xFF1A, 0xFF20) || within(c, 0xFF5B, 0xFF65) ||
        within(c, 0xFFF0, 0xFFFF) || within(c, 0x1F000, 0x1FAFF)) {
        return CharacterKind::Other;
    }
    const bool unspaced = within(c, 0x0E00, 0x0EFF) || within(c, 0x1000, 0x109F) || within(c, 0x1780, 0x17FF) ||
        within(c, 0x2E80, 0xABFF) || within(c, 0xF900, 0xFAFF) || within(c, 0xFF66, 0xFF9F) || c >= 0x20000;
    return unspaced ? CharacterKind::Unspaced : CharacterKind::Letter;
}

}  // namespace stet
