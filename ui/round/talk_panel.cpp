#include "ui/round/talk_panel.h"

#include "ui/common/parts.h"
#include "ui/round/round_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace stet::ui {

namespace {

QPlainTextEdit* textBox(QWidget* parent, int lines)
{
    auto* box = new QPlainTextEdit(parent);
    box->setTabChangesFocus(true);
    box->setFixedHeight(box->fontMetrics().lineSpacing() * lines + 18);
    return box;
}

}  // namespace

TalkPanel::TalkPanel(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "heading"))
    , m_close(new QToolButton(this))
    , m_instruction(textBox(this, 3))
    , m_send(lookButton(this, "primary"))
    , m_stop(lookButton(this))
    , m_status(wrappedLabel(this, "dim"))
{
    build();
    retranslate();
    m_instruction->installEventFilter(this);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_send, &QPushButton::clicked, this, &TalkPanel::send);
    connect(m_stop, &QPushButton::clicked, this, &TalkPanel::stopRequested);
    for (const Side side : {Base, Round}) {
        connect(m_columns[side].keep, &QPushButton::clicked, this, [this, side] { keep(side); });
    }
}

void TalkPanel::build()
{
    setLook(this, "card");
    m_close->setText(QStringLiteral("×"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    auto* question = new QHBoxLayout;
    question->addWidget(m_instruction, 1);
    question->addWidget(m_send, 0, Qt::AlignBottom);
    question->addWidget(m_stop, 0, Qt::AlignBottom);
    auto* answers = new QHBoxLayout;
    answers->setSpacing(14);
    for (Column& column : m_columns) {
        column.name = plainLabel(this, "dim");
        column.text = textBox(this, 7);
        column.text->setReadOnly(true);
        column.keep = lookButton(this);
        auto* one = new QVBoxLayout;
        one->addWidget(column.name);
        one->addWidget(column.text);
        one->addWidget(column.keep, 0, Qt::AlignLeft);
        answers->addLayout(one, 1);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addLayout(question);
    layout->addLayout(answers);
    layout->addWidget(m_status);
    m_stop->hide();
}

void TalkPanel::retranslate()
{
    m_title->setText(tr("Talk to it: %1").arg(roundName(m_round)));
    setAccessibleName(m_title->text());
    m_close->setAccessibleName(tr("Close"));
    m_instruction->setPlaceholderText(tr("Ask something; the base model and the round answer."));
    m_instruction->setAccessibleName(tr("Instruction"));
    m_send->setText(tr("Ask  Ctrl+Enter"));
    m_stop->setText(tr("Stop"));
    for (const Side side : {Base, Round}) {
        const QString name = roundName(side == Base ? 0 : m_round);
        m_columns[side].name->setText(name);
        m_columns[side].text->setAccessibleName(tr("Response, %1").arg(name));
    }
    showKeys();
}

void TalkPanel::showKeys()
{
    for (const Side side : {Base, Round}) {
        const Column& column = m_columns[side];
        column.keep->setText(column.kept ? tr("In the queue") : tr("(%1) Into the queue").arg(side + 1));
        column.keep->setAccessibleName(column.keep->text() + QStringLiteral(", ") + column.name->text());
        column.keep->setEnabled(column.whole && !column.kept);
    }
    m_send->setVisible(!m_running);
    m_stop->setVisible(m_running);
}

void TalkPanel::open(int round)
{
    if (round != m_round) {
        clear();
        m_round = round;
        retranslate();
    }
    show();
    m_instruction->setFocus();
}

void TalkPanel::clear()
{
    if (m_running) {
        Q_EMIT stopRequested();
    }
    m_running = false;
    m_instruction->clear();
    for (Column& column : m_columns) {
        column.text->clear();
        column.whole = column.kept = false;
    }
    setTone(m_status, "dim");
    m_status->setText(tr("Nothing of this is stored but what you put into the queue."));
    showKeys();
    hide();
}

void TalkPanel::ask(const QString& instruction)
{
    m_instruction->setPlainText(instruction);
    send();
}

void TalkPanel::send()
{
    const QString instruction = m_instruction->toPlainText().trimmed();
    if (m_running || instruction.isEmpty()) {
        return;
    }
    m_running = true;
    for (Column& column : m_columns) {
        column.text->clear();
        column.whole = column.kept = false;
    }
    setTone(m_status, "dim");
    m_status->setText(tr("The models write …"));
    showKeys();
    Q_EMIT asked(m_round, instruction);
}

void TalkPanel::setText(Side side, const QString& text)
{
    m_columns[side].text->setPlainText(text);
    m_columns[side].text->moveCursor(QTextCursor::End);
}

void TalkPanel::setAnswer(Side side, const QString& text)
{
    m_columns[side].text->setPlainText(text);
    m_columns[side].whole = true;
    showKeys();
}

void TalkPanel::setKept(Side side)
{
    m_columns[side].kept = true;
    showKeys();
}

void TalkPanel::setEnded(const QString& sentence)
{
    m_running = false;
    setTone(m_status, sentence.isEmpty() ? "dim" : "problem");
    m_status->setText(sentence.isEmpty() ? tr("1 or 2 puts a response into the queue, to be judged; Enter asks again.")
                                         : sentence);
    showKeys();
    if (m_instruction->hasFocus()) {
        m_columns[Round].text->setFocus();  // so that 1 and 2 are keys
    }
}

void TalkPanel::keep(Side side)
{
    if (m_columns[side].whole && !m_columns[side].kept) {
        Q_EMIT keepRequested(side);
    }
}

// What the read-only boxes leave: the instruction's takes digits for itself.
void TalkPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_1 || event->key() == Qt::Key_2) {
        keep(event->key() == Qt::Key_1 ? Base : Round);
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        m_instruction->setFocus();
        m_instruction->selectAll();
    } else {
        QFrame::keyPressEvent(event);
    }
}

bool TalkPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_instruction && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && key->modifiers().testFlag(Qt::ControlModifier)) {
            send();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void TalkPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
