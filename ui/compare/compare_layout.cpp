// ComparePage: how it is put together, its words and its keys.
#include "ui/compare/compare_page.h"

#include "ui/common/key_map.h"
#include "ui/common/parts.h"
#include "ui/compare/answer_panel.h"
#include "ui/compare/measures_table.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace stet::ui {

ComparePage::ComparePage(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::ClickFocus);
    build();
    addKeys();
    retranslate();
}

void ComparePage::build()
{
    m_stack = new QStackedWidget(this);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    auto* empty = new EmptyState(m_stack);
    m_empty = empty;
    connect(empty, &EmptyState::actionPressed, this, &ComparePage::startCompareRequested);
    m_stack->addWidget(m_empty);
    auto* host = new QWidget(m_stack);
    m_stack->addWidget(host);
    QWidget* page = scrolledPage(host, 1400);
    m_title = titleLabel(page);
    m_position = plainLabel(page, "dim");
    m_pair = new QWidget(page);
    m_instruction = wrappedLabel(m_pair);
    m_a = new AnswerPanel(m_pair);
    m_b = new AnswerPanel(m_pair);
    m_aBetter = lookButton(m_pair);
    m_equal = lookButton(m_pair);
    m_bBetter = lookButton(m_pair);
    m_previous = lookButton(page, "link");
    m_next = lookButton(page, "link");
    m_blind = plainLabel(m_pair, "dim");
    m_winRate = wrappedLabel(m_pair, "heading");
    m_noPair = new QWidget(page);
    m_noPairText = wrappedLabel(m_noPair);
    m_holdOut = lookButton(m_noPair);
    m_reveal = lookButton(page, "link");
    m_measuresTitle = plainLabel(page, "dim");
    m_measures = new MeasuresTable(page);
    m_adopt = lookButton(page, "primary");
    m_discard = lookButton(page);
    m_decision = plainLabel(page, "good");
    m_nextRound = lookButton(page, "primary");
    auto* head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addSpacing(14);
    head->addWidget(m_position, 1);
    head->addWidget(m_previous);
    head->addWidget(m_next);
    auto* answers = new QHBoxLayout;
    answers->setSpacing(12);
    answers->addWidget(m_a, 1);
    answers->addWidget(m_b, 1);
    m_a->setMinimumHeight(170);
    auto* choice = new QHBoxLayout;
    for (QPushButton* button : {m_aBetter, m_equal, m_bBetter}) {
        button->setCheckable(true);
        choice->addWidget(button);
    }
    choice->addSpacing(10);
    choice->addWidget(m_blind, 1);
    auto* decide = new QHBoxLayout;
    decide->addWidget(m_adopt);
    decide->addWidget(m_discard);
    decide->addSpacing(10);
    decide->addWidget(m_decision, 1);
    decide->addWidget(m_nextRound);
    auto* pair = new QVBoxLayout(m_pair);
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(10);
    pair->addWidget(m_instruction);
    pair->addLayout(answers, 1);
    pair->addLayout(choice);
    pair->addSpacing(6);
    pair->addWidget(m_winRate);
    auto* noPair = new QVBoxLayout(m_noPair);
    noPair->setContentsMargins(0, 0, 0, 0);
    noPair->setSpacing(10);
    noPair->addWidget(m_noPairText);
    noPair->addWidget(m_holdOut, 0, Qt::AlignLeft);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_pair, 1);
    layout->addWidget(m_noPair);
    layout->addWidget(m_reveal, 0, Qt::AlignLeft);
    layout->addWidget(m_measuresTitle);
    layout->addWidget(m_measures);
    layout->addLayout(decide);
}

void ComparePage::addKeys()
{
    const auto key = [this](const QKeySequence& sequence, auto slot) {
        auto* shortcut = new QShortcut(sequence, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    const auto pickA = [this] { choose(-1); };
    const auto pickB = [this] { choose(1); };
    const auto pickEqual = [this] { choose(0); };
    const auto previous = [this] { showItem(m_index - 1); };
    const auto next = [this] { showItem(m_index + 1); };
    key(defaultKeys().key(KeyAction::AnswerA), pickA);
    key(defaultKeys().key(KeyAction::AnswerB), pickB);
    key(defaultKeys().key(KeyAction::AnswersEqual), pickEqual);
    key(defaultKeys().key(KeyAction::PreviousItem), previous);
    key(defaultKeys().key(KeyAction::NextItem), next);
    connect(m_aBetter, &QPushButton::clicked, this, pickA);
    connect(m_bBetter, &QPushButton::clicked, this, pickB);
    connect(m_equal, &QPushButton::clicked, this, pickEqual);
    connect(m_previous, &QPushButton::clicked, this, previous);
    connect(m_next, &QPushButton::clicked, this, next);
    connect(m_holdOut, &QPushButton::clicked, this, &ComparePage::instructionsRequested);
    connect(m_nextRound, &QPushButton::clicked, this, &ComparePage::nextRoundRequested);
    connect(m_reveal, &QPushButton::clicked, this, [this] {
        setRevealed(true);
        Q_EMIT measuresRevealed(m_round);
    });
    connect(m_adopt, &QPushButton::clicked, this, [this] { Q_EMIT adoptRequested(m_round); });
    connect(m_discard, &QPushButton::clicked, this, [this] { Q_EMIT discardRequested(m_round); });
}

void ComparePage::retranslate()
{
    setAccessibleName(tr("Compare"));
    m_instruction->setAccessibleName(tr("Instruction"));
    m_a->setLetter(QStringLiteral("A"));
    m_b->setLetter(QStringLiteral("B"));
    m_aBetter->setText(QStringLiteral("A  ") + tr("better"));
    m_aBetter->setAccessibleName(tr("A is better"));
    m_bBetter->setText(QStringLiteral("B  ") + tr("better"));
    m_bBetter->setAccessibleName(tr("B is better"));
    m_equal->setText(QStringLiteral("E  ") + tr("equal"));
    m_equal->setAccessibleName(tr("Equally good"));
    m_previous->setText(tr("← previous"));
    m_next->setText(tr("next →"));
    m_measuresTitle->setText(tr("What changed on the whole"));
    m_reveal->setText(tr("Show what changed on the whole, and end choosing"));
    m_discard->setText(tr("Discard"));
    m_noPairText->setText(
        tr("No instruction was held out when this round was compared, so there are no two responses to choose from. "
           "What is held out now is answered before and after the next rounds."));
    m_holdOut->setText(tr("Hold out instructions …"));
    refresh();
}

void ComparePage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
