// The small files of a model folder as an attacker writes them: of another shape, too large, or in contradiction with
// each other; every refusal names the file.
#include "tests/support/bounded.h"
#include "tests/trainer/files/bad_model.h"

#include <QtTest>

#include <memory>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class BadSmallFilesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<BadModel> m_model;

private Q_SLOTS:
    void init() { m_model = std::make_unique<BadModel>(); }

    void aSmallFileOfAnotherShapeIsNamed_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("said");  // empty: it is passed over
        const auto row = [](const char* file, const char* content, const char* said) {
            QTest::addRow("%s: %s", file, content) << QByteArray(file) << QByteArray(content) << QByteArray(said);
        };
        const char* index = "model.safetensors.index.json";
        row(index, "[]", "weight_map");
        row(index, "5", "weight_map");
        row(index, "{}", "weight_map");
        row(index, R"({"weight_map": []})", "weight_map");
        row(index, R"({"weight_map": {}})", "weight_map");
        row(index, R"({"weight_map": {"a": 5}})", "not a text");
        row(index, R"({"weight_map": {"a": null}})", "not a text");
        row(index, R"({"weight_map": {"a": ["model.safetensors"]}})", "not a text");
        row(index, "{", "not valid JSON");
        const char* generation = "generation_config.json";
        row(generation, "[]", "expected an object");
        row(generation, "7", "expected an object");
        row(generation, R"({"eos_token_id": "x"})", "eos_token_id");
        row(generation, R"({"eos_token_id": {"a": 1}})", "eos_token_id");
        row(generation, R"({"eos_token_id": [[1]]})", "eos_token_id");
        row(generation, R"({"eos_token_id": -1})", "eos_token_id");
        row(generation, R"({"eos_token_id": 9223372036854775808})", "eos_token_id");
        row(generation, R"({"eos_token_id": 1.5})", "eos_token_id");
        const char* tokenizer = "tokenizer_config.json";
        row(tokenizer, "[]", "expected an object");
        row(tokenizer, "\"x\"", "expected an object");
        row(tokenizer, R"({"chat_template": 5})", "");
        row(tokenizer, R"({"chat_template": [{"name": 5, "template": "x"}]})", "");
        row(tokenizer, R"({"chat_template": [{"name": "default", "template": 5}]})", "");
        row(tokenizer, R"({"chat_template": {"default": "x"}})", "");
        row(tokenizer, R"({"chat_template": [5, null, [], {"name": "default", "template": "x"}]})", "");
        row(tokenizer, R"({"bos_token": 5, "eos_token": {"content": 5}, "unk_token": []})", "");
    }

    void aSmallFileOfAnotherShapeIsNamed()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, said);
        if (file == "model.safetensors.index.json") {
            m_model->dropSingleFile();
        }
        publishFile(m_model->folder + "/" + file.toStdString(), content.toStdString());
        const auto refused = m_model->refusal();
        if (said.isEmpty()) {
            QVERIFY2(refused.empty(), refused.c_str());
            return;
        }
        QVERIFY2(refused.find(file.toStdString()) != std::string::npos &&
                     refused.find(said.toStdString()) != std::string::npos,
                 refused.c_str());
    }

    void anIndexOfManyNamesTakesNoLongerThanItsLength()
    {
        Json map = Json::object();
        auto& members = map.get_ref<Json::object_t&>();
        for (int i = 0; i < 300'000; ++i) {
            members.emplace_back("t" + std::to_string(i), "m" + std::to_string(i) + ".safetensors");
        }
        m_model->writeIndex(map);
        map = nullptr;
        const Bounded bounded;
        QVERIFY(m_model->refusal().empty());  // passed over
        m_model->dropSingleFile();
        const auto refused = m_model->refusal();
        QVERIFY2(refused.find("m0.safetensors") != std::string::npos, refused.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void whatIsTooLargeForItsKindIsNotRead()
    {
        for (const char* file : {"config.json", "tokenizer_config.json", "generation_config.json",
                                 "special_tokens_map.json", "chat_template.jinja", "model.safetensors.index.json"}) {
            if (std::string_view(file) == "model.safetensors.index.json") {
                m_model->dropSingleFile();
            }
            const std::string path = m_model->folder + "/" + file;
            const bool was = fs::exists(path);
            const std::string before = was ? readFile(path, 1U << 20U) : std::string();
            publishFile(path, "{");
            fs::resize_file(path, std::uintmax_t{4} << 30U);
            const Bounded bounded;
            const auto refused = m_model->refusal();
            QVERIFY2(refused.find(path) != std::string::npos &&
                         refused.find("more than the limit") != std::string::npos,
                     refused.c_str());
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
            fs::remove(path);
            if (was) {
                publishFile(path, before);
            }
        }
    }

    void aTensorInTwoFilesIsNamed()
    {
        fs::copy_file(m_model->folder + "/model.safetensors", m_model->folder + "/first.safetensors");
        fs::rename(m_model->folder + "/model.safetensors", m_model->folder + "/second.safetensors");
        m_model->writeIndex({{"a", "first.safetensors"}, {"b", "second.safetensors"}});
        const auto refused = m_model->refusal();
        QVERIFY2(refused.find("stands in two files") != std::string::npos, refused.c_str());
    }
};

QTEST_APPLESS_MAIN(BadSmallFilesTest)
#include "tst_bad_small_files.moc"
