#include "ui/round/round_chain.h"

#include "annotate/judgment/round_before.h"
#include "ui/common/parts.h"
#include "ui/round/round_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

namespace stet::ui {

RoundChain::RoundChain(QWidget* parent) : QWidget(parent), m_scroll(new QScrollArea(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_scroll);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Rounds so far"));
    rebuild();
}

void RoundChain::setRounds(const std::vector<annotate::RoundRecord>& rounds, int current)
{
    m_rounds = rounds;
    if (current != m_current) {
        m_parent = current;
    }
    m_current = current;
    rebuild();
}

void RoundChain::rebuild()
{
    auto* row = new QWidget;
    row->setProperty("look", QStringLiteral("page"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(8);
    m_cards.clear();
    const auto add = [&](const annotate::RoundRecord& round, bool current) {
        auto* item = new RoundCard(round, current, annotate::roundBefore(m_rounds, round.number), row);
        item->setMinimumWidth(230);
        item->setMaximumWidth(280);
        connect(item, &RoundCard::chosen, this, &RoundChain::choose);
        connect(item, &RoundCard::chosen, this, &RoundChain::lookedAt);
        connect(item, &RoundCard::resumeRequested, this, &RoundChain::resumeRequested);
        connect(item, &RoundCard::compareRequested, this, &RoundChain::compareRequested);
        connect(item, &RoundCard::adoptRequested, this, &RoundChain::adoptRequested);
        connect(item, &RoundCard::discardRequested, this, &RoundChain::discardRequested);
        connect(item, &RoundCard::useRequested, this, &RoundChain::useRequested);
        connect(item, &RoundCard::talkRequested, this, &RoundChain::talkRequested);
        layout->addWidget(item);
        m_cards.push_back(item);
    };
    annotate::RoundRecord base;
    base.state = annotate::RoundState::Finished;
    add(base, m_current == 0);
    int previous = 0;
    for (const annotate::RoundRecord& round : m_rounds) {
        // A round that doesn't start from the card before it says where it branches off.
        auto* arrow = plainLabel(row, "dim");
        arrow->setText(round.parent == previous ? QStringLiteral("──▶")
                                                : tr("from %1 ──▶").arg(roundName(round.parent)));
        layout->addWidget(arrow);
        add(round, round.number == m_current);
        previous = round.number;
    }
    layout->addStretch(1);
    m_scroll->setWidget(row);  // deletes the old row
    fitHeight();
    choose(m_parent);
}

void RoundChain::fitHeight()
{
    // As high as the highest card with its "starts here" line, and room for the bar when there are many.
    int height = 0;
    for (const RoundCard* item : m_cards) {
        height = std::max(
            height, item->hasHeightForWidth() ? item->heightForWidth(item->minimumWidth()) : item->sizeHint().height());
    }
    m_scroll->setFixedHeight(height + fontMetrics().height() + 18);
}

void RoundChain::choose(int round)
{
    const auto usable = [this](int number) {
        return number == 0 || std::any_of(m_rounds.begin(), m_rounds.end(), [number](const auto& known) {
                   return known.number == number && known.state == annotate::RoundState::Finished;
               });
    };
    const int wanted = usable(round) ? round : usable(m_parent) ? m_parent : m_current;
    m_parent = wanted;
    for (RoundCard* item : m_cards) {
        item->setChosen(item->number() == m_parent);
    }
    if (m_parent != m_told) {
        m_told = m_parent;
        Q_EMIT parentChosen(m_parent);
    }
}

void RoundChain::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Rounds so far"));
        rebuild();
    }
}

}  // namespace stet::ui
