#include "ui/main_window/status_line.h"

#include "ui/annotate/judgment_panel.h"
#include "ui/common/parts.h"

#include <QEvent>

namespace stet::ui {

namespace {

QString workerText(WorkerState state)
{
    switch (state) {
    case WorkerState::Off:
        return StatusLine::tr("worker off");
    case WorkerState::Starting:
        return StatusLine::tr("worker starting …");
    case WorkerState::Ready:
        return StatusLine::tr("worker ready");
    case WorkerState::Restarting:
        return StatusLine::tr("worker restarting …");
    case WorkerState::Lost:
        return StatusLine::tr("worker lost");
    }
    return {};
}

}  // namespace

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent)
    , m_line(plainLabel(this, "dim"))
    , m_worker(plainLabel(this, "dim"))
    , m_restart(lookButton(this, "link"))
{
    setSizeGripEnabled(false);
    m_line->setContentsMargins(8, 0, 0, 0);
    m_line->setMinimumWidth(60);  // a long line never makes the window wider than the screen
    addWidget(m_line);
    addWidget(m_worker);
    addWidget(m_restart);
    m_restart->hide();
    retranslate();
    connect(m_restart, &QPushButton::clicked, this, &StatusLine::restartPressed);
}

QString StatusLine::text() const
{
    return m_line->text() + m_worker->text();
}

QString StatusLine::deviceText() const
{
    const QString device = m_device + (m_dtype.isEmpty() ? QString() : QStringLiteral(", ") + m_dtype);
    return device + (m_reason.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(m_reason));
}

QString StatusLine::workerLine() const
{
    const QString state = workerText(m_state) + (m_detail.isEmpty() ? QString() : QStringLiteral(": ") + m_detail);
    return m_device.isEmpty() ? state : state + QStringLiteral(" · ") + deviceText();
}

void StatusLine::retranslate()
{
    setAccessibleName(tr("Status"));
    QStringList parts;
    if (m_projectShown) {
        parts << savedText(m_saved);
        if (!m_model.isEmpty()) {
            parts << (m_round == 0 ? tr("%1 (base model)").arg(m_model)
                                   : tr("%1 + round %2").arg(m_model).arg(m_round));
        }
    }
    if (!m_device.isEmpty()) {
        parts << deviceText();
    }
    m_line->setText(parts.join(QStringLiteral(" · ")));
    setTone(m_line, m_projectShown && m_saved.kind == SavedState::Kind::Failed ? "problem" : "dim");
    const bool lost = m_state == WorkerState::Lost;
    m_worker->setText((parts.isEmpty() ? QString() : QStringLiteral("· ")) + workerText(m_state) +
                      (m_detail.isEmpty() ? QString() : QStringLiteral(": ") + m_detail));
    setTone(m_worker, lost ? "problem" : "dim");
    m_restart->setText(tr("Restart it"));
    m_restart->setAccessibleName(tr("Restart the worker"));
    m_restart->setVisible(lost);
}

void StatusLine::setSaved(const SavedState& state)
{
    m_saved = state;
    retranslate();
}

void StatusLine::setModel(const QString& name, int round)
{
    m_model = name;
    m_round = round;
    retranslate();
}

void StatusLine::setDevice(const QString& device, const QString& dtype, const QString& reason)
{
    m_device = device;
    m_dtype = dtype;
    m_reason = reason;
    retranslate();
}

void StatusLine::setWorker(WorkerState state, const QString& detail)
{
    m_state = state;
    m_detail = detail;
    retranslate();
}

void StatusLine::setProjectShown(bool shown)
{
    m_projectShown = shown;
    retranslate();
}

void StatusLine::changeEvent(QEvent* event)
{
    QStatusBar::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
