// An adapter folded into the weights: the same weights as PEFT's merge, the same log-probabilities as base and adapter,
// in one file or several; all of it or nothing.
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/merge.h"
#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

namespace {

std::string golden(const std::string& name)
{
    return test::goldenDir() + "/" + name;
}

at::Tensor logProbs(const std::string& folder, const std::string& adapterFolder, const at::Tensor& ids)
{
    const c10::InferenceMode inference;
    const auto decoder =
        model::Decoder::load(files::openModelFolder(folder), model::resolveCompute({"cpu", "float32", 1}, "float32"));
    model::Adapter adapter;
    model::Adapters adapters;
    if (!adapterFolder.empty()) {
        adapter = model::Adapter::load(adapterFolder, *decoder);
        adapters.terms = {&adapter};
    }
    return at::log_softmax(decoder->logits(decoder->hiddenStates(ids, adapters).flatten(0, 1)), -1);
}

double largest(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

}  // namespace

class MergeTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string out(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void weightsAndNumbersAreThoseOfBaseAndAdapter_data()
    {
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("adapter");
        QTest::addColumn<quint64>("shard");
        QTest::addColumn<bool>("wide");
        const auto row = [](const char* what, const char* base, const char* adapter, quint64 shard, bool wide = false) {
            QTest::newRow(what) << QString::fromLatin1(base) << QString::fromLatin1(adapter) << shard << wide;
        };
        row("one file", "transformers/grouped-untied", "adapters/patterns", 1U << 30U);
        row("several files", "transformers/grouped-untied", "adapters/layers", 20000);
        row("fused, tied", "transformers/phi3-longrope", "transformers/phi3-longrope/fused", 1U << 30U);
        row("fused, tied, in float32", "transformers/phi3-longrope", "transformers/phi3-longrope/fused", 1U << 30U,
            true);
        row("gemma, several files, in float32", "transformers/gemma2", "transformers/gemma2/lora", 9000, true);
    }

    void weightsAndNumbersAreThoseOfBaseAndAdapter()
    {
        QFETCH(QString, base);
        QFETCH(QString, adapter);
        QFETCH(quint64, shard);
        QFETCH(bool, wide);
        const std::string made = out(QTest::currentDataTag());
        model::MergeOptions options;
        options.shardBytes = shard;
        options.wide = wide;
        double progress = 0;
        options.progress = [&](double done) { progress = done; };
        model::mergeAdapter(files::openModelFolder(golden(base.toStdString())), golden(adapter.toStdString()), made,
                            options);
        QCOMPARE(progress, 1.0);
        const auto folder = files::openModelFolder(made);
        QCOMPARE(folder.weightFiles.size() > 1, shard < 1000000);
        for (const auto& file : folder.weightFiles) {
            QVERIFY(fs::file_size(file) <= shard + 8192);
        }
        const at::Tensor ids = model::readTensors(golden(base.toStdString()) + ".safetensors").at("ids");
        const double difference =
            largest(logProbs(made, "", ids), logProbs(golden(base.toStdString()), golden(adapter.toStdString()), ids));
        qInfo("largest difference of a log-probability: %.2g", difference);
        // bfloat16 files hold the merged weights to 8 bits.
        QVERIFY(!wide || folder.config.dtype == "float32");
        QVERIFY(difference < (folder.config.dtype == "float32" ? 1e-4 : 0.2));
        QVERIFY(largest(logProbs(made, "", ids), logProbs(golden(base.toStdString()), "", ids)) > 0.1);
        if (!fs::exists(golden(adapter.toStdString()) + ".safetensors")) {
            return;
        }
        int compared = 0;
        for (const auto& [name, tensor] : model::readTensors(golden(adapter.toStdString()) + ".safetensors")) {
            if (name.rfind("merged.", 0) == 0) {
                const auto& entry = folder.tensors.at(name.substr(7));
                QVERIFY(largest(model::readTensor(folder.weightFiles[entry.file], entry), tensor) < 1e-6);
                ++compared;
            }
        }
        QCOMPARE(compared, 7);
    }

    void allOfItOrNothing()
    {
        const auto base = files::openModelFolder(golden("transformers/grouped-untied"));
        model::MergeOptions options;
        int tensors = 0;
        options.cancelled = [&] { return ++tensors > 5; };
        QVERIFY_EXCEPTION_THROWN(model::mergeAdapter(base, golden("adapters/layers"), out("stopped"), options),
                                 model::Cancelled);
        QVERIFY_EXCEPTION_THROWN(model::mergeAdapter(base, golden("adapters/absent"), out("stopped"), {}), Failure);
        QVERIFY(!fs::exists(out("stopped")));
        // Nor a folder under another name.
        QVERIFY(
            QDir(m_folder.path()).entryList({QStringLiteral("*stopped*")}, QDir::AllEntries | QDir::Hidden).isEmpty());
    }

    void whatIsThereIsLeftAlone()
    {
        fs::create_directory(out("there"));
        publishFile(out("there") + "/mine.txt", "mine");
        const auto base = files::openModelFolder(golden("transformers/grouped-untied"));
        QVERIFY_EXCEPTION_THROWN(model::mergeAdapter(base, golden("adapters/layers"), out("there"), {}), Failure);
        QCOMPARE(readFile(out("there") + "/mine.txt", 100), std::string("mine"));
    }

    // Code and pickles of the base stay where they are.
    void onlyWhatBelongsToACheckpointIsCopied()
    {
        const std::string base = out("base");
        fs::copy(golden("transformers/grouped-untied"), base);
        for (const char* name : {"modeling.py", "pytorch_model.bin", "tokenizer.model", "LICENSE"}) {
            publishFile(base + "/" + name, "x");
        }
        model::mergeAdapter(files::openModelFolder(base), golden("adapters/layers"), out("copy"), {});
        QCOMPARE(QDir(QString::fromStdString(out("copy"))).entryList(QDir::Files, QDir::Name),
                 (QStringList{QStringLiteral("LICENSE"), QStringLiteral("README.md"), QStringLiteral("config.json"),
                              QStringLiteral("model.safetensors"), QStringLiteral("tokenizer.model")}));
    }
};

QTEST_APPLESS_MAIN(MergeTest)
#include "tst_merge.moc"
