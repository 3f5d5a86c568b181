#include "ui/common/word_diff_view.h"

#include "ui/common/theme.h"

#include <QEvent>
#include <QTextCursor>

#include <utility>

namespace stet::ui {

namespace {

using Kind = annotate::DiffPiece::Kind;

QTextCharFormat formatOf(Kind kind, const Colours& colours)
{
    constexpr double kFill = 0.3;
    QTextCharFormat format;
    if (kind == Kind::LeftOut) {
        format.setFontStrikeOut(true);
        format.setForeground(colours.dimText);
        format.setBackground(mixed(colours.background, colours.orange, kFill));
    } else if (kind == Kind::PutIn) {
        format.setFontUnderline(true);
        format.setFontWeight(QFont::DemiBold);
        format.setForeground(colours.text);
        format.setBackground(mixed(colours.background, colours.blue, kFill));
    }
    return format;
}

}  // namespace

WordDiffView::WordDiffView(QWidget* parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setFocusPolicy(Qt::ClickFocus);
}

void WordDiffView::setPieces(std::vector<annotate::DiffPiece> pieces)
{
    m_pieces = std::move(pieces);
    showPieces();
}

// The first change is in view.
void WordDiffView::showPieces()
{
    clear();
    QTextCursor cursor(document());
    int firstChange = -1;
    cursor.beginEditBlock();
    for (const auto& piece : m_pieces) {
        if (piece.kind != Kind::Same && firstChange < 0) {
            firstChange = cursor.position();
        }
        cursor.insertText(QString::fromStdString(piece.text), formatOf(piece.kind, coloursFor(palette())));
    }
    cursor.endEditBlock();
    cursor.setPosition(std::max(0, firstChange));
    setTextCursor(cursor);
}

void WordDiffView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showPieces();
    }
}

}  // namespace stet::ui
