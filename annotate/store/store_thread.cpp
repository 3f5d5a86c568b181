#include "annotate/store/store_thread.h"

namespace stet::annotate {

namespace {

FailureReport reportOf(const std::exception& error)
{
    const auto* failure = dynamic_cast<const Failure*>(&error);
    return {failure != nullptr ? failure->kind() : FailureKind::Internal, error.what()};
}

}  // namespace

StoreThread::StoreThread(std::string folder, Executor executor,
                         std::function<void(std::optional<FailureReport>)> opened)
    : m_folder(std::move(folder))
    , m_executor(std::move(executor))
    , m_opened(std::move(opened))
    , m_thread([this] { work(); })
{
}

StoreThread::~StoreThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_arrived.notify_all();
    }
    m_thread.join();
}

void StoreThread::post(Priority priority, std::function<void(Project&)> task, std::function<void(FailureReport)> failed)
{
    const std::lock_guard lock(m_mutex);
    m_tasks.push({priority, m_order++, std::move(task), std::move(failed)});
    m_arrived.notify_one();
}

std::optional<StoreThread::Task> StoreThread::take()
{
    std::unique_lock lock(m_mutex);
    m_arrived.wait(lock, [&] { return m_closing || !m_tasks.empty(); });
    if (m_tasks.empty()) {
        return std::nullopt;
    }
    Task task = m_tasks.top();
    m_tasks.pop();
    return task;
}

std::optional<StoreThread::Task> StoreThread::takeAbove(Priority priority)
{
    const std::lock_guard lock(m_mutex);
    if (m_tasks.empty() || m_tasks.top().priority >= priority) {
        return std::nullopt;
    }
    Task task = m_tasks.top();
    m_tasks.pop();
    return task;
}

void StoreThread::giveWay(Project& project, Priority own)
{
    while (const auto task = takeAbove(own)) {
        run(*task, project);
    }
}

void StoreThread::run(const Task& task, Project& project)
{
    try {
        task.run(project);
    } catch (const std::exception& error) {
        fail(task, reportOf(error));
    }
}

void StoreThread::fail(const Task& task, const FailureReport& report)
{
    if (task.failed) {
        m_executor([failed = task.failed, report] { failed(report); });
    }
}

void StoreThread::work()
{
    std::unique_ptr<Project> project;
    std::optional<FailureReport> problem;
    try {
        project = Project::open(m_folder);
        if (!project->readOnly()) {
            project->backup();
        }
    } catch (const std::exception& error) {
        problem = reportOf(error);
        project.reset();
    }
    m_executor([opened = m_opened, problem] { opened(problem); });
    while (const auto task = take()) {
        if (project) {
            run(*task, *project);
        } else {
            fail(*task, *problem);
        }
    }
}

}  // namespace stet::annotate
