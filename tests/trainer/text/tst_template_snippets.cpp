// What stands between the braces of chat templates, line by line, against Jinja and Python as Transformers sets them up
// (tests/golden/make_chat_goldens.py, snippets.json): methods, filters, operators, printing, time.
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/trainer/text/template_folder.h"
#include "trainer/text/chat_template.h"

#include <QtTest>

using namespace stet;
using namespace stet::text;

namespace {

std::string snippetsPath()
{
    return test::goldenDir() + "/chat/snippets.json";
}

}  // namespace

class TemplateSnippetsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySnippetIsWhatJinjaAndPythonMakeOfIt_data()
    {
        QTest::addColumn<QString>("text");
        const Json goldens = readJsonFile(snippetsPath());
        QVERIFY(goldens.at("cases").size() > 150);
        for (const Json& one : goldens.at("cases")) {
            QTest::newRow(one.at("source").get<std::string>().c_str()) << QString::fromStdString(one.dump());
        }
    }

    void everySnippetIsWhatJinjaAndPythonMakeOfIt()
    {
        static const Json kGoldens = readJsonFile(snippetsPath());
        QFETCH(QString, text);
        const Json one = Json::parse(text.toStdString());
        const auto render = [&] {
            return ChatTemplate::load(test::folderWith(one.at("source").get<std::string>()),
                                      kGoldens.at("now").get<std::int64_t>())
                ->render(kGoldens.at("messages"), true);
        };
        if (!one.contains("text")) {
            QVERIFY(!test::messageOf(render).empty());
            return;
        }
        std::string rendered;
        QCOMPARE(test::messageOf([&] { rendered = render(); }), std::string());
        QCOMPARE(QString::fromStdString(rendered), QString::fromStdString(one.at("text").get<std::string>()));
    }
};

QTEST_GUILESS_MAIN(TemplateSnippetsTest)
#include "tst_template_snippets.moc"
