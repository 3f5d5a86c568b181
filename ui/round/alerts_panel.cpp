#include "ui/round/alerts_panel.h"

#include "annotate/judgment/round_before.h"
#include "ui/common/parts.h"
#include "ui/round/alert_text.h"
#include "ui/round/round_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

namespace {

bool warns(const annotate::RoundRecord& round)
{
    return std::any_of(round.alerts.begin(), round.alerts.end(), [](const auto& alert) { return alert.bad; });
}

}  // namespace

RoundAlertsPanel::RoundAlertsPanel(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "heading"))
    , m_sentences(new QVBoxLayout)
    , m_back(lookButton(this, "primary"))
    , m_compare(lookButton(this))
{
    m_sentences->setSpacing(4);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_back);
    buttons->addWidget(m_compare);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addLayout(m_sentences);
    layout->addLayout(buttons);
    connect(m_back, &QPushButton::clicked, this, [this] {
        if (const auto* round = shown()) {
            Q_EMIT backRequested(annotate::roundBefore(m_rounds, round->number));
        }
    });
    connect(m_compare, &QPushButton::clicked, this, [this] {
        if (const auto* round = shown()) {
            Q_EMIT compareRequested(round->number);
        }
    });
    refresh();
}

void RoundAlertsPanel::setRounds(const std::vector<annotate::RoundRecord>& rounds, int current)
{
    m_rounds = rounds;
    m_current = current;
    refresh();
}

void RoundAlertsPanel::lookAt(int round)
{
    m_round = round;
    refresh();
}

// What was set aside needs no warning any more.
const annotate::RoundRecord* RoundAlertsPanel::shown() const
{
    const auto found = std::find_if(m_rounds.rbegin(), m_rounds.rend(), [this](const annotate::RoundRecord& round) {
        return !round.alerts.empty() &&
            (m_round > 0 ? round.number == m_round : round.state != annotate::RoundState::Discarded);
    });
    return found == m_rounds.rend() ? nullptr : &*found;
}

void RoundAlertsPanel::refresh()
{
    const auto* round = shown();
    setVisible(round != nullptr);
    if (round == nullptr) {
        return;
    }
    setLook(this, warns(*round) ? "notice-problem" : "notice-warning");
    m_title->setText(tr("%1 is to be looked at").arg(roundName(round->number)));
    setAccessibleName(m_title->text());
    showSentences(*round);
    m_back->setVisible(round->number == m_current);
    m_back->setText(tr("Back to: %1").arg(roundName(annotate::roundBefore(m_rounds, round->number))));
    m_compare->setVisible(round->state == annotate::RoundState::Finished);
    m_compare->setText(tr("Compare"));
}

void RoundAlertsPanel::showSentences(const annotate::RoundRecord& round)
{
    while (auto* item = m_sentences->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const annotate::RoundAlert& alert : round.alerts) {
        auto* sentence = wrappedLabel(this, alert.bad ? "problem" : "");
        sentence->setText(alertText(alert));
        m_sentences->addWidget(sentence);
    }
}

void RoundAlertsPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        refresh();
    }
}

}  // namespace stet::ui
