#include "ui/round/round_card.h"

#include "ui/common/parts.h"
#include "ui/round/alert_text.h"
#include "ui/round/plan_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QVBoxLayout>
#include <QDateTime>

#include <algorithm>

namespace stet::ui {

QString roundName(int number)
{
    return number == 0 ? RoundCard::tr("Base model") : RoundCard::tr("Round %1").arg(number);
}

RoundCard::RoundCard(const annotate::RoundRecord& round, bool current, int before, QWidget* parent)
    : QFrame(parent), m_round(round), m_before(before)
{
    build(current);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(roundName(round.number) + QStringLiteral(", ") + stateText(current));
    setChosen(false);
}

QString RoundCard::stateText(bool current) const
{
    if (m_round.number == 0) {
        return current ? tr("in use") : tr("the folder the project was made with");
    }
    switch (m_round.state) {
    case annotate::RoundState::Prepared:
        return tr("prepared");
    case annotate::RoundState::Running:
        return tr("training");  // how far stands below, where it moves
    case annotate::RoundState::Paused:
        return tr("paused at %1/%2").arg(m_round.stepsDone).arg(m_round.steps);
    case annotate::RoundState::Finished:
        return current ? tr("adopted, in use") : tr("finished, not adopted");
    case annotate::RoundState::Failed:
        return tr("failed");
    case annotate::RoundState::Discarded:
        return tr("discarded");
    }
    return {};
}

QString RoundCard::numbersText() const
{
    if (m_round.number == 0) {
        return {};
    }
    QStringList parts{tr("%n criticised", nullptr, m_round.criticised), tr("%n accepted", nullptr, m_round.accepted)};
    if (!m_round.preset.empty()) {
        parts << presetName(QString::fromStdString(m_round.preset));
    }
    const QDateTime finished = QDateTime::fromString(QString::fromStdString(m_round.finishedAt), Qt::ISODate);
    if (finished.isValid()) {
        QString when = QLocale().toString(finished.toLocalTime(), QLocale::ShortFormat);
        parts << when.replace(QLatin1Char(' '), QChar::Nbsp);
    }
    return parts.join(QStringLiteral(" · "));
}

void RoundCard::build(bool current)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 9, 12, 9);
    layout->setSpacing(3);
    auto* name = plainLabel(this, "heading");
    name->setText(roundName(m_round.number));
    auto* state = plainLabel(this,
                             current                                             ? "good"
                                 : m_round.state == annotate::RoundState::Failed ? "problem"
                                                                                 : "dim");
    state->setText(stateText(current));
    layout->addWidget(name);
    layout->addWidget(state);
    if (m_round.number > 0) {
        auto* numbers = plainLabel(this, "dim");
        numbers->setText(numbersText());
        numbers->setWordWrap(true);
        layout->addWidget(numbers);
    }
    addAlerts(layout);
    m_from = plainLabel(this, "good");
    m_from->setText(tr("the next round starts here"));
    layout->addWidget(m_from);
    layout->addStretch(1);
    for (QHBoxLayout* row : {buttons(current), moreButtons()}) {
        row->addStretch(1);
        layout->addLayout(row);
    }
}

// A line each; the whole sentence is below the chain, and here for who points at it.
void RoundCard::addAlerts(QVBoxLayout* layout)
{
    for (const annotate::RoundAlert& alert : m_round.alerts) {
        auto* line = wrappedLabel(this, alert.bad ? "problem" : "warning");
        line->setText(QStringLiteral("⚠ ") + alertTitle(alert));
        line->setToolTip(alertText(alert));
        line->setAccessibleDescription(alertText(alert));
        layout->addWidget(line);
    }
}

bool RoundCard::warns() const
{
    return std::any_of(m_round.alerts.begin(), m_round.alerts.end(),
                       [](const annotate::RoundAlert& alert) { return alert.bad; });
}

QPushButton* RoundCard::linkButton(const QString& text)
{
    QPushButton* button = lookButton(this, "link");
    button->setText(text);
    button->setAccessibleName(text + QStringLiteral(", ") + roundName(m_round.number));
    return button;
}

QHBoxLayout* RoundCard::buttons(bool current)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    const auto add = [&](const QString& text, auto signal, int round) {
        QPushButton* button = linkButton(text);
        connect(button, &QPushButton::clicked, this, [this, signal, round] { Q_EMIT(this->*signal)(round); });
        row->addWidget(button);
    };
    const int number = m_round.number;
    const bool finished = m_round.state == annotate::RoundState::Finished;
    const bool paused = m_round.state == annotate::RoundState::Paused;
    if (current && warns()) {
        add(tr("Back to: %1").arg(roundName(m_before)), &RoundCard::adoptRequested, m_before);
    }
    if (paused) {
        add(tr("Go on"), &RoundCard::resumeRequested, number);
    }
    if (number > 0 && finished) {
        add(tr("Compare"), &RoundCard::compareRequested, number);
    }
    if (!current && (number == 0 || finished)) {
        add(number == 0 ? tr("Use again") : tr("Adopt"), &RoundCard::adoptRequested, number);
    }
    if (number > 0 && !current && (finished || paused || m_round.state == annotate::RoundState::Failed)) {
        add(tr("Discard"), &RoundCard::discardRequested, number);
    }
    return row;
}

QHBoxLayout* RoundCard::moreButtons()
{
    auto* row = new QHBoxLayout;
    const auto add = [&](const QString& text, auto signal) {
        QPushButton* button = linkButton(text);
        connect(button, &QPushButton::clicked, this, [this, signal] { Q_EMIT(this->*signal)(m_round.number); });
        row->addWidget(button);
    };
    const bool finished = m_round.state == annotate::RoundState::Finished;
    if (m_round.number == 0 || finished) {
        add(tr("Use this model …"), &RoundCard::useRequested);
    }
    if (m_round.number > 0 && finished) {
        add(tr("Talk to it …"), &RoundCard::talkRequested);
    }
    return row;
}

void RoundCard::setChosen(bool chosen)
{
    m_chosen = chosen;
    m_from->setVisible(chosen);
    showFrame();
}

void RoundCard::showFrame()
{
    setLook(this, hasFocus() ? "focusCard" : m_chosen ? "currentCard" : "card");
}

void RoundCard::mousePressEvent(QMouseEvent* /*event*/)
{
    Q_EMIT chosen(m_round.number);
}

void RoundCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return) {
        Q_EMIT chosen(m_round.number);
    } else {
        QFrame::keyPressEvent(event);
    }
}

void RoundCard::focusInEvent(QFocusEvent* event)
{
    QFrame::focusInEvent(event);
    showFrame();
}

void RoundCard::focusOutEvent(QFocusEvent* event)
{
    QFrame::focusOutEvent(event);
    showFrame();
}

}  // namespace stet::ui
