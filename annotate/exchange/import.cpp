#include "annotate/exchange/import.h"

#include "annotate/exchange/file_checks.h"
#include "annotate/exchange/linter.h"
#include "annotate/exchange/record_text.h"
#include "base/failure.h"
#include "base/json_lines.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>

namespace stet::annotate {

namespace {

constexpr int kRowsPerTransaction = 200;

// The rows of one file on their way into a batch of the project.
class Import {
public:
    // batch: none where nothing is to be stored.
    Import(Project& project, const ImportHooks& hooks, std::optional<std::int64_t> batch)
        : m_project(project)
        , m_hooks(hooks)
        , m_batch(batch)
        , m_ids(project)
        , m_first(hooks.holdOut && hooks.set.empty() && project.counts().total == 0 && !project.hasInstructions())
    {
    }

    void take(const DataRow& row)
    {
        ++m_row;
        if (!row.unfit.empty()) {
            ++m_unfit;
            tell(FindingKind::Unfit, {}, "It can't be taken: " + row.unfit + "; it is left out.",
                 "Mend it, or do without it.", row.unfit);
        } else if (!m_hooks.set.empty() || isInstructionAlone(row)) {
            takeInstruction(row);
        } else {
            takeResponse(row);
        }
        if (m_row % kRowsPerTransaction == 0) {
            store();
            rest();
        }
    }

    ImportResult finish()
    {
        store();
        if (m_batch) {
            m_result.heldOut = m_project.publishBatch(*m_batch, m_first ? HeldOutShare::ATenth : HeldOutShare::Nothing);
            m_result.batch = *m_batch;
        }
        return std::move(m_result);
    }

    bool empty() const { return m_row == m_unfit; }

private:
    void tell(FindingKind kind, const std::string& id, const std::string& problem, const std::string& suggestion,
              const std::string& excerpt)
    {
        m_result.findings.push_back({kind, m_row, id, problem, suggestion, excerpt});
    }

    void takeResponse(const DataRow& row)
    {
        NewResponse r = responseFromRow(row);
        if (isNobody(r.judgedBy)) {
            r.judgedBy = m_hooks.judgedBy;
        }
        m_ids.give(r);
        if (mend(r)) {
            ++m_result.leftOut;
            return;
        }
        count(r);
        lookAtFields(row, r.externalId);
        m_ids.remember(r, m_row);
        m_linter.remember(r, m_row);
        m_responses.push_back(std::move(r));
    }

    // What the check finds in it gets its remedy, or is told. True: the row is left out.
    bool mend(NewResponse& r)
    {
        std::vector<Finding> told;
        // In this order: what was mended when the file came in before is known as it was stored.
        if (!settle(m_linter.look(r, m_row), r, told) || !settle(m_ids.look(r, m_row), r, told)) {
            return true;
        }
        m_result.findings.insert(m_result.findings.end(), std::make_move_iterator(told.begin()),
                                 std::make_move_iterator(told.end()));
        return false;
    }

    // False: one of them leaves the row out. told: those without a remedy.
    bool settle(std::vector<Finding> findings, NewResponse& r, std::vector<Finding>& told)
    {
        const auto remedyOf = [&](const Finding& finding) {
            const auto chosen = m_hooks.remedies.find(finding.kind);
            return chosen == m_hooks.remedies.end() ? Remedy::Keep : chosen->second;
        };
        const auto leavesOut = [&](const Finding& finding) { return remedyOf(finding) == Remedy::LeaveOut; };
        if (std::any_of(findings.begin(), findings.end(), leavesOut)) {
            return false;
        }
        for (auto& finding : findings) {
            if (remedyOf(finding) == Remedy::Keep) {
                told.push_back(std::move(finding));
            } else {
                apply(remedyOf(finding), r);
            }
        }
        return true;
    }

    void apply(Remedy remedy, NewResponse& r)
    {
        if (remedy == Remedy::NewId) {
            r.externalId.clear();
            m_ids.give(r);
        } else {
            r.verdict = remedy == Remedy::Accept ? Verdict::Accepted : Verdict::Open;
            r.judgment.clear();
            r.judgedBy = r.verdict == Verdict::Open ? Author() : r.judgedBy;
        }
    }

    void takeInstruction(const DataRow& row)
    {
        Instruction one = instructionFromRow(row);
        if (m_hooks.set == kControlSet && one.output.empty()) {
            throw badInput(row.where +
                           ": field 'output' is missing; the control set needs the answers that should not move");
        }
        if (m_hooks.set != kControlSet) {
            one.output.clear();
        }
        lookAtFields(row, one.externalId);
        if (one.instruction.find_first_not_of(" \t\r\n") == std::string::npos) {
            tell(FindingKind::Unfit, one.externalId, "The instruction is empty; it is left out.",
                 "Write what the model should answer.", "an empty instruction");
            return;
        }
        m_instructions.push_back(std::move(one));
    }

    void count(const NewResponse& r)
    {
        ++m_result.responses;
        m_result.accepted += r.verdict == Verdict::Accepted ? 1 : 0;
        m_result.criticised += r.verdict == Verdict::Criticised ? 1 : 0;
        m_result.open += r.verdict == Verdict::Open ? 1 : 0;
    }

    void lookAtFields(const DataRow& row, const std::string& id)
    {
        if (row.foreign) {
            return;
        }
        for (auto& finding : m_unknown.look(row.record, id, m_row)) {
            m_result.findings.push_back(std::move(finding));
        }
    }

    void store()
    {
        if (m_batch) {
            m_project.addResponses(*m_batch, m_responses);
            const int added =
                m_project.addInstructions(m_hooks.set.empty() ? kWaitingSet : m_hooks.set, m_instructions, m_batch);
            m_result.instructions += added;
            m_result.known += static_cast<int>(m_instructions.size()) - added;
        } else {
            m_result.instructions += static_cast<int>(m_instructions.size());
        }
        m_responses.clear();
        m_instructions.clear();
    }

    void rest() const
    {
        if (m_hooks.onProgress) {
            m_hooks.onProgress(m_row);
        }
        if (m_hooks.cancelled && m_hooks.cancelled()) {
            throw Failure(FailureKind::Interrupted, "The import was cancelled; nothing was imported");
        }
    }

    Project& m_project;
    const ImportHooks& m_hooks;
    std::optional<std::int64_t> m_batch;
    ImportResult m_result;
    Linter m_linter;
    UnknownFields m_unknown;
    FileIds m_ids;
    int m_row = 0;
    int m_unfit = 0;  // of them
    bool m_first;     // nothing has come into the project before
    std::vector<NewResponse> m_responses;
    std::vector<Instruction> m_instructions;
};

ImportResult takeRows(const DataFile& file, Import import)
{
    std::string unfit;
    while (const auto row = file.rows->next()) {
        import.take(*row);
        unfit = unfit.empty() && !row->unfit.empty() ? ". The first: " + row->where + ": " + row->unfit : unfit;
    }
    if (import.empty()) {
        throw badInput(file.path + " holds no records" + (unfit.empty() ? "" : " that can be taken") + unfit);
    }
    return import.finish();
}

}  // namespace

DataFile openDataFile(const std::string& path, const std::string& format, const Columns& columns)
{
    if (!std::filesystem::is_regular_file(path)) {
        throw badInput("Cannot import " + path + ": there is no such file");
    }
    const bool byContent = format == "auto" || format.empty();
    const Format& chosen = byContent ? formatOfFile(path, columns) : formatNamed(format);
    if (!columns.empty() && !chosen.takesColumns()) {
        throw Failure(FailureKind::Usage,
                      "The format '" + chosen.name() +
                          "' names its fields itself; columns go with csv, tsv, jsonl, cut");
    }
    return {path, chosen.open(path, columns)};
}

ImportResult importFile(Project& project, const std::string& path, const std::string& format, const ImportHooks& hooks)
{
    return importFile(project, openDataFile(path, format), hooks);
}

ImportResult importFile(Project& project, const DataFile& file, const ImportHooks& hooks)
{
    const std::int64_t batch = project.beginBatch(std::filesystem::path(file.path).filename().string());
    try {
        return takeRows(file, Import(project, hooks, batch));
    } catch (...) {
        project.cancelBatch(batch);
        throw;
    }
}

ImportResult checkFile(Project& project, const DataFile& file, const ImportHooks& hooks)
{
    return takeRows(file, Import(project, hooks, std::nullopt));
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
                        optionalString(*line, "output", reader.where()).value_or(""),
                        {}});
    }
    return list;
}

}  // namespace stet::annotate
