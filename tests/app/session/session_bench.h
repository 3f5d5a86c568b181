// What a controller of an open project lives among, without a worker process: a copy of the example on a real store
// thread, a real window that is not shown, and a worker that answers as the test says. GUI thread.
#pragma once

#include "annotate/exchange/example_project.h"
#include "app/session/project_access.h"
#include "tests/app/worker/scripted_worker.h"
#include "tests/support/paths.h"

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

namespace stet::test {

class SessionBench {
public:
    SessionBench()
    {
        annotate::createExampleProject(exampleDir(), folder().toStdString());
        m_store = std::make_unique<annotate::StoreThread>(
            folder().toStdString(),
            [this](std::function<void()> action) {
                QMetaObject::invokeMethod(m_context.get(), std::move(action), Qt::QueuedConnection);
            },
            [](const std::optional<FailureReport>&) {});
        m_access = std::make_unique<app::ProjectAccess>(app::ProjectAccess{folder(), *m_store, worker, window});
        m_access->complain = [this](const FailureReport& report) { complaints.push_back(report.message); };
    }

    // As in ProjectSession: what is queued is finished, its answers are dropped.
    ~SessionBench()
    {
        m_store.reset();
        m_context.reset();
    }

    QString folder() const { return m_home.filePath(QStringLiteral("bench.stet")); }
    app::ProjectAccess& access() { return *m_access; }
    annotate::StoreThread& store() { return *m_store; }

    // Runs `task` on the project and waits for what it gives back.
    template <typename Result> Result ask(const std::function<Result(annotate::Project&)>& task)
    {
        std::optional<Result> result;
        m_store->ask<Result>(
            annotate::Priority::Import, task, [&](Result value) { result = std::move(value); },
            [](const FailureReport& report) { qFatal("%s", report.message.c_str()); });
        while (!result) {
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        return *result;
    }

    ScriptedWorker worker;
    ui::MainWindow window;
    std::vector<std::string> complaints;

private:
    QTemporaryDir m_home;
    std::unique_ptr<QObject> m_context = std::make_unique<QObject>();
    std::unique_ptr<annotate::StoreThread> m_store;
    std::unique_ptr<app::ProjectAccess> m_access;
};

}  // namespace stet::test
