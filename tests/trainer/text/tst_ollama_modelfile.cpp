// A Modelfile for Ollama: the prompt as a Go template, exactly where a chat template is turns put together, and the
// ends of answers as stop words.
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/text/ollama_modelfile.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

class OllamaModelfileTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    int m_made = 0;

    std::string fresh() { return m_home.path().toStdString() + "/" + std::to_string(++m_made); }

    // A small model with that chat template.
    std::string modelfile(const std::string& chatTemplate, const std::string& style = "chat")
    {
        const std::string folder = fresh();
        fs::copy(test::goldenDir() + "/cut/model", folder);
        publishFile(folder + "/chat_template.jinja", chatTemplate);
        return text::ollamaModelfile(files::openModelFolder(folder), style, "m.gguf");
    }

private Q_SLOTS:
    void turnsArePutTogether()
    {
        const std::string chatMl =
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}"
            "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
        const std::string turn = "<|im_end|>\n<|im_start|>";
        QCOMPARE(
            modelfile(chatMl),
            "FROM ./m.gguf\nTEMPLATE \"\"\"{{ range $i, $m := .Messages }}{{ if eq .Role \"user\" }}{{ if eq $i 0 }}"
            "<|im_start|>user\n{{ else }}" +
                turn +
                "user\n{{ end }}{{ .Content }}{{ else if eq .Role \"system\" }}<|im_start|>system\n{{ .Content }}"
                "{{ else if eq .Role \"assistant\" }}" +
                turn + "assistant\n{{ .Content }}{{ end }}{{ end }}" + turn +
                "assistant\n\"\"\"\nPARAMETER stop \"</s>\"\n");
    }

    void theBeginningIsLeftToOllama()
    {
        const std::string text = modelfile("{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}"
                                           "{{ raise_exception('no system') }}{% endif %}[{{ m.role }}]{{ m.content }}"
                                           "{% endfor %}[assistant]");
        QVERIFY2(text.find("{{ if eq $i 0 }}[user]{{ else }}") != std::string::npos, text.c_str());
        QVERIFY2(text.find("<s>") == std::string::npos, text.c_str());
        QVERIFY2(text.find("\"system\"") == std::string::npos, text.c_str());
    }

    void aSystemTextInAnotherPlaceIsTold()
    {
        const std::string text =
            modelfile("{% for m in messages %}{% if m.role == 'system' %}<<{{ m.content }}>>{% elif "
                      "m.role == 'user' %}[{{ m.content }}]{% else %}{{ m.content }}</s>{% endif %}"
                      "{% endfor %}");
        QVERIFY2(text.find("{{ if eq $i 0 }}[{{ else if and (eq $i 1) (eq (index $.Messages 0).Role \"system\") }}>>["
                           "{{ else }}</s>[{{ end }}{{ .Content }}") != std::string::npos,
                 text.c_str());
    }

    void whatIsMoreThanTurnsIsLeftToOllama_data()
    {
        QTest::addColumn<QString>("chat");
        QTest::newRow("no prompt for the answer")
            << QStringLiteral("{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}");
        QTest::newRow("only the last message") << QStringLiteral("[{{ messages[-1].content }}]");
        QTest::newRow("a message twice") << QStringLiteral(
            "{% for m in messages %}[{{ m.content }}|{{ m.content }}]{% endfor %}");
        QTest::newRow("answers are refused")
            << QStringLiteral("{% for m in messages %}{% if m.role == 'assistant' %}{{ raise_exception('no') }}"
                              "{% endif %}[{{ m.content }}]{% endfor %}");
        QTest::newRow("quotes") << QStringLiteral("{% for m in messages %}\"\"\"{{ m.content }}\"\"\"{% endfor %}");
    }

    void whatIsMoreThanTurnsIsLeftToOllama()
    {
        QFETCH(QString, chat);
        QCOMPARE(modelfile(chat.toStdString()), std::string("FROM ./m.gguf\nPARAMETER stop \"</s>\"\n"));
    }

    void anInstructionHasItsTextAround()
    {
        const std::string text = modelfile("{{ messages[0].content }}", "alpaca");
        QVERIFY2(text.starts_with("FROM ./m.gguf\nTEMPLATE \"\"\"Below is an instruction"), text.c_str());
        QVERIFY2(text.find("{{ .Prompt }}\n\n### Response:\n\"\"\"\n") != std::string::npos, text.c_str());
    }

    void anUnknownStyleIsNamed()
    {
        const auto said = test::messageOf([&] { modelfile("x", "/nowhere.json"); });
        QVERIFY2(said.find("/nowhere.json") != std::string::npos, said.c_str());
    }
};

QTEST_APPLESS_MAIN(OllamaModelfileTest)
#include "tst_ollama_modelfile.moc"
