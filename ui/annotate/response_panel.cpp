#include "ui/annotate/response_panel.h"

#include "ui/common/icons.h"
#include "ui/common/key_map.h"
#include "ui/common/parts.h"
#include "ui/common/theme.h"
#include "ui/score/heat_map_view.h"
#include "ui/score/legend.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

ResponsePanel::ResponsePanel(QWidget* parent)
    : QWidget(parent)
    , m_head(new QHBoxLayout)
    , m_title(plainLabel(this, "heading"))
    , m_note(plainLabel(this, "dim"))
    , m_previous(new QToolButton(this))
    , m_next(new QToolButton(this))
    , m_flag(new QToolButton(this))
    , m_trash(new QToolButton(this))
    , m_instructionName(plainLabel(this, "dim"))
    , m_instructionScroll(new QScrollArea(this))
    , m_instruction(plainLabel(nullptr))
    , m_responseName(plainLabel(this, "dim"))
    , m_heatMap(new HeatMapView(this))
    , m_legend(new Legend(this))
{
    // What is read is a little larger than what is pressed.
    QFont reading = font();
    reading.setPointSizeF(reading.pointSizeF() * 1.1);
    m_heatMap->setFont(reading);
    m_head->setSpacing(4);
    m_head->addWidget(m_title);
    m_head->addSpacing(8);
    m_head->addWidget(m_note, 1);
    for (QToolButton* button : {m_flag, m_trash, m_previous, m_next}) {
        button->setFocusPolicy(Qt::TabFocus);
        m_head->addWidget(button);
    }
    m_note->setMinimumWidth(0);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_flag->setCheckable(true);
    m_previous->setArrowType(Qt::LeftArrow);
    m_next->setArrowType(Qt::RightArrow);
    m_instruction->setWordWrap(true);
    m_instruction->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_instruction->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_instructionScroll->setWidgetResizable(true);
    m_instructionScroll->setFrameShape(QFrame::NoFrame);
    m_instructionScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_instructionScroll->setFocusPolicy(Qt::NoFocus);
    m_instructionScroll->setWidget(m_instruction);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(m_head);
    layout->addWidget(m_instructionName);
    layout->addWidget(m_instructionScroll);
    layout->addSpacing(4);
    layout->addWidget(m_responseName);
    layout->addWidget(m_heatMap, 1);
    layout->addWidget(m_legend);
    m_instructionName->setBuddy(m_instruction);
    retranslate();
    connect(m_previous, &QToolButton::clicked, this, &ResponsePanel::previousRequested);
    connect(m_next, &QToolButton::clicked, this, &ResponsePanel::nextRequested);
    connect(m_flag, &QToolButton::clicked, this, &ResponsePanel::flagToggled);
    connect(m_trash, &QToolButton::clicked, this, &ResponsePanel::trashRequested);
}

void ResponsePanel::retranslate()
{
    m_title->setText(m_position > 0 ? tr("Response %1 of %2").arg(m_position).arg(m_total) : tr("Response"));
    QStringList notes;
    if (!m_source.isEmpty() && m_source != QStringLiteral("you")) {
        notes << tr("judged by: %1").arg(m_source);
    }
    if (m_stoppedByLength) {
        notes << tr("cut off at the length limit");
    }
    m_noteText = notes.join(QStringLiteral(" · "));
    showNote();
    m_instructionName->setText(tr("Instruction"));
    m_instruction->setAccessibleName(tr("Instruction"));
    m_responseName->setText(tr("Response"));
    const Colours& colours = coloursFor(palette());
    m_flag->setIcon(icon(QStringLiteral("flag"), m_flag->isChecked() ? colours.warning : colours.dimText));
    m_flag->setAccessibleName(tr("Set aside"));
    m_flag->setToolTip(tr("Set this response aside (%1)").arg(keyText(KeyAction::FlagItem)));
    m_trash->setIcon(icon(QStringLiteral("trash"), colours.dimText));
    m_trash->setAccessibleName(tr("Move to the trash"));
    m_trash->setToolTip(tr("Move to the trash (%1)").arg(keyText(KeyAction::Trash)));
    m_previous->setAccessibleName(tr("Previous response"));
    m_previous->setToolTip(tr("Previous response (←)"));
    m_next->setAccessibleName(tr("Next response"));
    m_next->setToolTip(tr("Next response (→)"));
}

void ResponsePanel::setItem(const annotate::ResponseItem& item, int position, int total)
{
    m_position = position;
    m_total = total;
    m_stoppedByLength = item.stoppedByLength;
    m_source = QString::fromStdString(item.source);
    QString instruction = QString::fromStdString(item.instruction);
    if (!item.input.empty()) {
        instruction += QLatin1Char('\n') + QString::fromStdString(item.input);
    }
    if (instruction != m_instruction->text()) {
        m_instruction->setText(instruction);
        m_instructionScroll->verticalScrollBar()->setValue(0);
    }
    m_flag->setChecked(item.flaggedItem);
    retranslate();
    fitInstruction();
}

void ResponsePanel::addHeadWidget(QWidget* widget)
{
    m_head->addWidget(widget);
}

QString ResponsePanel::instructionText() const
{
    return m_instruction->text();
}

void ResponsePanel::setFlagged(bool flagged)
{
    m_flag->setChecked(flagged);
    retranslate();
}

void ResponsePanel::setLambda(double lambda)
{
    m_heatMap->setLambda(lambda);
    m_legend->setLambda(lambda);
}

void ResponsePanel::showNote()
{
    m_note->setText(m_note->fontMetrics().elidedText(m_noteText, Qt::ElideRight, m_note->width()));
    m_note->setToolTip(m_noteText.toHtmlEscaped());  // tool tips guess rich text; this keeps it plain
}

void ResponsePanel::fitInstruction()
{
    // As tall as its text, but never more than a quarter of the column: the response needs the room.
    const int columns = fontMetrics().averageCharWidth() * HeatMapView::kMaxColumns;
    m_instruction->setMaximumWidth(columns);
    const int wanted = m_instruction->heightForWidth(std::min(width() - 4, columns)) + 4;
    m_instructionScroll->setFixedHeight(std::clamp(wanted, fontMetrics().height() + 4, std::max(60, height() / 4)));
}

void ResponsePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitInstruction();
    showNote();
}

void ResponsePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) {
        retranslate();
    }
}

}  // namespace stet::ui
