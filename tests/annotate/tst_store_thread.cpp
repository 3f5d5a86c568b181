// The store's own thread: words before reads before imports, failures as values, and nothing queued is lost at the end.
#include "annotate/store/project.h"
#include "annotate/store/store_thread.h"
#include "base/failure.h"
#include "tests/support/patience.h"

#include <QTemporaryDir>
#include <QtTest>

#include <condition_variable>
#include <mutex>

using namespace stet;
using namespace stet::annotate;

namespace {

// Takes what the thread hands out and runs it where the test waits: the window's event loop, in small.
class Inbox {
public:
    StoreThread::Executor executor()
    {
        return [this](std::function<void()> task) {
            const std::lock_guard lock(m_mutex);
            m_tasks.push_back(std::move(task));
            m_arrived.notify_all();
        };
    }

    bool runUntil(const std::function<bool()>& reached)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(test::kPatienceMs);
        while (!reached()) {
            std::unique_lock lock(m_mutex);
            if (!m_arrived.wait_until(lock, deadline, [this] { return !m_tasks.empty(); })) {
                return false;
            }
            auto tasks = std::exchange(m_tasks, {});
            lock.unlock();
            for (const auto& task : tasks) {
                task();
            }
        }
        return true;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::vector<std::function<void()>> m_tasks;
};

}  // namespace

class StoreThreadTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::string folder() const { return m_temporary->filePath(QStringLiteral("p.stet")).toStdString(); }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        const auto project = Project::create(folder(), "/models/one");
        NewResponse response;
        response.externalId = "1";
        response.instruction = "a";
        response.output = "b";
        const auto batch = project->beginBatch("test");
        project->addResponses(batch, {response});
        project->publishBatch(batch);
    }

    void wordsGoBeforeReadsAndReadsBeforeImports()
    {
        Inbox inbox;
        StoreThread store(folder(), inbox.executor(), [](const auto&) {});
        std::mutex gate;
        gate.lock();  // holds the thread in a first task while the others queue up
        std::vector<std::string> order;
        const auto failed = [](const FailureReport&) { QFAIL("a task failed"); };
        store.post(
            Priority::Write, [&](Project&) { const std::lock_guard wait(gate); }, failed);
        const auto add = [&](Priority priority, const char* name) {
            store.ask<std::string>(
                priority, [name](Project&) { return std::string(name); },
                [&](const std::string& done) { order.push_back(done); }, failed);
        };
        add(Priority::Import, "import 1");
        add(Priority::Read, "read 1");
        add(Priority::Import, "import 2");
        add(Priority::Write, "write 1");
        add(Priority::Read, "read 2");
        add(Priority::Write, "write 2");
        gate.unlock();
        QVERIFY(inbox.runUntil([&] { return order.size() == 6; }));
        QCOMPARE(order, (std::vector<std::string>{"write 1", "write 2", "read 1", "read 2", "import 1", "import 2"}));
    }

    void wordsAndReadsGoBetweenTheTransactionsOfALongTask()
    {
        Inbox inbox;
        StoreThread store(folder(), inbox.executor(), [](const auto&) {});
        std::mutex gate;
        gate.lock();
        std::vector<std::string> order;
        const auto failed = [](const FailureReport&) { QFAIL("a task failed"); };
        const auto note = [&](const char* name) { return [&, name](bool) { order.emplace_back(name); }; };
        const auto nothing = [](Project&) { return true; };
        store.ask<bool>(
            Priority::Import,
            [&](Project& project) {
                const std::lock_guard wait(gate);  // until everything is queued
                store.giveWay(project, Priority::Import);
                project.setSetting("imported", "yes");
                return true;
            },
            note("import 1"), failed);
        store.ask<bool>(Priority::Import, nothing, note("import 2"), failed);
        store.ask<bool>(Priority::Read, nothing, note("read"), failed);
        store.ask<bool>(
            Priority::Write,
            [](Project& project) {
                project.saveDraft(*project.findExternal("1"), "a word");
                return project.setting("imported").empty();
            },
            [&](bool before) { order.emplace_back(before ? "word" : "word too late"); }, failed);
        gate.unlock();
        QVERIFY(inbox.runUntil([&] { return order.size() == 4; }));
        QCOMPARE(order, (std::vector<std::string>{"word", "read", "import 1", "import 2"}));
    }

    void aFailureIsAValueAndTheThreadGoesOn()
    {
        Inbox inbox;
        StoreThread store(folder(), inbox.executor(), [](const auto&) {});
        std::optional<FailureReport> report;
        int answer = 0;
        store.ask<int>(
            Priority::Write,
            [](Project& project) -> int {
                project.submit({4711}, Verdict::Accepted, {});
                return 1;
            },
            [&](int value) { answer = value; }, [&](const FailureReport& failure) { report = failure; });
        QVERIFY(inbox.runUntil([&] { return report.has_value() || answer != 0; }));
        QVERIFY(report.has_value());
        QVERIFY(!report->message.empty());
        store.ask<int>(
            Priority::Read, [](Project& project) { return project.counts().total; }, [&](int value) { answer = value; },
            [](const FailureReport&) { QFAIL("the thread died"); });
        QVERIFY(inbox.runUntil([&] { return answer != 0; }));
        QCOMPARE(answer, 1);
    }

    void closingFinishesWhatIsQueued()
    {
        Inbox inbox;
        const auto failed = [](const FailureReport&) { QFAIL("a task failed"); };
        {
            StoreThread store(folder(), inbox.executor(), [](const auto&) {});
            for (int i = 0; i < 200; ++i) {
                store.ask<bool>(
                    Priority::Write,
                    [i](Project& project) {
                        project.saveDraft(*project.findExternal("1"), "draft " + std::to_string(i));
                        return true;
                    },
                    [](bool) {}, failed);
            }
        }
        const auto project = Project::open(folder());
        QVERIFY(!project->readOnly());
        QCOMPARE(project->item(*project->findExternal("1"))->draft, std::optional<std::string>("draft 199"));
    }

    void aProjectThatCannotBeOpenedFailsEveryTaskWithTheReason()
    {
        Inbox inbox;
        std::optional<FailureReport> opening;
        bool opened = false;
        StoreThread store(folder() + "-absent", inbox.executor(), [&](const std::optional<FailureReport>& problem) {
            opening = problem;
            opened = true;
        });
        std::optional<FailureReport> task;
        store.ask<int>(
            Priority::Read, [](Project&) { return 1; }, [](int) { QFAIL("there is no project"); },
            [&](const FailureReport& failure) { task = failure; });
        QVERIFY(inbox.runUntil([&] { return opened && task.has_value(); }));
        QVERIFY(opening.has_value());
        QCOMPARE(task->message, opening->message);
        QVERIFY(opening->message.find("-absent") != std::string::npos);
    }

    void openingKeepsABackup()
    {
        Inbox inbox;
        bool opened = false;
        const StoreThread store(folder(), inbox.executor(), [&](const auto&) { opened = true; });
        QVERIFY(inbox.runUntil([&] { return opened; }));
        QVERIFY(!QDir(QString::fromStdString(folder()) + QStringLiteral("/backups"))
                     .entryList({QStringLiteral("*.db")}, QDir::Files)
                     .isEmpty());
    }
};

QTEST_APPLESS_MAIN(StoreThreadTest)
#include "tst_store_thread.moc"
