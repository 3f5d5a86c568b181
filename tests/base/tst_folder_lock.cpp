// Who may write into a folder.
#include "base/failure.h"
#include "base/folder_lock.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace stet;

class FolderLockTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneHasItAtATime()
    {
        const std::string folder = m_dir.path().toStdString();
        auto first = std::make_unique<FolderLock>(folder);
        QVERIFY(first->held());
        const FolderLock second(folder);
        QVERIFY(!second.held());
        QVERIFY(!second.unwritable());
        QVERIFY_EXCEPTION_THROWN(refuseUnlessLocked(second, folder), Failure);
        first.reset();
        QVERIFY(FolderLock(folder).held());
    }

    // A child process has all open files until it becomes another program: what is closed here is free, even so.
    void aProcessThatIsBeingStartedHoldsNothing()
    {
        const std::string folder = m_dir.path().toStdString();
        auto lock = std::make_unique<FolderLock>(folder);
        QVERIFY(lock->held());
        const pid_t child = ::fork();
        if (child == 0) {
            ::pause();
            ::_exit(0);
        }
        lock.reset();
        const bool free = FolderLock(folder).held();
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        QVERIFY(free);
    }

    void aFolderThatIsNotThereIsUnwritable()
    {
        const FolderLock lock(m_dir.filePath(QStringLiteral("none")).toStdString());
        QVERIFY(lock.unwritable());
        QVERIFY(!lock.held());
        QVERIFY(!lock.whyUnwritable().empty());
    }

private:
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(FolderLockTest)
#include "tst_folder_lock.moc"
