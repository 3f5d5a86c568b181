// The real window with the real worker, driven by keys as a person drives it; for tests and the tour. It lives in a
// home of its own: settings and projects of the person who runs it are never touched. GUI thread.
#pragma once

#include "app/session/window_controller.h"
#include "app/worker/worker_client.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/main_window/main_window.h"
#include "ui/score/heat_map_view.h"
#include "tests/support/patience.h"

#include <QString>

#include <functional>
#include <memory>

class QPushButton;

namespace stet::test {

// Before the application object is made: settings and data go under `home`, the worker is the one built beside.
void useHome(const QString& home);

// Runs the event loop until `reached`; false: not within `milliseconds`.
bool waitFor(const std::function<bool()>& reached, int milliseconds = kPatienceMs);

class LiveWindow {
public:
    LiveWindow();
    ~LiveWindow();

    ui::MainWindow& window() { return *m_window; }
    app::WorkerClient& worker() { return *m_worker; }
    app::WindowController& controller() { return *m_controller; }

    bool openExample();                     // by the button of the start page; true: a response is on screen
    bool openProject(const QString& path);  // as a recent one
    QString projectFolder() const;

    ui::JudgmentEdit* judgment() const;
    ui::HeatMapView* heatMap() const;
    std::int64_t shownId() const;                                           // −1: no response on screen
    bool scored() const;                                                    // scores of what is written are on screen
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);  // to what has the focus
    void type(const QString& text);                                         // into the judgment
    bool submit();                                                          // and wait for the next response
    QPushButton* button(const QString& text) const;  // the visible one whose text begins so; nullptr: none
    // What a person would see and what the worker does: for a test that waited in vain.
    QString description() const;

private:
    std::unique_ptr<app::WorkerClient> m_worker;
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<app::WindowController> m_controller;
};

}  // namespace stet::test
