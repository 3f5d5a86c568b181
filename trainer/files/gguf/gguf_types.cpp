#include "trainer/files/gguf/gguf_types.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace stet::files::gguf {

namespace {

// A type without a layout is known by name alone: it is refused by it.
struct TypeRow {
    std::uint32_t number;
    std::string_view name;
    BlockLayout layout = {};
};

constexpr std::array<TypeRow, 35> kTypes = {{
    {0, "F32", {1, 4}},
    {1, "F16", {1, 2}},
    {30, "BF16", {1, 2}},
    {8, "Q8_0", {32, 34}},
    {2, "Q4_0", {32, 18}},
    {3, "Q4_1", {32, 20}},
    {6, "Q5_0", {32, 22}},
    {7, "Q5_1", {32, 24}},
    {12, "Q4_K", {256, 144}},
    {13, "Q5_K", {256, 176}},
    {14, "Q6_K", {256, 210}},
    {9, "Q8_1"},
    {10, "Q2_K"},
    {11, "Q3_K"},
    {15, "Q8_K"},
    {16, "IQ2_XXS"},
    {17, "IQ2_XS"},
    {18, "IQ3_XXS"},
    {19, "IQ1_S"},
    {20, "IQ4_NL"},
    {21, "IQ3_S"},
    {22, "IQ2_S"},
    {23, "IQ4_XS"},
    {24, "I8"},
    {25, "I16"},
    {26, "I32"},
    {27, "I64"},
    {28, "F64"},
    {29, "IQ1_M"},
    {31, "Q4_0_4_4"},
    {32, "Q4_0_4_8"},
    {33, "Q4_0_8_8"},
    {34, "TQ1_0"},
    {35, "TQ2_0"},
    {39, "MXFP4"},
}};

const TypeRow* rowOf(std::uint32_t type)
{
    const auto* row = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& one) { return one.number == type; });
    return row == kTypes.end() ? nullptr : row;
}

}  // namespace

bool isRead(std::uint32_t type)
{
    const TypeRow* row = rowOf(type);
    return row != nullptr && row->layout.numbers > 0;
}

BlockLayout blockLayout(NumberType type)
{
    return rowOf(static_cast<std::uint32_t>(type))->layout;
}

std::string numberTypeName(std::uint32_t type)
{
    const TypeRow* row = rowOf(type);
    return row != nullptr ? std::string(row->name) : "number " + std::to_string(type);
}

std::string readNumberTypes()
{
    std::string names;
    for (const TypeRow& row : kTypes) {
        if (row.layout.numbers > 0) {
            names += (names.empty() ? "" : ", ") + std::string(row.name);
        }
    }
    return names;
}

}  // namespace stet::files::gguf
