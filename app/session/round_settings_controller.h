// The panel of a project's round settings: shows what is chosen, writes what is chosen anew. What a value may be is
// known to the worker, whose next plan says what is wrong with it. Owned by RoundController; GUI thread.
#pragma once

#include "app/session/session_context.h"
#include "ui/round/settings_panel.h"

#include <QObject>

namespace stet::app {

class RoundSettingsController : public QObject {
    Q_OBJECT

public:
    RoundSettingsController(const SessionContext& session, ui::RoundSettingsPanel& panel, QObject* parent);

    void open();

Q_SIGNALS:
    void chosen();  // the next round is another one

private:
    void choose(const QString& path, const QString& value);

    SessionContext m_session;
    ui::RoundSettingsPanel& m_panel;
};

}  // namespace stet::app
