// The project's own thread: takes work from a priority queue and runs them on the one connection. The window never
// waits for it.
//
// post() from any thread; done() is handed to the executor given (the window's marshals to the GUI thread). Drafts and
// submits come before reads before imports; equal priorities in order. Closing finishes what is queued, so that no
// written word is lost.
#pragma once

#include "annotate/store/project.h"
#include "base/failure.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <thread>

namespace stet::annotate {

enum class Priority { Write, Read, Import };

class StoreThread {
public:
    using Executor = std::function<void(std::function<void()>)>;

    // Opens the project on the thread; opened(nullopt) or opened(failure) through the executor.
    StoreThread(std::string folder, Executor executor, std::function<void(std::optional<FailureReport>)> opened);
    // Finishes the queue and closes the project.
    ~StoreThread();

    // Runs task(project); then done(result) or failed(report) through the executor.
    // NOLINTBEGIN(performance-unnecessary-value-param): moved on, which the check does not see inside a template
    template <typename Result>
    void ask(Priority priority, std::function<Result(Project&)> task, std::function<void(Result)> done,
             std::function<void(FailureReport)> failed)
    {
        post(
            priority,
            [this, task = std::move(task), done = std::move(done)](Project& project) {
                auto result = std::make_shared<Result>(task(project));
                m_executor([done, result] { done(std::move(*result)); });
            },
            std::move(failed));
    }
    // NOLINTEND(performance-unnecessary-value-param)

    void post(Priority priority, std::function<void(Project&)> task, std::function<void(FailureReport)> failed);

    // From within a task, how far it is: through the executor.
    void handBack(std::function<void()> progress) { m_executor(std::move(progress)); }

    // For a long task of priority `own`, from within it and between two of its transactions: what is queued above it
    // goes first, so that a word typed during an import is on the disk as soon as at any other time.
    void giveWay(Project& project, Priority own);

private:
    struct Task {
        Priority priority;
        std::uint64_t order;
        std::function<void(Project&)> run;
        std::function<void(FailureReport)> failed;
    };
    struct Later {
        bool operator()(const Task& a, const Task& b) const
        {
            return a.priority != b.priority ? a.priority > b.priority : a.order > b.order;
        }
    };

    void work();
    std::optional<Task> take();
    std::optional<Task> takeAbove(Priority priority);
    void run(const Task& task, Project& project);
    void fail(const Task& task, const FailureReport& report);

    std::string m_folder;
    Executor m_executor;
    std::function<void(std::optional<FailureReport>)> m_opened;
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::priority_queue<Task, std::vector<Task>, Later> m_tasks;
    std::uint64_t m_order = 0;
    bool m_closing = false;
    std::thread m_thread;
};

}  // namespace stet::annotate
