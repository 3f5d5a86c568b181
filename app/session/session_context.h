// What every controller of an open project is made with: where to ask and where to tell. All of it outlives the
// controllers; ProjectSession owns or borrows it.
#pragma once

#include "annotate/store/store_thread.h"
#include "app/session/session_state.h"
#include "app/worker/worker_requests.h"
#include "base/failure.h"
#include "ui/main_window/frame.h"

#include <functional>
#include <utility>

namespace stet::app {

struct SessionContext {
    SessionState& state;
    annotate::StoreThread& store;
    WorkerRequests& worker;
    ui::Frame& frame;

    // A failure of something the person did is a notice that stays until it is read.
    std::function<void(FailureReport)> reportFailure() const
    {
        return [shown = &frame](const FailureReport& report) {
            shown->notify(
                {QStringLiteral("failure"), ui::Notice::Level::Problem, QString::fromStdString(report.message), {}});
        };
    }

    // Writes something nobody waits for; a failure is reported.
    void write(std::function<void(annotate::Project&)> task) const
    {
        write(std::move(task), [] {});
    }
    void write(std::function<void(annotate::Project&)> task, std::function<void()> written) const
    {
        store.ask<bool>(
            annotate::Priority::Write,
            [task = std::move(task)](annotate::Project& project) {
                task(project);
                return true;
            },
            [written = std::move(written)](bool) { written(); }, reportFailure());
    }
};

}  // namespace stet::app
