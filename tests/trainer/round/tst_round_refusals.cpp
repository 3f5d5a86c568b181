// What can't be trained is said and leaves nothing behind, and what was damaged afterwards is found.
#include "base/folder_lock.h"
#include "tests/support/bounded.h"
#include "tests/trainer/round/short_round.h"
#include "trainer/files/safetensors.h"
#include "trainer/verify/verify.h"

#include <unistd.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class RoundRefusalsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void whatCannotBeTrainedIsSaid()
    {
        QTemporaryDir dir;
        const std::string accepted = makeShortRound(dir, "accepted");
        publishFile(accepted + "/examples.jsonl",
                    R"({"id": 1, "instruction": "a", "output": "b c d", "judgment": null})"
                    "\n");
        refusesRound(accepted, FailureKind::BadInput, "criticised");
        const std::string empty = makeShortRound(dir, "empty");
        publishFile(empty + "/examples.jsonl", "");
        refusesRound(empty, FailureKind::BadInput, "examples.jsonl");
        const std::string hot = makeShortRound(dir, "hot", {{"optimizer", {{"lr", 0}}}});
        refusesRound(hot, FailureKind::BadInput, "changed nothing");
        refusesRound(dir.path().toStdString() + "/nowhere", FailureKind::BadInput, "nowhere");
    }

    void aLossThatIsNoNumberStopsTheRound()
    {
        QTemporaryDir dir;
        const std::string damaged = dir.path().toStdString() + "/model";
        fs::copy(smallModel(), damaged);
        const std::string weights = damaged + "/model.safetensors";
        const auto entry = files::readSafetensorsHeader(weights).tensors.at("model.norm.weight");
        std::fstream file(weights, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(entry.begin));
        file.write("\x00\x00\xC0\x7F", 4);  // not a number, in float32
        file.close();
        const std::string folder = makeShortRound(dir, "round", {{"model", damaged}});
        refusesRound(folder, FailureKind::BadInput, "is not a number");
        QVERIFY(fs::exists(folder + "/examples.jsonl"));
    }

    void tooLittleMemoryIsSaidBeforeAnythingIsLoaded()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::RoundOptions options;
        options.freeMemory = 200'000;
        try {
            round::runRound(folder, options, {});
            QFAIL("the round ran");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::OutOfMemory);
            const std::string said = failure.what();
            QVERIFY2(said.find("0.000 GB are free") != std::string::npos && said.find("Lower") != std::string::npos,
                     said.c_str());
        }
        // Shorter texts don't help where not even the weights fit.
        options.freeMemory = 100'000;
        try {
            round::runRound(folder, options, {});
            QFAIL("the round ran");
        } catch (const Failure& failure) {
            const std::string said = failure.what();
            QVERIFY2(said.find("smaller model") != std::string::npos && said.find("max_length") == std::string::npos,
                     said.c_str());
        }
        QVERIFY(!fs::exists(folder + "/adapter"));
        QVERIFY(!fs::exists(folder + "/log.jsonl"));
        // With more the same round runs.
        options.freeMemory = 60'000'000;
        QCOMPARE(round::runRound(folder, options, {}).outcome, round::Outcome::Finished);
    }

    void oneProcessPerFolder()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        const FolderLock lock(folder);
        refusesRound(folder, FailureKind::BadInput, "Another process");
    }

    void aFolderThatCannotBeWrittenIsRefused()
    {
        if (::geteuid() == 0) {
            QSKIP("root may write everywhere");
        }
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
        refusesRound(folder, FailureKind::BadInput, "not allowed");
        fs::permissions(folder, fs::perms::owner_all);
    }

    void verifyFindsWhatWasDamaged()
    {
        QTemporaryDir dir;
        const model::ComputeOptions cpu{"cpu", "auto", 1};
        const std::string folder = makeShortRound(dir, "round");
        QVERIFY(!round::verifyFolder(folder, cpu).sound);  // not finished
        round::runRound(folder, {}, {});
        const auto sound = round::verifyFolder(folder, cpu);
        QVERIFY2(sound.sound, sound.report.dump().c_str());
        QVERIFY(sound.report.at("probe_difference").get<double>() < 1e-6);
        QVERIFY(round::verifyFolder(folder + "/adapter", cpu).sound);
        QVERIFY(round::verifyFolder(smallModel(), cpu).sound);
        QVERIFY_EXCEPTION_THROWN(round::verifyFolder(dir.path().toStdString(), cpu), Failure);

        // A file that is no longer what it was.
        const std::string probe = contentOf(folder + "/probe.json");
        const std::string resolved = contentOf(folder + "/resolved.json");
        for (const char* damaged : {"{}", "[]", R"({"examples": [1]})", R"({"examples": [{"line": 0}]})"}) {
            publishFile(folder + "/probe.json", damaged);
            QVERIFY2(!round::verifyFolder(folder, cpu).sound, damaged);
        }
        publishFile(folder + "/probe.json", probe);
        Json otherModel = Json::parse(resolved);
        otherModel["model_sha256"] = "00";
        for (const std::string& damaged :
             {std::string("[]"), std::string(R"({"examples_sha256": 3})"), otherModel.dump()}) {
            publishFile(folder + "/resolved.json", damaged);
            QVERIFY2(!round::verifyFolder(folder, cpu).sound, damaged.c_str());
        }
        publishFile(folder + "/resolved.json", resolved);
        QVERIFY(round::verifyFolder(folder, cpu).sound);

        // Another number in the adapter: still finite, no longer what was trained.
        const std::string path = folder + "/adapter/adapter_model.safetensors";
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-4, std::ios::end);
        const float other = 3.0F;
        file.write(reinterpret_cast<const char*>(&other), sizeof other);
        file.close();
        QVERIFY(round::verifyFolder(folder + "/adapter", cpu).sound);
        QVERIFY(!round::verifyFolder(folder, cpu).sound);

        fs::resize_file(path, fs::file_size(path) - 1);
        QVERIFY(!round::verifyFolder(folder + "/adapter", cpu).sound);
    }

    // Of a file that holds something else, however large, only the header is read.
    void anAdapterThatIsNoneIsNotSound()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/adapter";
        fs::create_directory(folder);
        fs::copy_file(startAdapter() + "/adapter_config.json", folder + "/adapter_config.json");
        const std::string path = folder + "/adapter_model.safetensors";
        const std::string header = R"({"foreign":{"dtype":"F32","shape":[805306368],"data_offsets":[0,3221225472]}})";
        std::string size(8, '\0');
        size[0] = static_cast<char>(header.size());
        publishFile(path, size + header);
        fs::resize_file(path, 8 + header.size() + 3221225472U);
        const Bounded bounds;
        const auto result = round::verifyFolder(folder, {"cpu", "auto", 1});
        QVERIFY(!result.sound);
        QVERIFY2(result.report.dump().find("'foreign' is no part of a LoRA pair") != std::string::npos,
                 result.report.dump().c_str());
        const auto decoder = model::Decoder::load(files::openModelFolder(smallModel()),
                                                  model::resolveCompute({"cpu", "float32", 1}, ""));
        try {
            (void)model::Adapter::load(folder, *decoder);
            QFAIL("it was loaded");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::BadInput);
        }
        QCOMPARE(bounds.broken(), std::string());
    }

    // A model whose weights are right and that can't be spoken to.
    void aModelWithoutItsTokenizerIsNotSound()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/model";
        fs::copy(smallModel(), folder);
        QVERIFY(round::verifyFolder(folder, {"cpu", "auto", 1}).sound);
        publishFile(folder + "/tokenizer.json", "{}");
        QVERIFY(!round::verifyFolder(folder, {"cpu", "auto", 1}).sound);
        fs::remove(folder + "/tokenizer.json");
        QVERIFY(!round::verifyFolder(folder, {"cpu", "auto", 1}).sound);
    }

    void aRoundThatCannotLearnIsRefusedBeforeItTrains()
    {
        QTemporaryDir dir;
        const std::string folder =
            makeRound(dir, "round", {{"preset", "cut-code"}, {"batch_size", 100}, {"epochs", 1}});
        refusesRound(folder, FailureKind::BadInput, "nothing would be learnt");
        QVERIFY(!fs::exists(folder + "/probe.json"));
    }

    // Every setting as used, also what a continued parent brings.
    void whatWasUsedIsWrittenDown()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(
            dir, "round",
            {{"preset", "cut-code"}, {"parent", {{"adapter", startAdapter()}, {"how", "continue"}}}, {"epochs", 1}});
        round::runRound(folder, {}, {});
        const Json resolved = Json::parse(contentOf(folder + "/resolved.json"));
        const auto parents = files::readAdapterConfig(startAdapter());
        QCOMPARE(resolved.at("lora").at("r").get<std::int64_t>(), parents.rank);
        QCOMPARE(resolved.at("lora").at("alpha").get<double>(), parents.alpha);
        QVERIFY(fs::path(resolved.at("model").get<std::string>()).is_absolute());
        QVERIFY(fs::path(resolved.at("parent").at("adapter").get<std::string>()).is_absolute());
        QCOMPARE(files::readAdapterConfig(folder + "/adapter").dropout, 0.05);
    }
};

QTEST_APPLESS_MAIN(RoundRefusalsTest)
#include "tst_round_refusals.moc"
