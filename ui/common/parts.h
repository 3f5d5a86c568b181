// Small ready-made parts so that every page speaks and looks alike: labels that never interpret text, buttons by look,
// cards, empty states. Parents own them. GUI thread.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>

class QTableWidget;
class QVBoxLayout;

namespace stet::ui {

// A label for plain text; `tone`: "", "dim", "good", "warning", "problem", "heading".
QLabel* plainLabel(QWidget* parent, const char* tone = "");
QLabel* wrappedLabel(QWidget* parent, const char* tone = "");
void setTone(QLabel* label, const char* tone);

// The page's heading, a little larger than the text.
QLabel* titleLabel(QWidget* parent);

// `look`: "", "primary", "link".
QPushButton* lookButton(QWidget* parent, const char* look = "");
QFrame* card(QWidget* parent, const char* look = "card");
void setLook(QWidget* widget, const char* look);

// Shows text and hides the label when there is none.
void setOrHide(QLabel* label, const QString& text);

// A table that is read, not edited: no grid, no row numbers, Tab goes on to what follows it.
void makeReadOnlyTable(QTableWidget* table);

// A page that scrolls when it doesn't fit; returns the widget to fill. The scroll area becomes `host`'s only child.
QWidget* scrolledPage(QWidget* host, int maxWidth);

// Nothing here yet: a sentence and perhaps a button.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);

    void setText(const QString& heading, const QString& sentence);
    void setAction(const QString& text);  // empty: no button

Q_SIGNALS:
    void actionPressed();

private:
    QLabel* m_heading;
    QLabel* m_sentence;
    QPushButton* m_button;
};

}  // namespace stet::ui
