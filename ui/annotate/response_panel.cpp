#include "ui/annotate/response_panel.h"

#include "base/json.h"
#include "ui/annotate/author_text.h"
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
#include <utility>

namespace stet::ui {

namespace {

// A text of any length in a few lines.
void readInScrollArea(QLabel* label, QScrollArea* area)
{
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(label);
}

// Whom a verdict is from, where it isn't from the one who looks at it, and which model had drafted it.
QStringList judgeTexts(const annotate::ResponseItem& item)
{
    const annotate::Author& author = item.judgedBy;
    QStringList texts;
    if (item.verdict != annotate::Verdict::Open && !isOwnPerson(author)) {
        texts << ResponsePanel::tr("judged by: %1").arg(authorText(author));
    }
    if (item.verdict != annotate::Verdict::Open && author.kind == annotate::AuthorKind::Person &&
        !author.model.empty()) {
        texts << ResponsePanel::tr("drafted by: %1").arg(modelText(author));
    }
    return texts;
}

// The turns before the last, which is the instruction.
QString turnsBefore(const std::string& messages)
{
    const Json turns = messages.empty() ? Json::array() : parseJson(messages, "messages");
    QString text;
    for (std::size_t i = 0; i + 1 < turns.size(); ++i) {
        text += QString::fromStdString(turns[i].value("role", "") + ": " + turns[i].value("content", "") + "\n");
    }
    return text;
}

}  // namespace

ResponsePanel::ResponsePanel(QWidget* parent)
    : QWidget(parent)
    , m_head(new QHBoxLayout)
    , m_title(plainLabel(this, "heading"))
    , m_note(plainLabel(this, "dim"))
    , m_previous(new QToolButton(this))
    , m_next(new QToolButton(this))
    , m_bookmark(new QToolButton(this))
    , m_trash(new QToolButton(this))
    , m_instructionName(plainLabel(this, "dim"))
    , m_instructionScroll(new QScrollArea(this))
    , m_instruction(plainLabel(nullptr))
    , m_responseName(plainLabel(this, "dim"))
    , m_heatMap(new HeatMapView(this))
    , m_demonstrationScroll(new QScrollArea(this))
    , m_demonstration(plainLabel(nullptr))
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
    for (QToolButton* button : {m_bookmark, m_trash, m_previous, m_next}) {
        button->setFocusPolicy(Qt::TabFocus);
        m_head->addWidget(button);
    }
    m_note->setMinimumWidth(0);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_bookmark->setCheckable(true);
    m_previous->setArrowType(Qt::LeftArrow);
    m_next->setArrowType(Qt::RightArrow);
    readInScrollArea(m_instruction, m_instructionScroll);
    readInScrollArea(m_demonstration, m_demonstrationScroll);
    m_demonstrationScroll->hide();
    setTight(true);  // until the page knows its height
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(m_head);
    layout->addWidget(m_instructionName);
    layout->addWidget(m_instructionScroll);
    layout->addSpacing(4);
    layout->addWidget(m_responseName);
    layout->addWidget(m_heatMap, 1);
    layout->addWidget(m_demonstrationScroll);
    layout->addWidget(m_legend);
    m_instructionName->setBuddy(m_instruction);
    retranslate();
    connect(m_previous, &QToolButton::clicked, this, &ResponsePanel::previousRequested);
    connect(m_next, &QToolButton::clicked, this, &ResponsePanel::nextRequested);
    connect(m_bookmark, &QToolButton::clicked, this, &ResponsePanel::bookmarkToggled);
    connect(m_trash, &QToolButton::clicked, this, &ResponsePanel::trashRequested);
}

void ResponsePanel::retranslate()
{
    m_title->setText(m_position > 0 ? tr("Response %1 of %2").arg(m_position).arg(m_total) : tr("Response"));
    QStringList notes = judgeTexts(m_item);
    if (m_item.stoppedByLength) {
        notes << tr("cut off at the length limit");
    }
    if (!m_item.hasOutput) {
        notes << tr("no response to judge");
    }
    if (!m_item.set.empty()) {
        notes << tr("control set");
    }
    m_noteText = notes.join(QStringLiteral(" · "));
    showNote();
    m_instructionName->setText(tr("Instruction"));
    m_instruction->setAccessibleName(tr("Instruction: %1").arg(m_instruction->text()));
    m_responseName->setText(m_pale ? tr("Response · pale: scored before your last change, new scores are on the way")
                                   : tr("Response"));
    showDemonstration();
    const Colours& colours = coloursFor(palette());
    m_bookmark->setIcon(icon(QStringLiteral("bookmark"), m_bookmark->isChecked() ? colours.warning : colours.dimText));
    m_bookmark->setAccessibleName(tr("Bookmark"));
    m_bookmark->setToolTip(tr("Bookmark this response (%1)").arg(keyText(KeyAction::Bookmark)));
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
    m_item = item;
    QString instruction = turnsBefore(item.messages) + QString::fromStdString(item.instruction);
    if (!item.input.empty()) {
        instruction += QLatin1Char('\n') + QString::fromStdString(item.input);
    }
    if (instruction != m_instruction->text()) {
        m_instruction->setText(instruction);
        m_instructionScroll->verticalScrollBar()->setValue(0);
    }
    m_bookmark->setChecked(item.bookmarked);
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

void ResponsePanel::setBookmarked(bool bookmarked)
{
    m_bookmark->setChecked(bookmarked);
    retranslate();
}

void ResponsePanel::setScores(const std::optional<annotate::TokenScores>& scores)
{
    m_heatMap->setScores(scores);
    m_legend->setPushesBeginnings(m_heatMap->model().pushesBeginnings());
}

void ResponsePanel::setLambda(double lambda)
{
    m_heatMap->setLambda(lambda);
    m_legend->setLambda(lambda);
}

void ResponsePanel::setTight(bool tight)
{
    m_legend->setVisible(!tight);
}

void ResponsePanel::setPale(bool pale)
{
    if (std::exchange(m_pale, pale) != pale) {
        retranslate();
    }
}

void ResponsePanel::showNote()
{
    m_note->setText(m_note->fontMetrics().elidedText(m_noteText, Qt::ElideRight, m_note->width()));
    m_note->setToolTip(m_noteText.toHtmlEscaped());  // tool tips guess rich text; this keeps it plain
}

void ResponsePanel::showDemonstration()
{
    m_demonstration->setText(
        tr("Demonstration: %1").arg(QString::fromStdString(m_item.demonstration.value_or(std::string()))));
    m_demonstration->setAccessibleName(tr("Demonstration"));
    m_demonstrationScroll->setVisible(m_item.demonstration.has_value());
}

void ResponsePanel::fitInstruction()
{
    const int lines = m_demonstration->heightForWidth(std::max(1, width() - 4)) + 4;
    m_demonstrationScroll->setFixedHeight(std::clamp(lines, fontMetrics().height() + 4, std::max(60, height() / 4)));
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
