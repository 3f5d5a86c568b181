#include "ui/round/progress_panel.h"

#include "ui/common/key_map.h"
#include "ui/common/number_text.h"
#include "ui/common/parts.h"
#include "ui/round/round_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QVBoxLayout>

namespace stet::ui {

RoundProgressPanel::RoundProgressPanel(QWidget* parent)
    : QFrame(parent)
    , m_line(plainLabel(this, "heading"))
    , m_left(plainLabel(this, "dim"))
    , m_bar(new QProgressBar(this))
    , m_pause(lookButton(this))
    , m_stop(lookButton(this))
    , m_save(lookButton(this))
    , m_discard(lookButton(this))
    , m_choice(new QWidget(this))
    , m_question(plainLabel(m_choice))
    , m_keep(lookButton(m_choice, "primary"))
    , m_drop(lookButton(m_choice))
    , m_goOn(lookButton(m_choice, "link"))
{
    setLook(this, "card");
    m_bar->setTextVisible(false);
    auto* words = new QHBoxLayout;
    words->addWidget(m_line);
    words->addStretch(1);
    words->addWidget(m_left);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_pause, m_stop, m_save, m_discard}) {
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto* choice = new QHBoxLayout(m_choice);
    choice->setContentsMargins(0, 0, 0, 0);
    choice->addWidget(m_question);
    for (QPushButton* button : {m_keep, m_drop, m_goOn}) {
        choice->addWidget(button);
    }
    choice->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(8);
    layout->addLayout(words);
    layout->addWidget(m_bar);
    layout->addLayout(buttons);
    layout->addWidget(m_choice);
    m_choice->hide();
    retranslate();
    connect(m_pause, &QPushButton::clicked, this, [this] {
        m_progress.paused ? Q_EMIT resumePressed(m_progress.round) : Q_EMIT pausePressed(m_progress.round);
    });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        // Nothing trained yet, nothing to ask.
        m_progress.keepable ? askStop(true) : Q_EMIT stopPressed(m_progress.round, false);
    });
    connect(m_save, &QPushButton::clicked, this, [this] { Q_EMIT savePressed(m_progress.round); });
    connect(m_discard, &QPushButton::clicked, this, [this] { Q_EMIT discardPressed(m_progress.round); });
    connect(m_goOn, &QPushButton::clicked, this, [this] { askStop(false); });
    connect(m_keep, &QPushButton::clicked, this, [this] {
        askStop(false);
        Q_EMIT stopPressed(m_progress.round, true);
    });
    connect(m_drop, &QPushButton::clicked, this, [this] {
        askStop(false);
        Q_EMIT stopPressed(m_progress.round, false);
    });
}

void RoundProgressPanel::askStop(bool ask)
{
    m_choice->setVisible(ask);
    m_stop->setEnabled(!ask);
    (ask ? m_keep : m_stop)->setFocus(Qt::OtherFocusReason);
}

QString RoundProgressPanel::lineText() const
{
    return m_line->text();
}

void RoundProgressPanel::setProgress(const RoundProgress& progress)
{
    if (progress.round != m_progress.round || progress.paused) {
        m_choice->hide();
        m_stop->setEnabled(true);
    }
    m_progress = progress;
    retranslate();
}

void RoundProgressPanel::retranslate()
{
    setAccessibleName(tr("The round that runs"));
    QString line = roundName(m_progress.round) + QStringLiteral(": ");
    line += m_progress.paused ? tr("paused") : phaseInWords(m_progress.phase);
    if (m_progress.total > 0) {
        line += QStringLiteral(" · ") +
            (m_progress.paused || m_progress.phase == RoundPhase::Training
                 ? tr("step %1 of %2").arg(m_progress.done).arg(m_progress.total)
                 : tr("%1 of %2").arg(m_progress.done).arg(m_progress.total));
    }
    m_line->setText(line);
    const QString left = m_progress.paused ? QString() : durationText(m_progress.secondsLeft);
    m_left->setText(left.isEmpty() ? QString() : tr("%1 left").arg(left));
    m_bar->setRange(0, m_progress.total);
    m_bar->setValue(m_progress.done);
    m_bar->setAccessibleName(line);
    m_pause->setText(m_progress.paused ? tr("Go on") + QStringLiteral("   ") + keyText(KeyAction::StartRound)
                                       : tr("Pause"));
    m_stop->setVisible(!m_progress.paused);
    m_save->setVisible(!m_progress.paused);
    m_discard->setVisible(m_progress.paused);
    m_discard->setText(tr("Discard"));
    m_stop->setText(m_progress.keepable ? tr("Stop …") : tr("Stop"));
    m_save->setText(tr("Save now"));
    m_question->setText(tr("Keep what has been trained so far?"));
    m_keep->setText(tr("Stop and keep"));
    m_drop->setText(tr("Stop and discard"));
    m_goOn->setText(tr("Don't stop"));
}

void RoundProgressPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
