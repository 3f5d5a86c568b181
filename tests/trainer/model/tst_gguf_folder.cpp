// A Hugging Face folder that is written as GGUF is read back as itself: settings, ids, logits. Folders of every family
// are what `merge` makes of the goldens; what GGUF can't say of one is refused by name, or said beside it.
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/files/gguf/folder_metadata.h"
#include "trainer/files/gguf/model_file.h"
#include "trainer/files/gguf/tokenizer_json.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/gguf_export.h"
#include "trainer/model/merge.h"
#include "trainer/text/tokenizer.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <functional>
#include <iterator>

using namespace stet;
namespace fs = std::filesystem;

namespace {

const char* const kTexts[] = {"The quick <|im_end|> brown fox\n\n12 3", "  two spaces<end_of_turn>",
                              "Ünïcödé 🦙 日本語", ""};

std::string golden(const std::string& name)
{
    return test::goldenDir() + "/" + name;
}

at::Tensor logits(const std::string& path, std::int64_t length)
{
    const c10::InferenceMode inference;
    const auto decoder =
        model::Decoder::load(files::openModelFolder(path), model::resolveCompute({"cpu", "float32", 1}, "float32"));
    const at::Tensor ids = at::arange(3, 3 + length, at::TensorOptions().dtype(c10::kLong)).reshape({1, -1});
    return decoder->logits(decoder->hiddenStates(ids, {})[0]);
}

double largest(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

std::vector<std::int64_t> ids(const std::string& path, const std::string& text)
{
    return text::Tokenizer::load(path)->encode(text, text::Specials::InTextAndBegun).ids;
}

}  // namespace

class GgufFolderTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_made = 0;

    std::string fresh() { return m_folder.path().toStdString() + "/" + std::to_string(++m_made); }

    // The golden's folder, with its numbers in float32.
    std::string folderOf(const std::string& name)
    {
        const auto base = files::openModelFolder(golden("gguf/" + name + ".gguf"));
        files::AdapterConfig config;
        config.rank = 1;
        config.alpha = 1;
        config.targets.names = {"down_proj"};
        const std::string adapter = fresh();
        fs::create_directory(adapter);
        model::Adapter::create(*model::Decoder::load(base, model::resolveCompute({"cpu", "float32", 1}, "float32")),
                               config, 1)
            .save(adapter);
        model::MergeOptions options;
        options.wide = true;
        const std::string folder = fresh();
        model::mergeAdapter(base, adapter, folder, options);
        return folder;
    }

    static void change(const std::string& file, const std::function<void(Json&)>& how)
    {
        Json json = readJsonFile(file);
        how(json);
        publishFile(file, json.dump());
    }

    // A folder with the golden's tokenizer and no model.
    files::ModelFolder tokenizerFolder(const std::string& name)
    {
        const auto metadata = files::gguf::readHeader(golden("gguf/tokenizers/" + name + ".gguf")).metadata;
        files::ModelFolder folder;
        folder.path = fresh();
        fs::create_directory(folder.path);
        publishFile(folder.path + "/tokenizer.json", files::gguf::tokenizerJson(metadata));
        folder.config.vocabSize = static_cast<std::int64_t>(metadata.texts("tokenizer.ggml.tokens").size());
        folder.specialTokens = {{"bos_token", "<s>"}, {"eos_token", "</s>"}};
        return folder;
    }

    // Its tokenizer alone, as a GGUF file of that architecture.
    std::string tokenizerFile(const files::ModelFolder& folder, const std::string& architecture)
    {
        auto pairs = files::gguf::tokenizerPairs(folder, architecture);
        pairs.push_back(files::gguf::textPair("general.architecture", architecture));
        const std::string path = fresh() + ".gguf";
        publishFile(path, files::gguf::headerText(pairs, {}));
        return path;
    }

    std::string written(const std::string& folder, std::vector<std::string>* notes = nullptr)
    {
        model::GgufExportOptions options;
        options.type = files::gguf::NumberType::F32;
        options.note = [notes](const std::string& note) {
            if (notes != nullptr) {
                notes->push_back(note);
            }
        };
        const std::string path = fresh() + ".gguf";
        model::exportGguf(files::openModelFolder(folder), {}, path, options);
        return path;
    }

    void requireRefused(const std::string& folder, const char* why)
    {
        const std::string path = fresh() + ".gguf";
        try {
            model::exportGguf(files::openModelFolder(folder), {}, path, {});
            QFAIL("it was written");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::ModelRefused);
            QVERIFY2(std::string(failure.what()).find(why) != std::string::npos, failure.what());
        }
        QVERIFY(!fs::exists(path));
    }

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void aFolderComesBackAsItself_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"llama", "llama-biases", "llama-tied", "mistral", "qwen2", "qwen3", "gemma2", "gemma3",
                                 "phi3", "olmo2", "granite"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void aFolderComesBackAsItself()
    {
        QFETCH(QString, name);
        const std::string folder = folderOf(name.toStdString());
        std::vector<std::string> notes;
        const std::string path = written(folder, &notes);
        QVERIFY(notes.empty());
        const auto before = files::openModelFolder(folder);
        const auto after = files::openModelFolder(path);
        QCOMPARE(after.config.architecture,
                 name == QLatin1String("mistral") ? std::string("LlamaForCausalLM") : before.config.architecture);
        QCOMPARE(after.config.contextLength, before.config.contextLength);
        QCOMPARE(after.config.window, before.config.window);
        QVERIFY(after.config.sliding == before.config.sliding);
        QCOMPARE(after.stopIds, before.stopIds);
        QCOMPARE(after.specialTokens, before.specialTokens);
        QCOMPARE(after.chatTemplate, before.chatTemplate);
        QVERIFY2(after.warnings.empty(), after.warnings.empty() ? "" : after.warnings.front().c_str());
        // Gemma's norms stand in the file with one added.
        const double far = largest(logits(folder, 40), logits(path, 40));
        QVERIFY2(far <= (name.startsWith(QLatin1String("gemma")) ? 1e-5 : 0), qPrintable(QString::number(far)));
        for (const char* text : kTexts) {
            QCOMPARE(ids(path, text), ids(folder, text));
        }
    }

    void theExamplesModelIsWritten()
    {
        const std::string folder = test::exampleDir() + "/model";
        const std::string path = written(folder);
        QCOMPARE(largest(logits(folder, 40), logits(path, 40)), 0.0);
        for (const char* text : kTexts) {
            QCOMPARE(ids(path, text), ids(folder, text));
        }
    }

    // By which llama.cpp would take spaces away.
    void noNameSaysPhi3()
    {
        for (const auto& [folder, name] : {std::pair("Phi-3-mini", "Phi 3-mini"), std::pair("my-PHI3", "my-PHI 3"),
                                           std::pair("phi-4", "phi-4"), std::pair("phi", "phi")}) {
            const std::string path = m_folder.path().toStdString() + "/" + folder;
            fs::rename(folderOf("phi3"), path);
            const auto header = files::gguf::readHeader(written(path));
            QCOMPARE(header.metadata.text("general.name").value(), std::string(name));
        }
    }

    void yarnComesBack()
    {
        const std::string folder = folderOf("qwen2");
        change(folder + "/config.json", [](Json& config) {
            config["rope_scaling"] = {
                {"rope_type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 16}, {"beta_fast", 8.0}};
            config["max_position_embeddings"] = 16;
        });
        const std::string path = written(folder);
        QCOMPARE(files::openModelFolder(path).config.contextLength, 64);
        QVERIFY(largest(logits(folder, 40), logits(folderOf("qwen2"), 40)) > 0.01);
        QVERIFY(largest(logits(folder, 40), logits(path, 40)) < 1e-5);
    }

    void aGemmasOwnPatternOfWindowsComesBack()
    {
        const std::string folder = folderOf("gemma3");
        change(folder + "/config.json", [](Json& config) {
            config["layer_types"] = Json::array();
            for (int layer = 0; layer < 7; ++layer) {
                config["layer_types"].push_back(layer % 3 == 0 ? "full_attention" : "sliding_attention");
            }
        });
        const std::string path = written(folder);
        QVERIFY(files::openModelFolder(path).config.sliding == files::openModelFolder(folder).config.sliding);
        QVERIFY(largest(logits(folder, 40), logits(path, 40)) < 1e-5);
    }

    void aWindowThatHasNoWordsEndsTheContext()
    {
        const std::string folder = folderOf("mistral");
        change(folder + "/config.json", [](Json& config) {
            config["architectures"] = {"MistralForCausalLM"};
            config["model_type"] = "mistral";
            config["sliding_window"] = 24;
        });
        std::vector<std::string> notes;
        const std::string path = written(folder, &notes);
        QCOMPARE(notes.size(), std::size_t{1});
        QVERIFY(notes.front().find("24 tokens") != std::string::npos);
        QCOMPARE(files::openModelFolder(path).config.contextLength, 24);
        QVERIFY(largest(logits(folder, 40), logits(folderOf("mistral"), 40)) > 0.01);
        QCOMPARE(largest(logits(folder, 24), logits(path, 24)), 0.0);
    }

    void sentencePieceWithASpaceBeforeEachTextComesBack()
    {
        const auto folder = tokenizerFolder("sentencepiece-phi3");
        const std::string path = tokenizerFile(folder, "phi3");
        for (const Json& one : readJsonFile(golden("gguf/tokenizers/sentencepiece-phi3-ids.json"))) {
            QVERIFY(ids(path, one.at("text").get<std::string>()) == one.at("ids").get<std::vector<std::int64_t>>());
        }
    }

    // Llama's file would be read with a space before the first part of a text alone.
    void aLlamasSpaceBeforeEachPartComesBack()
    {
        const auto folder = tokenizerFolder("sentencepiece-phi3");
        const std::string path = tokenizerFile(folder, "llama");
        for (const Json& one : readJsonFile(golden("gguf/tokenizers/sentencepiece-phi3-ids.json"))) {
            const auto text = one.at("text").get<std::string>();
            QCOMPARE(ids(path, text), ids(folder.path, text));
        }
    }

    void aRealTokenizerComesBack_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("tokens");
        QTest::addColumn<QString>("architecture");
        QTest::newRow("llama2") << QStringLiteral("llama2") << 32000 << QStringLiteral("llama");
        QTest::newRow("phi3") << QStringLiteral("phi3") << 32064 << QStringLiteral("phi3");
    }

    void aRealTokenizerComesBack()
    {
        QFETCH(QString, name);
        QFETCH(int, tokens);
        QFETCH(QString, architecture);
        if (test::sharedData().empty()) {
            QSKIP("the shared data are not here");
        }
        files::ModelFolder folder;
        folder.path = test::sharedData() + "/tokenizers/" + name.toStdString();
        folder.config.vocabSize = tokens;
        folder.specialTokens = {{"bos_token", "<s>"}, {"eos_token", "</s>"}};
        const std::string path = tokenizerFile(folder, architecture.toStdString());
        std::vector<std::string> texts(std::begin(kTexts), std::end(kTexts));
        for (std::size_t spaces = 1; spaces < 120; ++spaces) {
            texts.push_back("if x:\n" + std::string(spaces, ' ') + "y = 1");
        }
        const auto before = text::Tokenizer::load(folder.path);
        const auto after = text::Tokenizer::load(path);
        for (const std::string& text : texts) {
            QCOMPARE(after->encode(text, text::Specials::InTextAndBegun).ids,
                     before->encode(text, text::Specials::InTextAndBegun).ids);
        }
    }

    void whatGgufCannotSayIsRefusedByName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* what, const char* name, const char* file, const char* fields, const char* why) {
            QTest::newRow(what) << name << file << fields << why;
        };
        row("dynamic", "qwen2", "config.json", R"({"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}})",
            "rope type dynamic");
        row("YaRN of another magnitude", "qwen2", "config.json",
            R"({"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "attention_factor": 1.5}})", "attention factor");
        row("YaRN without whole bounds", "qwen2", "config.json",
            R"({"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "truncate": false}})", "truncate");
        row("longrope of a Llama", "llama-tied", "config.json",
            R"({"rope_scaling": {"rope_type": "longrope", "short_factor": [1,1,1,1], "long_factor": [2,2,2,2],
                "factor": 1.0, "original_max_position_embeddings": 64}})",
            "longrope");
        row("a window and a stretched context", "mistral", "config.json",
            R"({"architectures": ["MistralForCausalLM"], "model_type": "mistral", "sliding_window": 24,
                "rope_scaling": {"rope_type": "linear", "factor": 2.0}})",
            "sliding window");
        row("another scale of queries", "gemma3", "config.json", R"({"query_pre_attn_scalar": 32})",
            "query_pre_attn_scalar");
        row("no caps", "gemma2", "config.json", R"({"final_logit_softcapping": null})", "caps");
        row("another activation", "olmo2", "config.json", R"({"hidden_act": "gelu"})", "activation");
        row("a space before the first part of a text", "gemma2", "tokenizer.json",
            R"({"normalizer": null, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁",
                "prepend_scheme": "first", "split": false}})",
            "space before a text");
        row("another cut", "qwen2", "tokenizer.json", R"({"pre_tokenizer": {"type": "Whitespace"}})", "cuts texts");
    }

    void whatGgufCannotSayIsRefusedByName()
    {
        QFETCH(QString, name);
        QFETCH(QString, file);
        QFETCH(QString, fields);
        QFETCH(QString, why);
        const std::string folder = folderOf(name.toStdString());
        change(folder + "/" + file.toStdString(), [&](Json& json) { json.update(Json::parse(fields.toStdString())); });
        requireRefused(folder, why.toUtf8().constData());
    }

    void mergesThatLlamaCppWouldNotMakeAreRefused()
    {
        const auto folder = tokenizerFolder("sentencepiece-gemma");
        const auto said = [&] { return test::messageOf([&] { (void)files::gguf::tokenizerPairs(folder, "gemma2"); }); };
        QCOMPARE(said(), std::string());
        const std::string file = folder.path + "/tokenizer.json";
        const Json whole = readJsonFile(file);
        QVERIFY(whole.at("model").at("merges").size() > 100);
        change(file, [](Json& json) { json["model"]["merges"].erase(json["model"]["merges"].size() - 1); });
        QVERIFY2(said().find("not all that its tokens allow") != std::string::npos, said().c_str());
        publishFile(file, whole.dump());
        change(file, [](Json& json) { std::swap(json["model"]["merges"][0], json["model"]["merges"][99]); });
        QVERIFY2(said().find("not in an order") != std::string::npos, said().c_str());
    }
};

QTEST_APPLESS_MAIN(GgufFolderTest)
#include "tst_gguf_folder.moc"
