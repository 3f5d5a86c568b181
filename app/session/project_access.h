// What every controller of an open project is made with. Owned by ProjectSession; borrowed by the controllers, which it
// outlives.
#pragma once

#include "annotate/store/store_thread.h"
#include "app/worker/worker_requests.h"
#include "ui/main_window/main_window.h"

#include <QString>

namespace stet::app {

struct ProjectAccess {
    QString folder;
    annotate::StoreThread& store;
    WorkerRequests& worker;
    ui::MainWindow& window;
    bool readOnly = false;
    QString modelFolder;
    QString title;
    std::string adapter;  // of the adopted round; empty: base
    int currentRound = 0;
    double lambda = kDefaultLambda;
    std::string contrast = "D1";

    // A failure of a deed is a notice that stays until it is read.
    std::function<void(const FailureReport&)> complain;
};

}  // namespace stet::app
