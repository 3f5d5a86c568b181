// What is typed: help, version, and how a wrong word is named.
#include "tests/support/small_model_command.h"

#include <QtTest>

using namespace stet;
using namespace stet::test;

class CommandLineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void helpAndVersionAreNoFaults()
    {
        QCOMPARE(runTrainer({"--help"}).exitCode, 0);
        const Ran version = runTrainer({"--version"});
        QCOMPARE(version.exitCode, 0);
        QVERIFY(QString::fromStdString(version.output).startsWith(QStringLiteral("stet-trainer ")));
        const std::string help = runTrainer({"--help"}).output;
        for (const char* name : {"describe", "tokenize", "logits", "score", "generate", "round", "compare", "evaluate",
                                 "merge", "precision", "verify", "pretrain", "bench", "serve"}) {
            QVERIFY2(help.find(std::string("  ") + name + " ") != std::string::npos, name);
            QCOMPARE(runTrainer({name, "--help"}).exitCode, 0);
        }
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QStringList score = words(with("score", {"--in", smallExamples()}));
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("unknown command") << QStringList{QStringLiteral("scroe")};
        QTest::newRow("unknown option") << score + QStringList{QStringLiteral("--lamda"), QStringLiteral("2")};
        QTest::newRow("missing model") << QStringList{QStringLiteral("describe")};
        QTest::newRow("missing folder") << QStringList{QStringLiteral("round")};
        QTest::newRow("no number") << score + QStringList{QStringLiteral("--lambda"), QStringLiteral("much")};
        QTest::newRow("lambda below one") << score + QStringList{QStringLiteral("--lambda"), QStringLiteral("0.9")};
        QTest::newRow("unknown context") << score + QStringList{QStringLiteral("--contexts"), QStringLiteral("plane")};
        QTest::newRow("threads without end") << QStringList{QStringLiteral("precision"),
                                                            QStringLiteral("--model"),
                                                            QString::fromStdString(smallModel()),
                                                            QStringLiteral("--in"),
                                                            QString::fromStdString(smallExamples()),
                                                            QStringLiteral("--threads"),
                                                            QStringLiteral("100000")};
        QTest::newRow("unknown contrast") << score + QStringList{QStringLiteral("--contrast"), QStringLiteral("D9")};
        QTest::newRow("unknown device") << score + QStringList{QStringLiteral("--device"), QStringLiteral("tpu")};
        QTest::newRow("unknown dtype") << score + QStringList{QStringLiteral("--dtype"), QStringLiteral("int4")};
        QTest::newRow("lambda is no number") << score + QStringList{QStringLiteral("--lambda"), QStringLiteral("nan")};
        QTest::newRow("negative threads") << score + QStringList{QStringLiteral("--threads"), QStringLiteral("-1")};
    }

    void wrongUsageIsTwo()
    {
        QFETCH(QStringList, arguments);
        std::vector<std::string> list;
        for (const auto& argument : arguments) {
            list.push_back(argument.toStdString());
        }
        const Ran ran = runTrainer(list);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY(ran.output.empty());
        QVERIFY(!ran.errors.isEmpty());
        // What was typed wrong stands in the message.
        QVERIFY2(arguments.isEmpty() || arguments.size() == 1 || ran.errors.contains(arguments.last()) ||
                     ran.errors.contains(arguments.at(arguments.size() - 2)),
                 qPrintable(ran.errors));
        QVERIFY(arguments.size() != 1 || ran.errors.contains(QStringLiteral("DIR")) ||
                ran.errors.contains(QStringLiteral("--model")) || ran.errors.contains(arguments.first()));
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
