#include "app/session/instructions_controller.h"

#include "app/session/convert.h"

namespace stet::app {

using namespace annotate;

namespace {

constexpr int kShownRows = 500;  // what else there is is searched for

}  // namespace

InstructionsController::InstructionsController(const SessionContext& session, ui::InstructionsPanel& panel,
                                               QObject* parent)
    : QObject(parent), m_session(session), m_panel(panel)
{
    using Panel = ui::InstructionsPanel;
    panel.setReadOnly(session.state.project().readOnly);
    connect(&panel, &Panel::rowsWanted, this, [this] { loadRows(); });
    connect(&panel, &Panel::addRequested, this, &InstructionsController::add);
    connect(&panel, &Panel::moveRequested, this, [this](const std::vector<qint64>& ids, const QString& set) {
        change([moved = std::vector<std::int64_t>(ids.begin(), ids.end()), to = set.toStdString()](Project& project) {
            project.moveInstructions(moved, to);
        });
    });
    connect(&panel, &Panel::removeRequested, this, [this](const std::vector<qint64>& ids) {
        change([removed = std::vector<std::int64_t>(ids.begin(), ids.end())](Project& project) {
            project.removeInstructions(removed);
        });
    });
}

void InstructionsController::refresh()
{
    m_sets.ask<std::vector<InstructionSet>>(
        m_session.store, Priority::Read, [](Project& project) { return project.instructionSets(); },
        [this](const std::vector<InstructionSet>& sets) { m_panel.setSets(sets); }, m_session.reportFailure());
    loadRows();
}

void InstructionsController::loadRows()
{
    m_rows.ask<std::vector<InstructionRow>>(
        m_session.store, Priority::Read,
        [set = m_panel.set().toStdString(), search = m_panel.search().toStdString()](Project& project) {
            return project.instructionRows(set, search, 0, kShownRows + 1);
        },
        [this](std::vector<InstructionRow> rows) {
            const bool more = rows.size() > kShownRows;
            rows.resize(std::min<std::size_t>(rows.size(), kShownRows));
            m_panel.setRows(rows, more);
        },
        m_session.reportFailure());
}

void InstructionsController::change(std::function<void(Project&)> task)
{
    m_session.write(std::move(task), [this] {
        m_panel.setRemark({});
        m_session.state.noteJudged();  // what is held out does not train
        refresh();
        Q_EMIT changed();
    });
}

// As a file of them would come in.
void InstructionsController::add(const QString& set, const QString& lines)
{
    ImportHooks hooks;
    hooks.set = set == QLatin1String(kWaitingSet) ? std::string() : set.toStdString();
    m_session.store.ask<ImportResult>(
        Priority::Write,
        [hooks, text = lines.toStdString()](Project& project) {
            return importFile(project, {"pasted", linesOf(text, "pasted")}, hooks);
        },
        [this](const ImportResult& result) {
            m_panel.setRemark(importedText(result));
            m_session.state.noteJudged();
            refresh();
            Q_EMIT changed();
        },
        m_session.reportFailure());
}

}  // namespace stet::app
