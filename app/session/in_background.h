// Work that may take a while and belongs to no thread of its own: off the GUI thread, then back on it. GUI thread.
#pragma once

#include <QString>

#include <functional>

class QObject;

namespace stet::app {

// Runs `task` off the GUI thread; then done(problem) on it, unless `context` is gone. problem: what the task threw,
// empty when all went well.
void inBackground(QObject* context, std::function<void()> task, std::function<void(const QString& problem)> done);

}  // namespace stet::app
