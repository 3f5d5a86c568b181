// `stet example --real`: the model is asked of the script that fetches it, and comes into the project; what the script
// says when it can't is what is heard.
#include "annotate/store/project.h"
#include "tests/support/patience.h"
#include "tests/support/paths.h"
#include "tests/support/real_example_stand_in.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;

class RealExampleCommandTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_said;

    std::string path(const char* name) const { return m_temporary->filePath(name).toStdString(); }

    int run(const QStringList& arguments)
    {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("STET_REAL_EXAMPLE", QString::fromStdString(path("real")));
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QString::fromStdString(test::stetProgram()), arguments);
        process.waitForFinished(test::kPatienceMs);
        m_said = QString::fromUtf8(process.readAll());
        return process.exitCode();
    }
    QString project() const { return QString::fromStdString(path("p.stet")); }

private Q_SLOTS:
    void init() { m_temporary = std::make_unique<QTemporaryDir>(); }

    void theFetchedModelComesIntoTheProject()
    {
        test::makeRealExample(path("real"), "echo '" + test::tinyGguf() + "'");
        QVERIFY2(run({"example", project(), "--real"}) == 0, qPrintable(m_said));
        QVERIFY2(m_said.contains(project() + " is made"), qPrintable(m_said));
        const auto made = annotate::Project::open(path("p.stet"));
        QCOMPARE(made->setting("model"), path("p.stet") + "/llama.gguf");
        QVERIFY(std::filesystem::exists(made->setting("model")));
        QCOMPARE(made->counts().total, 100);
    }

    void aModelThatIsThereAlreadyIsNotFetched()
    {
        test::makeRealExample(path("real"), "echo 'fetched' >&2; exit 3");
        const QString model = QString::fromStdString(test::tinyGguf());
        QVERIFY2(run({"example", project(), "--real", "--model", model}) == 0, qPrintable(m_said));
        QVERIFY(!m_said.contains("fetched"));
        QCOMPARE(run({"example", project() + "2.stet", "--model", model}),
                 2);  // which model is the bundled one's matter
    }

    void whatCannotBeFetchedIsSaidAndNothingIsMade_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("fails") << QByteArray("echo 'Check the network.' >&2; exit 3") << 3 << "Check the network.";
        QTest::newRow("stopped") << QByteArray("exit 6") << 6 << "begins it anew";
        QTest::newRow("killed") << QByteArray("kill -KILL $$") << 6 << "begins it anew";
        QTest::newRow("no model") << QByteArray("echo /nowhere/x.gguf") << 3 << "/nowhere/x.gguf can't be used";
    }

    void whatCannotBeFetchedIsSaidAndNothingIsMade()
    {
        QFETCH(QByteArray, script);
        QFETCH(int, code);
        QFETCH(QString, said);
        test::makeRealExample(path("real"), script.toStdString());
        QCOMPARE(run({"example", project(), "--real"}), code);
        QVERIFY2(m_said.contains(said), qPrintable(m_said));
        QVERIFY(!std::filesystem::exists(path("p.stet")));
    }

    void aFolderWithoutTheScriptIsNamed()
    {
        QCOMPARE(run({"example", project(), "--real"}), 3);
        QVERIFY2(m_said.contains("fetch-model.sh, can't be started"), qPrintable(m_said));
    }
};

QTEST_APPLESS_MAIN(RealExampleCommandTest)
#include "tst_real_example_command.moc"
