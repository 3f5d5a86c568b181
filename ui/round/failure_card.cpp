#include "ui/round/failure_card.h"

#include "ui/common/parts.h"
#include "ui/round/round_card.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

RoundFailureCard::RoundFailureCard(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "problem"))
    , m_message(wrappedLabel(this))
    , m_logName(plainLabel(this, "dim"))
    , m_log(new QPlainTextEdit(this))
    , m_close(new QToolButton(this))
{
    setLook(this, "notice-problem");
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_close->setText(QStringLiteral("×"));
    m_log->setReadOnly(true);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_message);
    layout->addWidget(m_logName);
    layout->addWidget(m_log);
    retranslate();
    connect(m_close, &QToolButton::clicked, this, [this] { Q_EMIT dismissed(m_failure.round); });
}

void RoundFailureCard::setFailure(const RoundFailure& failure)
{
    m_failure = failure;
    m_message->setText(failure.message);
    m_log->setPlainText(failure.logLines.join(QLatin1Char('\n')));
    const bool hasLog = !failure.logLines.isEmpty();
    m_log->setVisible(hasLog);
    m_logName->setVisible(hasLog);
    m_log->setFixedHeight(
        m_log->fontMetrics().lineSpacing() * std::clamp<int>(static_cast<int>(failure.logLines.size()), 2, 6) + 24);
    delete m_buttons;
    m_buttons = new QWidget(this);
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 4, 0, 0);
    for (const RoundFailure::Remedy& remedy : failure.remedies) {
        QPushButton* button = lookButton(m_buttons, row->count() == 0 ? "primary" : "");
        button->setText(remedy.text);
        connect(button, &QPushButton::clicked, this,
                [this, id = remedy.id] { Q_EMIT remedyPressed(m_failure.round, id); });
        row->addWidget(button);
    }
    row->addStretch(1);
    layout()->addWidget(m_buttons);
    retranslate();
}

void RoundFailureCard::retranslate()
{
    m_title->setText(tr("%1 failed: %2").arg(roundName(m_failure.round), m_failure.cause));
    setAccessibleName(m_title->text());
    m_logName->setText(tr("The last lines of its log"));
    m_log->setAccessibleName(m_logName->text());
    m_close->setAccessibleName(tr("Close this message"));
}

void RoundFailureCard::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
