// Who a text is from: a person, a model of some round, a program, or nobody a file names. Every response, judgment,
// revision, demonstration and set of marks has one. A plain value; pure functions, any thread.
#pragma once

#include "base/json.h"

#include <optional>
#include <string>

namespace stet::annotate {

enum class AuthorKind { Unknown, Person, Model, Program };

struct Author {
    AuthorKind kind = AuthorKind::Unknown;
    std::string name;          // the person's or program's; a person without a name is the one who uses this project
    std::string model;         // of a model: its folder or hub id
    std::optional<int> round;  // of a model: the project's round, 0 the base model
    bool operator==(const Author&) const = default;
};

// The words of files: "unknown", "person", "model", "program".
std::string authorKindName(AuthorKind kind);

// The person who uses this project: what is judged in the window or by `stet judge`.
Author ownPerson(const std::string& name = {});
bool isOwnPerson(const Author& author);
Author program(const std::string& name);

// Nothing is said of whom it is from.
bool isNobody(const Author& author);

// {"kind", "name"?, "model"?, "round"?}, and back; nullopt for what is no such object.
Json authorToJson(const Author& author);
std::optional<Author> authorFromJson(const Json& json);

}  // namespace stet::annotate
