// Project, Instructions: the sets and what is in them; pasted ones, moved ones, removed ones. GUI thread.
#pragma once

#include "annotate/exchange/import.h"
#include "app/session/latest_request.h"
#include "app/session/session_context.h"
#include "ui/project/instructions_panel.h"

#include <QObject>

namespace stet::app {

class InstructionsController : public QObject {
    Q_OBJECT

public:
    InstructionsController(const SessionContext& session, ui::InstructionsPanel& panel, QObject* parent);

    void refresh();  // sets and rows, after imports and new responses

Q_SIGNALS:
    void changed();  // which instructions there are, or which are held out

private:
    void loadRows();
    void add(const QString& set, const QString& lines);
    void change(std::function<void(annotate::Project&)> task);

    SessionContext m_session;
    ui::InstructionsPanel& m_panel;
    LatestRequest m_sets;
    LatestRequest m_rows;
};

}  // namespace stet::app
