#include "ui/common/parts.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QStyle>
#include <QTableWidget>
#include <QVBoxLayout>
#include <QVariant>

namespace stet::ui {

namespace {

void repolish(QWidget* widget)
{
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

}  // namespace

QLabel* plainLabel(QWidget* parent, const char* tone)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("tone", QString::fromLatin1(tone));
    return label;
}

QLabel* wrappedLabel(QWidget* parent, const char* tone)
{
    QLabel* label = plainLabel(parent, tone);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

void setTone(QLabel* label, const char* tone)
{
    label->setProperty("tone", QString::fromLatin1(tone));
    repolish(label);
}

QLabel* titleLabel(QWidget* parent)
{
    QLabel* label = plainLabel(parent, "heading");
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * 1.4);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QPushButton* lookButton(QWidget* parent, const char* look)
{
    auto* button = new QPushButton(parent);
    button->setAutoDefault(false);
    button->setProperty("look", QString::fromLatin1(look));
    return button;
}

QFrame* card(QWidget* parent, const char* look)
{
    auto* frame = new QFrame(parent);
    frame->setProperty("look", QString::fromLatin1(look));
    return frame;
}

void setLook(QWidget* widget, const char* look)
{
    widget->setProperty("look", QString::fromLatin1(look));
    repolish(widget);
}

void makeReadOnlyTable(QTableWidget* table)
{
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
}

void setOrHide(QLabel* label, const QString& text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

QWidget* scrolledPage(QWidget* host, int maxWidth)
{
    auto* outer = new QVBoxLayout(host);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(host);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    scroll->setFocusPolicy(Qt::NoFocus);
    outer->addWidget(scroll);
    auto* canvas = new QWidget;
    canvas->setProperty("look", QStringLiteral("page"));
    auto* centred = new QHBoxLayout(canvas);
    centred->setContentsMargins(20, 16, 20, 16);
    auto* page = new QWidget(canvas);
    page->setMaximumWidth(maxWidth);
    centred->addWidget(page, 1);
    scroll->setWidget(canvas);
    return page;
}

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_heading(titleLabel(this))
    , m_sentence(plainLabel(this, "dim"))
    , m_button(lookButton(this, "primary"))
{
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    m_heading->setAlignment(Qt::AlignCenter);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    layout->addWidget(m_heading);
    layout->addSpacing(6);
    layout->addWidget(m_sentence);
    layout->addSpacing(12);
    layout->addWidget(m_button, 0, Qt::AlignCenter);
    layout->addStretch(3);
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::actionPressed);
}

void EmptyState::setText(const QString& heading, const QString& sentence)
{
    m_heading->setText(heading);
    setOrHide(m_sentence, sentence);
}

void EmptyState::setAction(const QString& text)
{
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
}

}  // namespace stet::ui
