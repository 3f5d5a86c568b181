// The example with a real model: its data agree with each other and with the judgments that quote them, and become a
// project. A tiny model stands in for the one that is fetched.
#include "annotate/exchange/example_project.h"
#include "annotate/exchange/import.h"
#include "annotate/store/project.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace stet;
using namespace annotate;

namespace {

std::string realExample()
{
    return test::sourceDir() + "/resources/real";
}

std::vector<Json> linesOf(const std::string& name)
{
    std::vector<Json> lines;
    std::istringstream file(readFile(realExample() + "/" + name, 1U << 20U));
    for (std::string line; std::getline(file, line);) {
        lines.push_back(Json::parse(line));
    }
    return lines;
}

std::vector<std::string> quotesIn(const std::string& judgment)
{
    std::vector<std::string> quotes;
    for (auto begin = judgment.find('"'); begin != std::string::npos;) {
        const auto end = judgment.find('"', begin + 1);
        quotes.push_back(judgment.substr(begin + 1, end == std::string::npos ? end : end - begin - 1));
        begin = end == std::string::npos ? end : judgment.find('"', end + 1);
    }
    return quotes;
}

}  // namespace

class RealExampleTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;

    std::string path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)).toStdString(); }
    static std::string tinyModel() { return test::goldenDir() + "/gguf/llama.gguf"; }

private Q_SLOTS:
    void init() { m_temporary = std::make_unique<QTemporaryDir>(); }

    void whatIsHeldOutIsNowhereElse()
    {
        std::set<std::string> seen;
        std::set<std::string> ids;
        std::size_t lines = 0;
        for (const char* name : {"examples.jsonl", "waiting.jsonl", "heldout.jsonl", "control.jsonl"}) {
            for (const auto& line : linesOf(name)) {
                seen.insert(line.at("instruction").get<std::string>());
                ids.insert(line.at("id").get<std::string>());
                ++lines;
            }
        }
        QCOMPARE(linesOf("heldout.jsonl").size(), std::size_t{50});
        QCOMPARE(linesOf("examples.jsonl").size() + linesOf("waiting.jsonl").size(), std::size_t{100});
        QCOMPARE(seen.size(), lines);
        QCOMPARE(ids.size(), lines);
    }

    void ofEveryKindOfTaskFiveAreHeldOut()
    {
        std::map<std::string, int> kinds;
        for (const auto& line : linesOf("heldout.jsonl")) {
            const auto id = line.at("id").get<std::string>();
            ++kinds[id.substr(0, id.find('-'))];
        }
        QCOMPARE(kinds.size(), std::size_t{10});
        QVERIFY(std::all_of(kinds.begin(), kinds.end(), [](const auto& kind) { return kind.second == 5; }));
    }

    void everyJudgmentQuotesWordsOfItsAnswer()
    {
        int criticised = 0;
        int accepted = 0;
        for (const auto& line : linesOf("examples.jsonl")) {
            const auto output = line.at("output").get<std::string>();
            QVERIFY(!line.at("instruction").get<std::string>().empty() && !output.empty());
            if (line.at("judgment").is_null()) {
                ++accepted;
                continue;
            }
            ++criticised;
            const auto quotes = quotesIn(line.at("judgment").get<std::string>());
            QVERIFY2(!quotes.empty(), line.at("id").get<std::string>().c_str());
            for (const auto& quote : quotes) {
                QVERIFY2(!quote.empty() && output.find(quote) != std::string::npos, quote.c_str());
            }
        }
        QCOMPARE(criticised, 33);
        QCOMPARE(accepted, 7);
    }

    void nothingIsJudgedThatWaits()
    {
        for (const auto& line : linesOf("waiting.jsonl")) {
            QVERIFY(!line.contains("judgment") && line.contains("output"));
        }
    }

    void itBecomesAProjectThatHoldsItsModel()
    {
        std::filesystem::copy_file(tinyModel(), path("cached.gguf"));
        createExampleProject(realExample(), path("real.stet"), path("cached.gguf"));
        std::filesystem::remove(path("cached.gguf"));  // as when somebody empties the cache
        const auto project = Project::open(path("real.stet"));
        const auto counts = project->counts();
        QCOMPARE(counts.total, 100);
        QCOMPARE(counts.open, 60);
        QCOMPARE(counts.accepted, 7);
        QCOMPARE(counts.criticised, 33);
        QCOMPARE(project->instructions("heldout").size(), std::size_t{50});
        QCOMPARE(project->instructions("control").size(), std::size_t{9});
        QCOMPARE(project->setting("model"), path("real.stet") + "/cached.gguf");
        QCOMPARE(readFile(project->setting("model"), 1U << 20U), readFile(tinyModel(), 1U << 20U));
        QVERIFY(!project->setting("guidelines").empty());
        QCOMPARE(project->maxNewTokens(), 120);
        QCOMPARE(project->item(*project->firstOpen())->author,
                 (Author{AuthorKind::Model, {}, "SmolLM2-135M-Instruct", {}}));
        QVERIFY(project->check().empty());
    }

    // A link to the cache's link would be empty with the cache.
    void aLinkToTheModelIsFollowed()
    {
        std::filesystem::copy_file(tinyModel(), path("cached.gguf"));
        std::filesystem::create_symlink(path("cached.gguf"), path("link.gguf"));
        createExampleProject(realExample(), path("real.stet"), path("link.gguf"));
        std::filesystem::remove(path("cached.gguf"));
        QVERIFY(std::filesystem::exists(path("real.stet") + "/link.gguf"));
    }

    void withoutItsModelNothingIsMade()
    {
        try {
            createExampleProject(realExample(), path("real.stet"), path("none.gguf"));
            QFAIL("a project without a model");
        } catch (const Failure& failure) {
            QVERIFY2(std::string(failure.what()).find("none.gguf") != std::string::npos, failure.what());
        }
        QVERIFY(std::filesystem::is_empty(m_temporary->path().toStdString()));
    }

    void theCheckOfDataFindsNothingInIt()
    {
        const auto project = Project::create(path("p.stet"), tinyModel());
        const auto result = importFile(*project, realExample() + "/examples.jsonl", "auto");
        for (const auto& finding : result.findings) {
            QFAIL((finding.id + ": " + finding.problem).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(RealExampleTest)
#include "tst_real_example.moc"
