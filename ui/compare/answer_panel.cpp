#include "ui/compare/answer_panel.h"

#include "ui/common/parts.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace stet::ui {

AnswerPanel::AnswerPanel(QWidget* parent)
    : QFrame(parent), m_letter(titleLabel(this)), m_identity(plainLabel(this, "good")), m_text(new QPlainTextEdit(this))
{
    setLook(this, "card");
    m_text->setReadOnly(true);
    m_text->document()->setDocumentMargin(0);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setStyleSheet(QStringLiteral("QPlainTextEdit { border: none; padding: 0px; }"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setFocusPolicy(Qt::ClickFocus);
    auto* head = new QHBoxLayout;
    head->addWidget(m_letter);
    head->addSpacing(8);
    head->addWidget(m_identity, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
}

void AnswerPanel::describe()
{
    m_text->setAccessibleName(m_letter->text() + QLatin1Char(' ') + m_identity->text());
    setAccessibleName(m_text->accessibleName());
}

void AnswerPanel::setLetter(const QString& letter)
{
    m_letter->setText(letter);
    describe();
}

void AnswerPanel::setText(const QString& text)
{
    m_text->setPlainText(text);
}

void AnswerPanel::setIdentity(const QString& name, bool preferred)
{
    m_identity->setText(name);
    setLook(this, preferred ? "currentCard" : "card");
    describe();
}

QString AnswerPanel::identity() const
{
    return m_identity->text();
}

QString AnswerPanel::text() const
{
    return m_text->toPlainText();
}

}  // namespace stet::ui
