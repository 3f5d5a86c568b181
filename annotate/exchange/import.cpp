#include "annotate/exchange/import.h"

#include "annotate/exchange/linter.h"
#include "annotate/judgment/names.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"

#include <filesystem>
#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace stet::annotate {

namespace {

constexpr std::size_t kRowsPerTransaction = 200;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

const std::vector<std::string_view> kColumns = {"id",      "instruction", "input",   "output", "judgment",
                                                "stopped", "marks",       "verdict", "hint"};

Verdict verdictOf(const Json& object, const std::string& where)
{
    const auto named = optionalString(object, "verdict", where);
    if (named) {
        for (const Verdict verdict : {Verdict::Open, Verdict::Accepted, Verdict::Criticised, Verdict::Skipped}) {
            if (*named == verdictName(verdict)) {
                return verdict;
            }
        }
        throw badInput(where + ": field 'verdict' is '" + *named + "'; known: open, accepted, criticised, skipped");
    }
    const auto judgment = object.find("judgment");
    if (judgment == object.end()) {
        return Verdict::Open;
    }
    return judgment->is_null() ? Verdict::Accepted : Verdict::Criticised;
}

// As JSON text; empty where the row has none.
std::string externalIdOf(const Json& object, const std::string& where)
{
    const auto id = object.find("id");
    if (id == object.end() || id->is_null()) {
        return {};
    }
    if (!id->is_string() && !id->is_number_integer()) {
        throw badInput(where + ": field 'id' must be a text or a whole number");
    }
    return toLine(*id);
}

bool stoppedByLength(const Json& object, const std::string& where)
{
    const auto stopped = optionalString(object, "stopped", where);
    if (stopped && *stopped != "length" && *stopped != "eos") {
        throw badInput(where + ": field 'stopped' must be \"length\" or \"eos\"");
    }
    return stopped == "length";
}

NewResponse responseFrom(const Json& object, const std::string& where)
{
    NewResponse r;
    r.externalId = externalIdOf(object, where);
    r.instruction = requiredString(object, "instruction", where);
    r.input = optionalString(object, "input", where).value_or("");
    r.output = requiredString(object, "output", where);
    r.stoppedByLength = stoppedByLength(object, where);
    r.verdict = verdictOf(object, where);
    r.judgment = optionalString(object, "judgment", where).value_or("");
    r.hint = optionalString(object, "hint", where).value_or("");
    if (object.contains("marks") && !object.at("marks").is_null()) {
        r.marks = contract::Codec<std::vector<Mark>>::read(object.at("marks"), {where, "marks"});
    }
    // What has no column is kept as it came; so is whether an empty input was there.
    Json extra = Json::object();
    for (const auto& [name, value] : object.items()) {
        if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end()) {
            extra[name] = value;
        }
    }
    if (!object.contains("input")) {
        extra["$no_input"] = true;
    }
    r.extra = toLine(extra);
    return r;
}

DataRows cutReader(const std::string& path)
{
    auto rows = std::make_shared<Json>(readJsonFile(path, kMostBytes));
    if (!rows->is_array()) {
        throw badInput(path + ": a CUT file is one JSON list of records; for JSON Lines use the format jsonl");
    }
    auto at = std::make_shared<std::size_t>(0);
    return [rows, at, path]() -> std::optional<std::pair<Json, std::string>> {
        if (*at == rows->size()) {
            return std::nullopt;
        }
        const std::string where = path + ", record " + std::to_string(*at + 1);
        const Json& row = (*rows)[(*at)++];
        if (!row.is_object()) {
            throw badInput(where + ": expected an object, found " + std::string(row.type_name()));
        }
        return std::pair(row, where);
    };
}

DataRows linesReader(const std::string& path)
{
    auto reader = std::make_shared<JsonLinesReader>(path);
    return [reader]() -> std::optional<std::pair<Json, std::string>> {
        auto row = reader->next();
        return row ? std::optional(std::pair(std::move(*row), reader->where())) : std::nullopt;
    };
}

std::string detected(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    char c = 0;
    while (file.get(c) &&
           (c == ' ' || c == '\n' || c == '\r' || c == '\t' || static_cast<unsigned char>(c) == 0xEF ||
            static_cast<unsigned char>(c) == 0xBB || static_cast<unsigned char>(c) == 0xBF)) { }
    return c == '[' ? "cut" : "jsonl";
}

// What has no column, each name once: a mistyped judgment would make a response that waits to be judged.
class UnknownFields {
public:
    std::vector<Finding> look(const Json& row, const NewResponse& r, int number)
    {
        // A round's other objectives read these from an export.
        static const std::vector<std::string_view> kMeant = {"revision", "demonstration", "messages", "set"};
        std::vector<Finding> findings;
        for (const auto& [name, value] : row.items()) {
            const auto isIn = [&name = name](const auto& names) {
                return std::find(names.begin(), names.end(), name) != names.end();
            };
            if (!isIn(kColumns) && !isIn(kMeant) && m_named.size() < kMostNamed && m_named.insert(name).second) {
                findings.push_back(
                    {number, r.externalId,
                     "The field '" + name.substr(0, kLongestName) + "' means nothing here; it is kept as it came.",
                     "Check its spelling."});
            }
        }
        return findings;
    }

private:
    static constexpr std::size_t kMostNamed = 10;
    static constexpr std::size_t kLongestName = 80;
    std::set<std::string> m_named;
};

// The ids of a file and of the project it comes into: rows without one get the next number that is free, and what
// has another's is pointed out.
class Ids {
public:
    explicit Ids(const Project& project) : m_project(project) { }

    void give(NewResponse& r)
    {
        while (r.externalId.empty()) {
            const std::string number = std::to_string(++m_last);
            if (m_rows.count(number) == 0 && !m_project.findExternal(number)) {
                r.externalId = number;
            }
        }
    }

    std::optional<Finding> look(const NewResponse& r, int row)
    {
        const auto [first, fresh] = m_rows.emplace(r.externalId, row);
        if (!fresh) {
            return Finding{row, r.externalId, "Row " + std::to_string(first->second) + " has the same id.",
                           "Give each row an id of its own."};
        }
        const auto id = m_project.findExternal(r.externalId);
        const auto item = id ? m_project.item(*id) : std::nullopt;
        if (!item) {
            return std::nullopt;
        }
        const bool same = item->instruction == r.instruction && item->output == r.output;
        return Finding{row, r.externalId,
                       same ? "The project has this response already." : "Another response of the project has this id.",
                       same ? "Keep one of them." : "Give it an id of its own."};
    }

private:
    const Project& m_project;
    std::map<std::string, int> m_rows;
    std::int64_t m_last = 0;
};

void count(ImportResult& result, const NewResponse& r)
{
    ++result.responses;
    result.accepted += r.verdict == Verdict::Accepted ? 1 : 0;
    result.criticised += r.verdict == Verdict::Criticised ? 1 : 0;
    result.open += r.verdict == Verdict::Open ? 1 : 0;
}

}  // namespace

DataFile openDataFile(const std::string& path, const std::string& format)
{
    if (!std::filesystem::is_regular_file(path)) {
        throw badInput("Cannot import " + path + ": there is no such file");
    }
    const std::string chosen = format == "auto" || format.empty() ? detected(path) : format;
    if (chosen == "cut") {
        return {path, cutReader(path)};
    }
    if (chosen == "jsonl") {
        return {path, linesReader(path)};
    }
    throw Failure(FailureKind::Usage,
                  "Format '" + chosen + "' is not supported in this version; supported: cut, jsonl");
}

ImportResult importFile(Project& project, const std::string& path, const std::string& format, const ImportHooks& hooks)
{
    return importFile(project, openDataFile(path, format), hooks);
}

ImportResult importFile(Project& project, const DataFile& file, const ImportHooks& hooks)
{
    ImportResult result;
    Linter linter;
    UnknownFields unknown;
    Ids ids(project);
    const std::int64_t batch = project.beginBatch(std::filesystem::path(file.path).filename().string());
    try {
        std::vector<NewResponse> pending;
        while (auto row = file.next()) {
            NewResponse r = responseFrom(row->first, row->second);
            r.judgedBy = hooks.judgedBy;
            ids.give(r);
            count(result, r);
            for (auto& finding : linter.look(r, result.responses)) {
                result.findings.push_back(std::move(finding));
            }
            for (auto& finding : unknown.look(row->first, r, result.responses)) {
                result.findings.push_back(std::move(finding));
            }
            if (auto finding = ids.look(r, result.responses)) {
                result.findings.push_back(std::move(*finding));
            }
            pending.push_back(std::move(r));
            if (pending.size() == kRowsPerTransaction) {
                project.addResponses(batch, pending);
                pending.clear();
                if (hooks.onProgress) {
                    hooks.onProgress(result.responses);
                }
                if (hooks.cancelled && hooks.cancelled()) {
                    throw Failure(FailureKind::Interrupted, "The import was cancelled; nothing was imported");
                }
            }
        }
        if (result.responses == 0) {
            throw badInput(file.path + " holds no records");
        }
        project.addResponses(batch, pending);
        project.publishBatch(batch);
    } catch (...) {
        project.cancelBatch(batch);
        throw;
    }
    return result;
}

std::vector<Instruction> readInstructions(const std::string& path)
{
    std::vector<Instruction> list;
    JsonLinesReader reader(path);
    while (const auto line = reader.next()) {
        const auto id = line->find("id");
        list.push_back({id == line->end() ? std::to_string(reader.lineNumber()) : toLine(*id),
                        requiredString(*line, "instruction", reader.where()),
                        optionalString(*line, "input", reader.where()).value_or(""),
                        optionalString(*line, "output", reader.where()).value_or("")});
    }
    return list;
}

}  // namespace stet::annotate
