// Keeps the walls of docs/architecture.md: reads every source's includes.
#include "include_rules.h"

#include "base/files.h"
#include "tests/support/paths.h"

#include <QtTest>

#include <filesystem>

using namespace stet;
using layering::checkIncludes;

class LayeringTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSourceBreaksAWall()
    {
        int files = 0;
        std::string report;
        for (const char* top : {"base", "contract", "annotate", "trainer", "ui", "app", "tests"}) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(test::sourceDir() + "/" + top)) {
                const auto extension = entry.path().extension();
                if (extension != ".h" && extension != ".cpp") {
                    continue;
                }
                ++files;
                const std::string path = std::filesystem::relative(entry.path(), test::sourceDir()).generic_string();
                for (const auto& broken : checkIncludes(path, readFile(entry.path().string(), 1U << 22U))) {
                    report += broken.file + ":" + std::to_string(broken.line) + ": <" + broken.include +
                        "> breaks the rule: " + broken.rule + "\n";
                }
            }
        }
        QVERIFY2(files > 50, "the sources were not found");
        QVERIFY2(report.empty(), report.c_str());
    }

    void plantedViolationsAreFound_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("include");
        QTest::addColumn<QString>("rule");
        const auto row = [](const char* path, const char* include, const char* rule) {
            QTest::addRow("%s in %s", include, path)
                << QString::fromLatin1(path) << QString::fromLatin1(include) << QString::fromLatin1(rule);
        };
        row("trainer/score/x.cpp", "<QString>", "no Qt");
        row("annotate/store/x.h", "<QtCore/QObject>", "no Qt");
        row("ui/score/x.cpp", "<ATen/ATen.h>", "no Torch");
        row("trainer/files/x.cpp", "<c10/core/Device.h>", "no Torch");
        row("ui/annotate/x.cpp", "<SQLiteCpp/Database.h>", "SQL only");
        row("trainer/round/x.cpp", "<sqlite3.h>", "SQL only");
        row("app/session/x.cpp", "<QProcess>", "QProcess only");
        row("tests/trainer/x.cpp", "<torch/torch.h>", "nowhere");
        row("trainer/model/x.cpp", "<spdlog/spdlog.h>", "spdlog only");
        row("ui/score/x.h", "\"contract/message.h\"", "lower level");
        row("app/worker/x.h", "\"trainer/score/scorer.h\"", "lower level");
        row("contract/x.h", "\"trainer/files/example_lines.h\"", "lower level");
        row("contract/x.h", "<QString>", "no Qt");
        row("trainer/serve/x.h", "\"trainer/cli/command_line.h\"", "lower level");
        row("base/x.h", "\"annotate/judgment/types.h\"", "lower level");
        row("trainer/score/x.h", "\"trainer/round/round.h\"", "lower level");
        row("trainer/objectives/x.h", "\"trainer/dataset/training_set.h\"", "lower level");
        row("trainer/estimate/x.h", "\"trainer/round/round.h\"", "lower level");
        row("trainer/round/x.h", "\"trainer/pretrain/pretrain.h\"", "lower level");
        row("ui/x.h", "\"annotate/store/project.h\"", "lower level");
    }

    void plantedViolationsAreFound()
    {
        QFETCH(QString, path);
        QFETCH(QString, include);
        QFETCH(QString, rule);
        const std::string content = "// a comment\n#include " + include.toStdString() + "\n";
        const auto broken = checkIncludes(path.toStdString(), content);
        QVERIFY(!broken.empty());
        QCOMPARE(broken.front().line, 2);
        QVERIFY2(QString::fromStdString(broken.front().rule).contains(rule), broken.front().rule.c_str());
    }

    void whatTheHouseAllowsPasses()
    {
        QVERIFY(checkIncludes("trainer/round/x.cpp", "#include \"trainer/score/scorer.h\"\n").empty());
        QVERIFY(checkIncludes("app/worker/x.cpp", "#include <QProcess>\n").empty());
        QVERIFY(checkIncludes("ui/x.cpp", "#include \"annotate/judgment/types.h\"\n#include <QWidget>\n").empty());
        QVERIFY(checkIncludes("annotate/store/x.cpp", "#include <queue>\n#include <SQLiteCpp/Database.h>\n").empty());
    }
};

QTEST_GUILESS_MAIN(LayeringTest)
#include "tst_layering.moc"
