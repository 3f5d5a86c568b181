// AnnotatePage: how its panels are put together, its keys, and how they share the width.
#include "ui/annotate/annotate_page.h"

#include "ui/annotate/judgment_panel.h"
#include "ui/annotate/queue_model.h"
#include "ui/annotate/queue_panel.h"
#include "ui/annotate/response_panel.h"
#include "ui/common/hint_bubble.h"
#include "ui/common/key_map.h"
#include "ui/common/key_overlay.h"
#include "ui/common/parts.h"
#include "ui/score/heat_map_view.h"
#include "ui/score/inspector_panel.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QResizeEvent>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

namespace {
constexpr int kQueueWidth = 240;
constexpr int kInspectorWidth = 280;
constexpr int kDrawerBelow = 1100;  // of the window
}  // namespace

AnnotatePage::AnnotatePage(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::ClickFocus);
    build();
    connectPanels();
    addKeys();
    retranslate();
    setLambda(1.1);
    clearItem();
}

void AnnotatePage::build()
{
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_queue = new QueuePanel(m_splitter);
    m_centre = new QWidget(m_splitter);
    m_response = new ResponsePanel(m_centre);
    m_judgment = new JudgmentPanel(m_centre);
    m_inspector = new InspectorPanel(m_splitter);
    m_drawerButton = new QToolButton(m_centre);
    m_drawerButton->setCheckable(true);
    m_drawerButton->hide();
    auto* centre = new QVBoxLayout(m_centre);
    centre->setContentsMargins(14, 10, 14, 10);
    centre->setSpacing(8);
    m_response->addHeadWidget(m_drawerButton);
    centre->addWidget(m_response, 1);
    centre->addWidget(m_judgment);
    m_empty = new EmptyState(m_centre);
    centre->addWidget(m_empty, 1);
    m_splitter->addWidget(m_queue);
    m_splitter->addWidget(m_centre);
    m_splitter->addWidget(m_inspector);
    m_splitter->setHandleWidth(5);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setCollapsible(1, false);
    m_queue->setMinimumWidth(180);
    m_centre->setMinimumWidth(380);
    m_inspector->setMinimumWidth(220);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    m_hint = new HintBubble(this);
    m_keys = new KeyOverlay(this);
    setTabOrder(m_response->heatMap(), m_judgment->edit());
}

void AnnotatePage::connectPanels()
{
    connect(m_queue, &QueuePanel::queryChanged, this, &AnnotatePage::queueQueryChanged);
    connect(m_queue, &QueuePanel::openRequested, this, &AnnotatePage::openRequested);
    connect(m_queue->model(), &QueueModel::moreWanted, this, &AnnotatePage::moreQueueWanted);
    connect(m_response, &ResponsePanel::previousRequested, this, &AnnotatePage::openPrevious);
    connect(m_response, &ResponsePanel::nextRequested, this, &AnnotatePage::openNext);
    connect(m_response, &ResponsePanel::bookmarkToggled, this, &AnnotatePage::toggleBookmark);
    connect(m_response, &ResponsePanel::trashRequested, this, &AnnotatePage::trashOrRestore);
    HeatMapView* heatMap = m_response->heatMap();
    connect(heatMap, &HeatMapView::shownCellChanged, this,
            [this, heatMap](int cell) { m_inspector->showCell(heatMap->model(), cell, heatMap->cellText(cell)); });
    connect(heatMap, &HeatMapView::marksEdited, this, &AnnotatePage::takeMarks);
    connect(m_judgment, &JudgmentPanel::verdictPicked, this, &AnnotatePage::pickVerdict);
    connect(m_judgment, &JudgmentPanel::submitPressed, this, &AnnotatePage::submit);
    connect(m_judgment, &JudgmentPanel::leaveOutPressed, this, [this] {
        pickVerdict(annotate::Verdict::Skipped);
        submit();
    });
    JudgmentEdit* edit = m_judgment->edit();
    connect(edit, &JudgmentEdit::textChanged, this, &AnnotatePage::takeJudgmentEdit);
    connect(edit, &JudgmentEdit::undoBeyond, this, &AnnotatePage::undoRequested);
    connect(edit, &JudgmentEdit::redoBeyond, this, &AnnotatePage::redoRequested);
    connect(edit, &JudgmentEdit::leavePressed, this, &AnnotatePage::leaveText);
    connect(m_inspector, &InspectorPanel::lambdaChanged, this, &AnnotatePage::takeLambda);
    connect(m_inspector, &InspectorPanel::lambdaCommitted, this, &AnnotatePage::lambdaCommitted);
    connect(m_inspector, &InspectorPanel::cannotBeFlaggedToggled, heatMap, &HeatMapView::setCannotBeFlaggedShown);
    connect(m_hint, &HintBubble::dismissed, this, [this] { m_hintKind.clear(); });
    connect(m_empty, &EmptyState::actionPressed, this, &AnnotatePage::responsesWanted);
    connect(m_drawerButton, &QToolButton::toggled, this, &AnnotatePage::toggleDrawer);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_splitterMoved = true; });
}

void AnnotatePage::addKey(int action, void (AnnotatePage::*slot)())
{
    auto* shortcut = new QShortcut(this);
    QList<QKeySequence> keys{defaultKeys().key(static_cast<KeyAction>(action))};
    if (keys.front() == QKeySequence(QStringLiteral("?"))) {
        keys << QKeySequence(QStringLiteral("Shift+?"));  // as platforms report it that don't take the Shift off
    }
    shortcut->setKeys(keys);
    // Of this page and what is in it: a text box with the focus takes letters and digits first.
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, slot);
}

void AnnotatePage::addKeys()
{
    const auto add = [this](KeyAction action, void (AnnotatePage::*slot)()) { addKey(static_cast<int>(action), slot); };
    add(KeyAction::SubmitAndNext, &AnnotatePage::submit);
    add(KeyAction::LeaveText, &AnnotatePage::leaveText);
    add(KeyAction::EnterText, &AnnotatePage::focusJudgment);
    add(KeyAction::Accept, &AnnotatePage::pickAccept);
    add(KeyAction::Criticise, &AnnotatePage::pickCriticise);
    add(KeyAction::Skip, &AnnotatePage::pickSkip);
    add(KeyAction::PreviousItem, &AnnotatePage::openPrevious);
    add(KeyAction::NextItem, &AnnotatePage::openNext);
    add(KeyAction::Bookmark, &AnnotatePage::toggleBookmark);
    add(KeyAction::Trash, &AnnotatePage::trashOrRestore);
    add(KeyAction::Undo, &AnnotatePage::undoRequested);
    add(KeyAction::Redo, &AnnotatePage::redoRequested);
    add(KeyAction::SaveNow, &AnnotatePage::saveNowRequested);
    add(KeyAction::Search, &AnnotatePage::focusSearch);
    add(KeyAction::ShowKeys, &AnnotatePage::showKeys);
}

void AnnotatePage::openPrevious()
{
    if (m_item) {
        Q_EMIT previousRequested(m_item->id);
    }
}

void AnnotatePage::openNext()
{
    if (m_item) {
        Q_EMIT nextRequested(m_item->id);
    }
}

void AnnotatePage::pickAccept()
{
    pickVerdict(annotate::Verdict::Accepted);
}

void AnnotatePage::pickCriticise()
{
    pickVerdict(annotate::Verdict::Criticised);
}

void AnnotatePage::pickSkip()
{
    pickVerdict(annotate::Verdict::Skipped);
}

void AnnotatePage::focusSearch()
{
    m_queue->search()->setFocus(Qt::ShortcutFocusReason);
    m_queue->search()->selectAll();
}

bool AnnotatePage::focusNextPrevChild(bool next)
{
    // After Esc the page itself has the focus: Tab goes to the flagged tokens, as the keys promise.
    if (QApplication::focusWidget() == this && m_response->heatMap()->model().nextNotable(-1, next) >= 0) {
        m_response->heatMap()->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
        return true;
    }
    return QWidget::focusNextPrevChild(next);
}

void AnnotatePage::retranslate()
{
    setAccessibleName(tr("Annotate"));
    m_centre->setAccessibleName(tr("Response and judgment"));
    showEmptyText();
    m_drawerButton->setText(tr("Inspector ▸"));
    m_drawerButton->setAccessibleName(tr("Show the inspector"));
}

void AnnotatePage::showEmptyText()
{
    if (m_fresh > 0) {
        m_empty->setText(tr("Nothing to judge here"),
                         tr("%n instruction(s) wait for a response by the model.", nullptr, m_fresh));
        m_empty->setAction(tr("Let the model answer …"));
    } else {
        m_empty->setText(tr("Nothing to judge here"),
                         tr("No response matches this filter. Choose another one, or import responses under Project."));
        m_empty->setAction({});
    }
}

void AnnotatePage::setFreshInstructions(int count)
{
    m_fresh = count;
    showEmptyText();
}

void AnnotatePage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        // After the panels inside, which are told later and forget their sentences.
        QMetaObject::invokeMethod(this, &AnnotatePage::showScores, Qt::QueuedConnection);
    }
}

void AnnotatePage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrangeInspector();
    m_keys->setGeometry(rect());
    placeHint();
}

void AnnotatePage::arrangeInspector()
{
    const bool narrow = window()->width() < kDrawerBelow;
    const bool inDrawer = m_inspector->parentWidget() == this;
    if (narrow && !inDrawer) {
        m_inspector->setParent(this);
        m_inspector->setAutoFillBackground(true);
        m_inspector->hide();
        m_drawerButton->setChecked(false);
        m_drawerButton->show();
    } else if (!narrow && inDrawer) {
        m_splitter->addWidget(m_inspector);
        m_inspector->setAutoFillBackground(false);
        m_inspector->show();
        m_drawerButton->hide();
        m_splitterMoved = false;
    }
    if (narrow) {
        placeDrawer();
        if (!m_splitterMoved) {
            m_splitter->setSizes({kQueueWidth - 30, width() - kQueueWidth + 30});
        }
        return;
    }
    if (m_splitterMoved) {
        return;
    }
    // The text column grows to 90 characters, the rest goes to the inspector (and a little to the queue).
    const int queue = width() > 1500 ? kQueueWidth + 80 : kQueueWidth;
    const int column = m_response->heatMap()->fontMetrics().averageCharWidth() * HeatMapView::kMaxColumns + 72;
    const int centre = std::clamp(width() - queue - kInspectorWidth, 380, std::max(380, column));
    m_splitter->setSizes({queue, centre, width() - queue - centre});
}

void AnnotatePage::toggleDrawer()
{
    if (m_inspector->parentWidget() == this) {
        m_inspector->setVisible(m_drawerButton->isChecked());
        placeDrawer();
    }
}

void AnnotatePage::placeDrawer()
{
    const int top = m_drawerButton->mapTo(this, QPoint(0, m_drawerButton->height() + 4)).y();
    m_inspector->setGeometry(width() - kInspectorWidth, top, kInspectorWidth, height() - top);
    m_inspector->raise();
}

}  // namespace stet::ui
