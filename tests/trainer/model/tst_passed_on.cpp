// Folders that leave Stet: an adapter is passed on byte for byte, and every folder has a model card that says what its
// round was, as Hugging Face reads it; of a folder that is no round nothing is made up.
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/files/model_card.h"
#include "trainer/model/adapter_copy.h"
#include "trainer/model/decoder.h"
#include "trainer/model/merge.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

namespace {

const std::string kModel = test::goldenDir() + "/cut/model";
const std::string kAdapter = test::goldenDir() + "/cut/start";

std::string text(const std::string& path)
{
    return readFile(path, std::size_t{1} << 24U);
}

bool has(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

class PassedOnTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string at(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

    // What a round leaves, with the golden's adapter.
    std::string round(const std::string& name)
    {
        const std::string folder = at(name);
        fs::create_directory(folder);
        fs::copy(kAdapter, folder + "/adapter");
        publishFile(folder + "/resolved.json",
                    R"({"objective": "cut", "preset": "stable", "contrast": "D6", "lambda": 1.1,
            "lora": {"r": 16, "alpha": 16.0, "targets": ["down_proj", "up_proj"]}, "optimizer": {"lr": 0.0025},
            "epochs": 4, "seed": 42, "prompt_style": "alpaca", "versions": {"stet": "0.1.0"}})");
        publishFile(folder + "/report.json", R"({"steps_done": 104, "lambda": 1.25, "totals": {"examples": 206,
            "criticised": 194, "accepted": 12, "left_out": [{"id": 1}]}, "last_step": {"loss": 0.5}})");
        publishFile(folder + "/compare.jsonl",
                    "{\"id\": 1}\n{\"summary\": {\"criticised_flagged_logp\": {\"before\": -0.5, \"after\": -3.25},"
                    " \"control_kl\": {\"before\": null, \"after\": null}}}\n");
        return folder;
    }

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void anAdapterIsPassedOnByteForByte()
    {
        const std::string from = round("round") + "/adapter";
        const std::string out = at("my-adapter");
        model::copyAdapter(files::openModelFolder(kModel), from + "/", out, {});
        for (const char* name : {"/adapter_config.json", "/adapter_model.safetensors"}) {
            QVERIFY(text(out + name) == text(from + name));
        }
        const std::string card = text(out + "/README.md");
        QVERIFY(card.starts_with("---\nlibrary_name: peft\npipeline_tag: text-generation\n"));
        QVERIFY(!has(card, "base_model:"));  // a folder of this disk is no model of the hub
        for (const char* part : {"# my-adapter\n", "| objective | cut |", "| contrast | D6 |", "| threshold λ | 1.25 |",
                                 "| LoRA: modules | down_proj, up_proj |", "| learning rate | 0.0025 |",
                                 "| steps | 104 |", "| criticised | 194 |", "| accepted | 12 |", "| left out | 1 |",
                                 "| loss | 0.5 |", "| log-probability of criticised tokens | -0.5 | -3.25 |"}) {
            QVERIFY2(has(card, part), (part + (" is not in\n" + card)).c_str());
        }
        QVERIFY(!has(card, "KL to the model"));  // not measured
    }

    void aModelOfTheHubIsNamed()
    {
        const std::string base = at("models--org--small/snapshots/0123");
        fs::create_directories(base);
        const std::string alone = files::modelCardText({at("x"), base, kAdapter, true});
        QVERIFY(has(alone, "base_model: \"org/small\"\nbase_model_relation: adapter\n"));
        const std::string whole = files::modelCardText({at("x"), base, kAdapter, false});
        QVERIFY(has(whole, "base_model_relation: finetune\nlibrary_name: transformers\n"));
        QVERIFY(!has(whole, "## Training"));  // the golden's adapter is of no round
    }

    void filesOfSomethingElseBesideAnAdapterSayNothing()
    {
        const std::string folder = round("other");
        for (const char* content : {"[1, 2]", "{\"totals\": 3}", "no JSON", "{}"}) {
            publishFile(folder + "/report.json", content);
            const std::string card = files::modelCardText({at("x"), kModel, folder + "/adapter", true});
            QVERIFY2(!has(card, "## Training"), content);
        }
    }

    void aMergedModelHasItsCard()
    {
        const std::string out = at("merged");
        model::mergeAdapter(files::openModelFolder(kModel), round("merged-round") + "/adapter", out, {});
        QVERIFY(has(text(out + "/README.md"), "library_name: transformers\n"));
        QVERIFY(has(text(out + "/README.md"), "| criticised | 194 |"));
    }

    void nothingHalfWrittenStays()
    {
        const std::string from = round("cancelled") + "/adapter";
        const auto base = files::openModelFolder(kModel);
        QVERIFY_EXCEPTION_THROWN(model::copyAdapter(base, from, at("given-up"), [] { return true; }), model::Cancelled);
        QVERIFY(!fs::exists(at("given-up")));
        fs::create_directory(at("there"));
        const auto said = test::messageOf([&] { model::copyAdapter(base, from, at("there"), {}); });
        QVERIFY2(has(said, "exists already"), said.c_str());
        QVERIFY(fs::is_empty(at("there")));
    }

    void anAdapterOfAnotherModelIsRefused()
    {
        const auto said = test::messageOf([&] {
            model::copyAdapter(files::openModelFolder(test::exampleDir() + "/model"), kAdapter, at("other-model"), {});
        });
        QVERIFY2(!said.empty(), "it was copied");
        QVERIFY(!fs::exists(at("other-model")));
    }
};

QTEST_APPLESS_MAIN(PassedOnTest)
#include "tst_passed_on.moc"
