// What a controller of an open project lives among, without a worker process or a window: a copy of the example on a
// real store thread, a frame that remembers, a worker that answers as the test says. GUI thread.
#pragma once

#include "annotate/exchange/example_project.h"
#include "app/session/posted_calls.h"
#include "app/session/session_context.h"
#include "tests/app/session/recording_frame.h"
#include "tests/app/worker/scripted_worker.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

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
            [calls = m_calls.get()](std::function<void()> action) { calls->post(std::move(action)); },
            [](const std::optional<FailureReport>&) {});
    }

    // As in ProjectSession: what is queued is finished, its answers are dropped.
    ~SessionBench()
    {
        m_store.reset();
        m_calls.reset();
    }
    SessionBench(const SessionBench&) = delete;
    SessionBench& operator=(const SessionBench&) = delete;

    QString folder() const { return m_home.filePath(QStringLiteral("bench.stet")); }
    app::SessionContext session() { return {state, *m_store, worker, frame}; }
    annotate::StoreThread& store() { return *m_store; }

    // Runs `task` on the project, after what is queued already, and waits for what it gives back.
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

    // Until the worker is asked for `method`, with an answer still to come.
    bool isAsked(const char* method)
    {
        return QTest::qWaitFor([&] { return worker.waiting(method) != nullptr; }, kPatienceMs);
    }
    // Answers what isAsked found.
    void answer(const char* method, const app::WorkerReply& reply)
    {
        ScriptedWorker::answer(*worker.waiting(method), reply);
    }

    // A script of the shell in the trainer's place: its arguments are "$1", "$2" …
    static QStringList trainerOf(const char* script)
    {
        return {QStringLiteral("/bin/sh"), QStringLiteral("-c"), QString::fromLatin1(script),
                QStringLiteral("trainer")};
    }

    static constexpr int kPatienceMs = test::kPatienceMs;

private:
    QTemporaryDir m_home;
    std::unique_ptr<app::PostedCalls> m_calls = std::make_unique<app::PostedCalls>();
    std::unique_ptr<annotate::StoreThread> m_store;

public:
    ScriptedWorker worker;
    RecordingFrame frame;
    app::SessionState state{app::OpenedProject{folder(), QStringLiteral("bench"), QStringLiteral("model"), false}};
};

}  // namespace stet::test
