// GGUF files that are written: Stet reads them as the model they were made of, to the bit where the type holds every
// number; an adapter is in them as in base and adapter; all of a file or nothing.
#include "base/failure.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/files/gguf/model_file.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/gguf_export.h"
#include "trainer/model/tensor_io.h"
#include "trainer/text/tokenizer.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
using files::gguf::NumberType;
namespace fs = std::filesystem;

namespace {

std::string golden(const std::string& name)
{
    return test::goldenDir() + "/" + name;
}

at::Tensor logProbs(const std::string& path, const std::string& adapterFolder = {})
{
    const c10::InferenceMode inference;
    const auto decoder =
        model::Decoder::load(files::openModelFolder(path), model::resolveCompute({"cpu", "float32", 1}, "float32"));
    model::Adapter adapter;
    model::Adapters adapters;
    if (!adapterFolder.empty()) {
        adapter = model::Adapter::load(adapterFolder, *decoder);
        adapters.terms = {&adapter};
    }
    const at::Tensor ids = at::arange(3, 43, at::TensorOptions().dtype(c10::kLong)).reshape({1, -1});
    return at::log_softmax(decoder->logits(decoder->hiddenStates(ids, adapters)[0]), -1);
}

double largest(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

// An adapter of ranks and alphas of its own on two modules, with a B that isn't zero.
void makeAdapter(const std::string& base, const std::string& folder)
{
    const auto decoder =
        model::Decoder::load(files::openModelFolder(base), model::resolveCompute({"cpu", "float32", 1}, "float32"));
    files::AdapterConfig config;
    config.rank = 4;
    config.alpha = 8;
    const bool fused = decoder->config().fusedProjections;
    config.targets.names = {fused ? "qkv_proj" : "q_proj", "down_proj"};
    model::Adapter adapter = model::Adapter::create(*decoder, config, 3);
    for (auto& [name, pair] : adapter.modules) {
        pair.b =
            at::sin(at::arange(pair.b.numel(), at::TensorOptions().dtype(c10::kFloat))).reshape(pair.b.sizes()) * 0.05;
    }
    fs::create_directory(folder);
    adapter.save(folder);
}

}  // namespace

class GgufExportTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string out(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void aFileIsReadAsWhatItWasMadeOf_data()
    {
        QTest::addColumn<QString>("base");
        for (const char* name :
             {"gguf/llama.gguf", "gguf/llama-biases.gguf", "gguf/llama-tied.gguf", "gguf/mistral.gguf",
              "gguf/qwen2.gguf", "gguf/qwen3.gguf", "gguf/gemma2.gguf", "gguf/gemma3.gguf", "gguf/phi3.gguf",
              "gguf/olmo2.gguf", "gguf/granite.gguf", "gguf/parts-00001-of-00003.gguf", "cut/model"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void aFileIsReadAsWhatItWasMadeOf()
    {
        QFETCH(QString, base);
        const std::string from = golden(base.toStdString());
        const std::string adapter = out("adapter-" + base.section(u'/', -1).toStdString());
        makeAdapter(from, adapter);
        const auto before = files::openModelFolder(from);
        const at::Tensor plain = logProbs(from);
        const at::Tensor adapted = logProbs(from, adapter);
        QVERIFY(largest(plain, adapted) > 0.01);
        for (const auto type : {NumberType::F32, NumberType::F16, NumberType::BF16, NumberType::Q8_0}) {
            const std::string name = files::gguf::numberTypeName(static_cast<std::uint32_t>(type));
            const std::string path = out(base.section(u'/', -1).toStdString() + "-" + name + ".gguf");
            double done = 0;
            model::GgufExportOptions options;
            options.type = type;
            options.progress = [&](double share) { done = share; };
            model::exportGguf(before, {}, path, options);
            model::exportGguf(before, adapter, path + "-adapted.gguf", options);
            QCOMPARE(done, 1.0);
            const double far = largest(logProbs(path), plain);
            const double farAdapted = largest(logProbs(path + "-adapted.gguf"), adapted);
            qInfo("%s: log-probabilities differ by %.2g, with the adapter by %.2g", name.c_str(), far, farAdapted);
            QVERIFY(type == NumberType::F32 ? far == 0 : far < 0.3);
            QVERIFY(farAdapted < (type == NumberType::F32 ? 1e-4 : 0.3));
            const auto after = files::openModelFolder(path);
            QCOMPARE(after.stopIds, before.stopIds);
            QCOMPARE(after.chatTemplate, before.chatTemplate);
            const std::string text = "The quick <|im_end|> brown fox\n\n12 3";
            QCOMPARE(text::Tokenizer::load(path)->encode(text, text::Specials::InTextAndBegun).ids,
                     text::Tokenizer::load(from)->encode(text, text::Specials::InTextAndBegun).ids);
        }
    }

    void vectorsStayExactAndOddRowsAreHalves()
    {
        const std::string path = out("types.gguf");
        model::GgufExportOptions options;
        options.type = NumberType::Q8_0;
        model::exportGguf(files::openModelFolder(golden("gguf/qwen2.gguf")), {}, path, options);
        const auto file = files::gguf::openModelFile(path);
        QCOMPARE(file.metadata.integer("general.file_type").value(), 7);
        for (const auto& [name, tensor] : file.tensors) {
            const auto expected = tensor.shape.size() == 1 ? NumberType::F32
                : tensor.shape.back() % 32 == 0            ? NumberType::Q8_0
                                                           : NumberType::F16;
            QVERIFY2(tensor.type == expected, name.c_str());
        }
    }

    void anAdapterAloneIsLlamaCppsLayout()
    {
        const std::string base = golden("gguf/llama.gguf");
        const std::string adapter = out("alone");
        makeAdapter(base, adapter);
        const auto folder = files::openModelFolder(base);
        const std::string path = out("alone.gguf");
        model::exportGgufAdapter(folder, adapter, path, {});
        const auto header = files::gguf::readHeader(path);
        QCOMPARE(header.metadata.text("general.type").value(), std::string("adapter"));
        QCOMPARE(header.metadata.text("adapter.type").value(), std::string("lora"));
        QCOMPARE(header.metadata.text("general.architecture").value(), std::string("llama"));
        const auto loaded = model::Adapter::load(adapter, folder.config, c10::kCPU);
        QCOMPARE(header.tensors.size(), 2 * loaded.modules.size());
        // Paired rows: row 2·i + j of a head is row j·d/2 + i.
        const auto& place = header.tensors.at("blk.0.attn_q.weight.lora_b");
        std::vector<float> rows(static_cast<std::size_t>(place.shape[0] * place.shape[1]));
        files::gguf::readRows(path, place, 0, place.shape[0], rows.data());
        const auto& pair = loaded.modules.at("model.layers.0.self_attn.q_proj");
        const double alpha = header.metadata.number("adapter.lora.alpha").value();
        QCOMPARE(alpha / static_cast<double>(place.shape[1]), pair.scale);
        const std::int64_t half = folder.config.headDim / 2;
        for (std::int64_t i = 0; i < half; ++i) {
            for (std::int64_t j = 0; j < 2; ++j) {
                const auto here = static_cast<std::size_t>((2 * i + j) * place.shape[1]);
                QCOMPARE(rows[here], pair.b[j * half + i][0].item<float>());
            }
        }
    }

    void aCancelledExportLeavesNothing()
    {
        const std::string path = out("cancelled/x.gguf");
        fs::create_directory(out("cancelled"));
        model::GgufExportOptions options;
        int asked = 0;
        options.cancelled = [&] { return ++asked > 3; };
        QVERIFY_EXCEPTION_THROWN(
            model::exportGguf(files::openModelFolder(golden("gguf/llama.gguf")), {}, path, options), model::Cancelled);
        QVERIFY(fs::is_empty(out("cancelled")));
    }

    void nothingIsOverwritten()
    {
        const std::string path = out("there.gguf");
        const auto base = files::openModelFolder(golden("gguf/llama.gguf"));
        model::exportGguf(base, {}, path, {});
        const auto size = fs::file_size(path);
        try {
            model::exportGguf(base, {}, path, {});
            QFAIL("it was written over");
        } catch (const Failure& failure) {
            QVERIFY(std::string(failure.what()).find("exists already") != std::string::npos);
        }
        QCOMPARE(fs::file_size(path), size);
    }
};

QTEST_APPLESS_MAIN(GgufExportTest)
#include "tst_gguf_export.moc"
