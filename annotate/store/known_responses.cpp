#include "annotate/store/known_responses.h"

#include "annotate/store/sql.h"
#include "annotate/store/texts.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace stet::annotate {

namespace {

std::uint64_t remarkOf(const std::string& kind, const std::string& text)
{
    return std::hash<std::string>()(kind + '\n' + text);
}

std::string kindOf(Verdict verdict)
{
    return std::to_string(static_cast<int>(verdict));
}

std::uint64_t factOf(const std::string& texts)
{
    return std::hash<std::string>()(texts);
}

std::uint64_t factOf(const std::string& texts, std::uint64_t remark)
{
    return factOf(texts + std::to_string(remark));
}

// That the response is there, and all that the row says about it.
std::vector<std::uint64_t> factsOf(const NewResponse& r)
{
    const std::string texts = textsHash(r.instruction, r.input, r.output, r.messages);
    std::vector<std::uint64_t> facts = {factOf(texts)};
    if (r.verdict == Verdict::Accepted || r.verdict == Verdict::Criticised) {
        facts.push_back(factOf(texts, remarkOf(kindOf(r.verdict), r.judgment)));
    }
    if (r.revision) {
        facts.push_back(factOf(texts, remarkOf(kRevision, *r.revision)));
    }
    if (r.demonstration) {
        facts.push_back(factOf(texts, remarkOf(kDemonstration, *r.demonstration)));
    }
    return facts;
}

using Remark = std::pair<std::int64_t, std::uint64_t>;  // the response and what was said about it

// All there are: no index leads from a response to what was said about it before, and sixteen bytes for each are few.
std::vector<Remark> remarksIn(SQLite::Database& database)
{
    std::vector<Remark> remarks;
    SQLite::Statement query(database,
                            "SELECT response, CAST(verdict AS TEXT), text FROM judgments UNION ALL SELECT response, "
                            "kind, text FROM better_answers");
    while (query.executeStep()) {
        remarks.emplace_back(query.getColumn(0).getInt64(), remarkOf(query.getColumn(1), query.getColumn(2)));
    }
    std::sort(remarks.begin(), remarks.end());
    return remarks;
}

}  // namespace

struct KnownResponses::Queries {
    explicit Queries(SQLite::Database& database)
        : remarks(remarksIn(database))
        , responses(database,
                    "SELECT r.id, r.sha256 FROM responses r WHERE r.asked = ? AND r.batch IN (SELECT id FROM batches "
                    "WHERE published = 1)")
    {
    }

    std::vector<Remark> remarks;
    SQLite::Statement responses;
};

KnownResponses::KnownResponses(const ProjectFolder& project) : m_project(project) { }

KnownResponses::~KnownResponses() = default;

bool KnownResponses::holds(const NewResponse& r)
{
    const std::string asked = askedKey(r.instruction, r.input, r.messages);
    if (m_asked.insert(asked).second) {
        learn(asked);
    }
    const auto facts = factsOf(r);
    return std::all_of(facts.begin(), facts.end(), [&](std::uint64_t fact) { return m_facts.count(fact) > 0; });
}

void KnownResponses::learn(const std::string& asked)
{
    reading(m_project, [&](auto& database) {
        if (!m_queries) {
            m_queries = std::make_unique<Queries>(database);
        }
        auto& responses = m_queries->responses;
        responses.reset();
        responses.bind(1, asked);
        const auto& remarks = m_queries->remarks;
        while (responses.executeStep()) {
            const std::int64_t id = responses.getColumn(0).getInt64();
            const std::string texts = responses.getColumn(1);
            m_facts.insert(factOf(texts));
            for (auto remark = std::lower_bound(remarks.begin(), remarks.end(), Remark(id, 0));
                 remark != remarks.end() && remark->first == id; ++remark) {
                m_facts.insert(factOf(texts, remark->second));
            }
        }
        responses.reset();  // a read that is left open keeps the log from being written back
    });
}

}  // namespace stet::annotate
