// The adapter that a round leaves: in the plain form that every program reads, whatever its parent was, relative to a
// base that is named so that it can be found, and the one that its probe was made with.
#include "tests/support/plain_adapter.h"
#include "tests/trainer/round/short_round.h"
#include "trainer/files/adapter_config.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/round/round_adapters.h"
#include "trainer/verify/verify.h"

#include <ATen/ATen.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

// The adapter of a round, which verify finds sound.
void isPlainAndSound(const std::string& folder, std::int64_t rank)
{
    isPlainAdapter(folder + "/adapter", rank);
    const auto sound = round::verifyFolder(folder, {"cpu", "auto", 1});
    QVERIFY2(sound.sound, sound.report.dump().c_str());
    QVERIFY2(sound.report.at("probe_difference").get<double>() < 1e-5, sound.report.dump().c_str());
}

Json parentOf(const std::string& adapter, const char* how)
{
    return {{"adapter", adapter}, {"how", how}};
}

std::string baseNameFor(const std::string& model)
{
    files::RoundSettings settings;
    settings.model = model;
    settings.loraTargets = files::ModuleChoice{{"q_proj"}, {}};
    return round::trainedConfig(settings, files::openModelFolder(model).config).baseModel;
}

}  // namespace

class RoundAdaptersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRoundWritesOneRankAndItsAlpha_data()
    {
        QTest::addColumn<QByteArray>("lora");
        QTest::newRow("alpha of its own") << QByteArray(R"({"r": 4, "alpha": 8})");
        QTest::newRow("rank-stabilised") << QByteArray(R"({"r": 4, "alpha": 8, "rslora": true})");
    }

    void aRoundWritesOneRankAndItsAlpha()
    {
        QFETCH(QByteArray, lora);
        const QTemporaryDir dir;
        const std::string folder =
            makeShortRound(dir, "round", {{"lora", Json::parse(lora.toStdString())}, {"epochs", 1}});
        round::runRound(folder, {}, {});
        isPlainAndSound(folder, 4);
    }

    // Rounds one after another, each with other targets, rank and scale, merged and continued.
    void aChainOfRoundsKeepsToOneRank()
    {
        const QTemporaryDir dir;
        const std::string first =
            makeShortRound(dir, "first",
                           {{"epochs", 1},
                            {"parent", parentOf(startAdapter(), "merge")},
                            {"lora", {{"r", 3}, {"alpha", 5}, {"targets", {"q_proj", "up_proj"}}}}});
        round::runRound(first, {}, {});
        isPlainAndSound(first, 7);
        const std::string second =
            makeShortRound(dir, "second",
                           {{"epochs", 1},
                            {"parent", parentOf(first + "/adapter", "merge")},
                            {"lora", {{"r", 2}, {"alpha", 8}, {"rslora", true}, {"targets", {"o_proj"}}}}});
        round::runRound(second, {}, {});
        isPlainAndSound(second, 7);
        const std::string third = makeShortRound(
            dir, "third",
            {{"epochs", 1}, {"parent", parentOf(second + "/adapter", "continue")}, {"lora", {{"dropout", 0}}}});
        round::runRound(third, {}, {});
        isPlainAndSound(third, 7);
    }

    void anAdapterOfPeftWithPatternsIsContinued()
    {
        const QTemporaryDir dir;
        const std::string given = dir.path().toStdString() + "/given";
        fs::copy(startAdapter(), given);
        Json config = readJsonFile(given + "/adapter_config.json");
        config["use_rslora"] = true;
        config["alpha_pattern"] = {{"down_proj", 3}};
        config["target_modules"] = "^(?!.*visual).*(?:down|gate|up)_proj";
        publishFile(given + "/adapter_config.json", config.dump());
        const std::string folder = makeShortRound(
            dir, "round", {{"epochs", 1}, {"lora", {{"dropout", 0}}}, {"parent", parentOf(given, "continue")}});
        round::runRound(folder, {}, {});
        isPlainAndSound(folder, 4);
        const std::string merged = makeShortRound(dir, "merged", {{"epochs", 1}, {"parent", parentOf(given, "merge")}});
        round::runRound(merged, {}, {});
        isPlainAndSound(merged, 8);
    }

    void theBaseIsNamedByItsWholePath()
    {
        QCOMPARE(baseNameFor(smallModel()), smallModel());
        QCOMPARE(baseNameFor(smallModel() + "/"), smallModel());
        QCOMPARE(baseNameFor(smallModel() + "/../model//"), smallModel());
        const auto before = fs::current_path();
        fs::current_path(fs::path(smallModel()).parent_path());
        const std::string relative = baseNameFor("model/");
        fs::current_path(smallModel());
        const std::string here = baseNameFor(".");
        fs::current_path(before);
        QCOMPARE(relative, smallModel());
        QCOMPARE(here, smallModel());
    }

    void aSnapshotOfTheHubIsNamedByItsId()
    {
        const QTemporaryDir dir;
        const std::string cache = dir.path().toStdString() + "/hub";
        for (const auto& [name, id] :
             {std::pair("models--acme--small-1.5-it", "acme/small-1.5-it"), std::pair("models--gpt2", "gpt2")}) {
            const std::string folder = cache + "/" + name + "/snapshots/0f42";
            fs::create_directories(fs::path(folder).parent_path());
            fs::copy(smallModel(), folder);
            QCOMPARE(baseNameFor(folder), std::string(id));
            QCOMPARE(baseNameFor(folder + "/"), std::string(id));
            fs::remove(dir.path().toStdString() + "/link");
            fs::create_directory_symlink(folder, dir.path().toStdString() + "/link");
            QCOMPARE(baseNameFor(dir.path().toStdString() + "/link"), std::string(id));
        }
    }

    // A continued adapter may name a base that is nowhere here.
    void aContinuedAdapterNamesTheModelItWasTrainedOn()
    {
        const QTemporaryDir dir;
        const std::string folder = makeShortRound(
            dir, "round",
            {{"epochs", 1}, {"lora", {{"dropout", 0}}}, {"parent", parentOf(startAdapter(), "continue")}});
        round::runRound(folder, {}, {});
        QCOMPARE(adapterConfig(folder + "/adapter").at("base_model_name_or_path").get<std::string>(), smallModel());
    }
};

QTEST_APPLESS_MAIN(RoundAdaptersTest)
#include "tst_round_adapters.moc"
