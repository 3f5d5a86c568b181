#include "annotate/judgment/author.h"

#include <array>

namespace stet::annotate {

namespace {

constexpr std::array<const char*, 4> kKinds = {"unknown", "person", "model", "program"};

// A text where the field is absent or a text; nullopt where it is something else.
std::optional<std::string> textOf(const Json& object, const char* field)
{
    const auto value = object.find(field);
    if (value == object.end()) {
        return std::string();
    }
    return value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

}  // namespace

std::string authorKindName(AuthorKind kind)
{
    return kKinds.at(static_cast<std::size_t>(kind));
}

Author ownPerson(const std::string& name)
{
    return {AuthorKind::Person, name, {}, {}};
}

bool isOwnPerson(const Author& author)
{
    return author.kind == AuthorKind::Person && author.name.empty();
}

Author program(const std::string& name)
{
    return {AuthorKind::Program, name, {}, {}};
}

bool isNobody(const Author& author)
{
    return author == Author();
}

Json authorToJson(const Author& author)
{
    Json json = {{"kind", authorKindName(author.kind)}};
    if (!author.name.empty()) {
        json["name"] = author.name;
    }
    if (!author.model.empty()) {
        json["model"] = author.model;
    }
    if (author.round) {
        json["round"] = *author.round;
    }
    return json;
}

std::optional<Author> authorFromJson(const Json& json)
{
    if (!json.is_object() || !json.contains("kind")) {
        return std::nullopt;
    }
    const auto kind = textOf(json, "kind");
    const auto name = textOf(json, "name");
    const auto model = textOf(json, "model");
    const bool hasRound = json.contains("round");
    if (!kind || !name || !model || (hasRound && !json.at("round").is_number_integer())) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (*kind == kKinds.at(i)) {
            return Author{static_cast<AuthorKind>(i), *name, *model,
                          hasRound ? std::optional(json.at("round").get<int>()) : std::nullopt};
        }
    }
    return std::nullopt;
}

}  // namespace stet::annotate
