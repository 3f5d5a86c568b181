#include "ui/annotate/writing_edit.h"

#include <QKeyEvent>
#include <QMimeData>

namespace stet::ui {

namespace {

bool isEnter(const QKeyEvent* key)
{
    return key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
}

}  // namespace

WritingEdit::WritingEdit(QWidget* parent) : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
}

QSize WritingEdit::sizeHint() const
{
    return {QPlainTextEdit::sizeHint().width(), fontMetrics().lineSpacing() * 5 + 18};
}

QSize WritingEdit::minimumSizeHint() const
{
    return {QPlainTextEdit::minimumSizeHint().width(), fontMetrics().lineSpacing() * 2 + 18};
}

void WritingEdit::replaceText(const QString& text)
{
    setPlainText(text);
    moveCursor(QTextCursor::End);
}

bool WritingEdit::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        // Ours before any window shortcut: what they mean depends on the text.
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo) || key->key() == Qt::Key_Escape ||
            (isEnter(key) && key->modifiers().testFlag(Qt::ControlModifier))) {
            event->accept();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void WritingEdit::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Undo)) {
        document()->isUndoAvailable() ? undo() : Q_EMIT undoBeyond();
    } else if (event->matches(QKeySequence::Redo)) {
        document()->isRedoAvailable() ? redo() : Q_EMIT redoBeyond();
    } else if (isEnter(event) && event->modifiers().testFlag(Qt::ControlModifier)) {
        Q_EMIT submitPressed();
    } else if (event->key() == Qt::Key_Escape) {
        Q_EMIT leavePressed();
    } else {
        QPlainTextEdit::keyPressEvent(event);
    }
}

void WritingEdit::insertFromMimeData(const QMimeData* source)
{
    // Plain text only, whatever the clipboard offers.
    if (source->hasText()) {
        insertPlainText(source->text());
    }
}

}  // namespace stet::ui
