// What ./run and ./test say on a machine that lacks something: packaging/setup.sh runs with a PATH that holds nothing
// but the tools named here, some of them replaced by ones that fail as the real ones do.
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

class Setup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingIsSaidOrDoneWhenEverythingIsThere();
    void missingPackagesNameTheLineForAnAdministrator();
    void sudoIsNotCalledUnasked();
    void rootInstallsMissingPackagesAndSaysWhenTheNetworkIsDown();
    void aPackageThatIsOnlyBetterToHaveStopsNothing();
    void cargoMissingOrTooOldIsNamed_data();
    void cargoMissingOrTooOldIsNamed();
    void aFullDiskIsNamedBeforeAnythingIsFetched();
    void anotherProcessorIsRefused();
    void aFailedDownloadLeavesNothingBehind();
    void whatAKilledSetUpLeftIsRemoved();
    void runRefusesAnUnknownOption();

private:
    // A tool of this machine under the same name, or a shell script instead.
    void tool(const QString& name, const QString& script = QString());
    int setUp();

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_tools;
    QString m_cache;
    QString m_said;
};

void Setup::tool(const QString& name, const QString& script)
{
    const QString path = m_tools + QLatin1Char('/') + name;
    QFile::remove(path);
    if (script.isNull()) {
        const QString real = QStandardPaths::findExecutable(name);
        QVERIFY2(!real.isEmpty(), qPrintable(name));
        QVERIFY(QFile::link(real, path));
        return;
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/bash\n" + script.toUtf8() + "\n");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

// A machine where everything is there but LibTorch, seen by an ordinary user.
void Setup::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_tools = m_folder->filePath(QStringLiteral("bin"));
    m_cache = m_folder->filePath(QStringLiteral("cache"));
    QDir().mkpath(m_tools);
    for (const char* name : {"bash", "awk", "cut", "dirname", "flock", "grep", "mkdir", "mktemp", "mv", "rm", "sed",
                             "sha256sum", "tail", "touch"}) {
        tool(QString::fromLatin1(name));
    }
    tool(QStringLiteral("dpkg-query"), QStringLiteral("echo install ok installed"));
    tool(QStringLiteral("id"), QStringLiteral("echo 1000"));
    tool(QStringLiteral("uname"), QStringLiteral("echo x86_64"));
    tool(QStringLiteral("cargo"), QStringLiteral("echo 'cargo 1.80.0 (376290515 2024-07-16)'"));
    tool(QStringLiteral("df"), QStringLiteral("echo header; echo 'disk 9 1 9000000 1% /'"));
    tool(QStringLiteral("python3"), QStringLiteral("[ \"$3\" = --version ] || exit 1"));
}

int Setup::setUp()
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), m_tools);
    environment.insert(QStringLiteral("STET_CACHE"), m_cache);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(m_tools + QStringLiteral("/bash"),
                  {QString::fromStdString(test::sourceDir() + "/packaging/setup.sh")});
    process.waitForFinished(test::kPatienceMs);
    m_said = QString::fromUtf8(process.readAll());
    return process.exitCode();
}

void Setup::nothingIsSaidOrDoneWhenEverythingIsThere()
{
    setUp();  // learns the folder's name from the failed download
    QProcess stamp;
    stamp.start(QStringLiteral("sha256sum"),
                {QString::fromStdString(test::sourceDir() + "/packaging/libtorch-wheels.txt")});
    stamp.waitForFinished(test::kPatienceMs);
    const QString target = m_cache + QStringLiteral("/libtorch-") + QString::fromUtf8(stamp.readAll().left(12));
    QDir().mkpath(target);
    QVERIFY(QFile(target + QStringLiteral("/complete")).open(QIODevice::WriteOnly));
    QCOMPARE(setUp(), 0);
    QCOMPARE(m_said, QString());
}

void Setup::missingPackagesNameTheLineForAnAdministrator()
{
    tool(QStringLiteral("dpkg-query"), QStringLiteral("[ \"${!#}\" = ninja-build ] || echo install ok installed"));
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(QStringLiteral("these Debian packages are missing: ninja-build")), qPrintable(m_said));
    QVERIFY2(m_said.contains(QStringLiteral("sudo apt-get install --no-install-recommends ninja-build")),
             qPrintable(m_said));
}

// Not even where it would ask for no password, unless somebody said so beforehand.
void Setup::sudoIsNotCalledUnasked()
{
    tool(QStringLiteral("dpkg-query"), QStringLiteral("[ \"${!#}\" = ninja-build ] || echo install ok installed"));
    tool(QStringLiteral("sudo"), QStringLiteral("echo \"$@\" >>\"$STET_CACHE.sudo\"; exit 0"));
    qunsetenv("CI");
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(QStringLiteral("Run, or ask an administrator to run:  sudo apt-get")), qPrintable(m_said));
    QVERIFY2(!QFile::exists(m_cache + QStringLiteral(".sudo")), "sudo was called");
    qputenv("STET_INSTALL", "yes");
    setUp();
    qunsetenv("STET_INSTALL");
    QFile log(m_cache + QStringLiteral(".sudo"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    QVERIFY(log.readAll().contains("apt-get install -y -qq --no-install-recommends ninja-build"));
}

void Setup::rootInstallsMissingPackagesAndSaysWhenTheNetworkIsDown()
{
    tool(QStringLiteral("dpkg-query"), QStringLiteral("[ \"${!#}\" = ninja-build ] || echo install ok installed"));
    tool(QStringLiteral("id"), QStringLiteral("echo 0"));
    tool(QStringLiteral("apt-get"), QStringLiteral("exit 100"));
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(QStringLiteral("no network?")), qPrintable(m_said));
    tool(QStringLiteral("apt-get"), QStringLiteral("echo \"$@\" >>\"$STET_CACHE.apt\""));
    setUp();
    QFile log(m_cache + QStringLiteral(".apt"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    QVERIFY(log.readAll().contains("--no-install-recommends ninja-build"));
}

void Setup::aPackageThatIsOnlyBetterToHaveStopsNothing()
{
    tool(QStringLiteral("dpkg-query"), QStringLiteral("[ \"${!#}\" = clang-14 ] || echo install ok installed"));
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), m_tools);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    // The functions alone: what the file does when it is read stands below them.
    const QString script = QStringLiteral("set -euo pipefail; eval \"$(sed '/^install_packages$/,$d' '%1')\"; "
                                          "stet_try clang-14 ninja-build; echo went on")
                               .arg(QString::fromStdString(test::sourceDir() + "/packaging/setup.sh"));
    process.start(m_tools + QStringLiteral("/bash"), {QStringLiteral("-c"), script});
    process.waitForFinished(test::kPatienceMs);
    m_said = QString::fromUtf8(process.readAll());
    QCOMPARE(process.exitCode(), 0);
    QVERIFY2(m_said.contains(QStringLiteral("install --no-install-recommends clang-14 \n")), qPrintable(m_said));
    QVERIFY2(m_said.endsWith(QStringLiteral("Going on without clang-14 ninja-build.\nwent on\n")), qPrintable(m_said));
}

void Setup::cargoMissingOrTooOldIsNamed_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("said");
    QTest::newRow("missing") << QString() << QStringLiteral("is missing");
    QTest::newRow("old") << QStringLiteral("echo 'cargo 1.63.0'") << QStringLiteral("cargo 1.63 is too old");
    QTest::newRow("without a toolchain") << QStringLiteral("exit 1") << QStringLiteral("does not run");
}

void Setup::cargoMissingOrTooOldIsNamed()
{
    QFETCH(QString, script);
    QFETCH(QString, said);
    if (script.isNull()) {
        QVERIFY(QFile::remove(m_tools + QStringLiteral("/cargo")));
    } else {
        tool(QStringLiteral("cargo"), script);
    }
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(said) && m_said.contains(QStringLiteral("rustup")), qPrintable(m_said));
    QVERIFY(!QDir(m_cache).exists());
}

void Setup::aFullDiskIsNamedBeforeAnythingIsFetched()
{
    tool(QStringLiteral("df"), QStringLiteral("echo header; echo 'disk 9 1 500000 99% /'"));
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(QStringLiteral("500 MB are free")), qPrintable(m_said));
    QVERIFY(m_said.contains(QStringLiteral("STET_CACHE=")));
    QVERIFY(!m_said.contains(QStringLiteral("Fetching")));
}

void Setup::anotherProcessorIsRefused()
{
    tool(QStringLiteral("uname"), QStringLiteral("echo aarch64"));
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(QStringLiteral("aarch64")), qPrintable(m_said));
}

void Setup::aFailedDownloadLeavesNothingBehind()
{
    QCOMPARE(setUp(), 1);
    QVERIFY2(m_said.contains(QStringLiteral("could not be downloaded")), qPrintable(m_said));
    QCOMPARE(QDir(m_cache).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList{QStringLiteral("lock")});
}

void Setup::whatAKilledSetUpLeftIsRemoved()
{
    QDir().mkpath(m_cache + QStringLiteral("/unpacking.abcdef/wheels"));
    setUp();
    QVERIFY(!QDir(m_cache + QStringLiteral("/unpacking.abcdef")).exists());
}

void Setup::runRefusesAnUnknownOption()
{
    QProcess process;
    process.start(QString::fromStdString(test::sourceDir() + "/run"), {QStringLiteral("--fast")});
    process.waitForFinished(test::kPatienceMs);
    QCOMPARE(process.exitCode(), 2);
    QVERIFY(process.readAllStandardError().contains("unknown option '--fast'"));
}

QTEST_GUILESS_MAIN(Setup)
#include "tst_setup.moc"
