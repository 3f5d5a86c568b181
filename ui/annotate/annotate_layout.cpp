// AnnotatePage: how its panels are put together, its keys, and how they share the width.
#include "ui/annotate/annotate_page.h"

#include "annotate/judgment/drafted_judgment.h"
#include "ui/annotate/correction_panel.h"
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
#include <QInputMethodEvent>
#include <QKeyEvent>
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
constexpr int kDrawerBelow = 1100;   // of the window, at the usual size of letters …
constexpr int kDrawerColumns = 140;  // … in widths of a letter
constexpr int kTightLines = 24;
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
    connect(heatMap, &HeatMapView::shownCellChanged, this, [this, heatMap](int cell) {
        m_inspector->showCell(heatMap->model(), cell, heatMap->cellText(cell));
        // With a token chosen, letters are about the token; without one they are the judgment, composed ones, too.
        heatMap->setAttribute(Qt::WA_InputMethodEnabled, !heatMap->hasChoice());
    });
    heatMap->setAttribute(Qt::WA_InputMethodEnabled);
    heatMap->installEventFilter(this);
    connect(heatMap, &HeatMapView::marksEdited, this, &AnnotatePage::takeMarks);
    connect(heatMap, &HeatMapView::quoteRequested, this, &AnnotatePage::quote);
    connect(m_judgment, &JudgmentPanel::verdictPicked, this, [this](annotate::Verdict verdict) {
        verdict == annotate::Verdict::Criticised ? criticise() : giveVerdict(verdict);
    });
    connect(m_judgment, &JudgmentPanel::submitPressed, this, &AnnotatePage::submit);
    connect(m_judgment, &JudgmentPanel::draftPressed, this, &AnnotatePage::requestDraft);
    connect(m_judgment, &JudgmentPanel::dropPressed, this, [this] {
        if (m_item && !m_readOnly) {
            Q_EMIT draftDropped(m_item->id);
        }
    });
    connect(m_queue, &QueuePanel::draftsRequested, this, &AnnotatePage::draftsRequested);
    connect(m_judgment, &JudgmentPanel::markQuotedPressed, this, &AnnotatePage::markQuoted);
    connect(m_judgment, &JudgmentPanel::leaveOutPressed, this, &AnnotatePage::skip);
    connect(m_judgment, &JudgmentPanel::lambdaProposed, this, [this](double lambda) {
        m_inspector->setLambda(lambda);
        takeLambda(lambda);
        Q_EMIT lambdaCommitted(lambda);
    });
    JudgmentEdit* edit = m_judgment->edit();
    connect(edit, &JudgmentEdit::textChanged, this, &AnnotatePage::takeJudgmentEdit);
    for (const WritingEdit* box : {static_cast<WritingEdit*>(edit), m_judgment->correction()->edit()}) {
        connect(box, &WritingEdit::undoBeyond, this, &AnnotatePage::undoRequested);
        connect(box, &WritingEdit::redoBeyond, this, &AnnotatePage::redoRequested);
        connect(box, &WritingEdit::leavePressed, this, &AnnotatePage::focusResponse);
    }
    connect(m_judgment->correction(), &CorrectionPanel::corrected, this, &AnnotatePage::takeCorrection);
    connect(m_judgment, &JudgmentPanel::correctPressed, this, &AnnotatePage::focusCorrection);
    connect(m_inspector, &InspectorPanel::lambdaChanged, this, &AnnotatePage::takeLambda);
    connect(m_inspector, &InspectorPanel::lambdaCommitted, this, &AnnotatePage::lambdaCommitted);
    connect(m_inspector, &InspectorPanel::falseAlarmRateChosen, this, &AnnotatePage::falseAlarmRateChosen);
    connect(m_inspector, &InspectorPanel::cannotBeFlaggedToggled, heatMap, &HeatMapView::setCannotBeFlaggedShown);
    connect(m_empty, &EmptyState::actionPressed, this,
            [this] { m_allDone ? Q_EMIT trainRequested() : Q_EMIT responsesWanted(); });
    connect(m_hint, &HintBubble::dismissed, this, [this] { m_hintKind.clear(); });
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
    add(KeyAction::LeaveText, &AnnotatePage::focusResponse);
    add(KeyAction::EnterText, &AnnotatePage::focusJudgment);
    add(KeyAction::Accept, &AnnotatePage::accept);
    add(KeyAction::Criticise, &AnnotatePage::criticise);
    add(KeyAction::Skip, &AnnotatePage::skip);
    add(KeyAction::AcceptWhileTyping, &AnnotatePage::accept);
    add(KeyAction::CriticiseWhileTyping, &AnnotatePage::criticise);
    add(KeyAction::SkipWhileTyping, &AnnotatePage::skip);
    add(KeyAction::CorrectResponse, &AnnotatePage::focusCorrection);
    add(KeyAction::DraftJudgment, &AnnotatePage::requestDraft);
    add(KeyAction::MarkQuoted, &AnnotatePage::markQuoted);
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

void AnnotatePage::focusSearch()
{
    m_queue->search()->setFocus(Qt::ShortcutFocusReason);
    m_queue->search()->selectAll();
}

// Of what nobody has judged and nothing is suggested for.
void AnnotatePage::requestDraft()
{
    if (m_item && !m_readOnly && waitsForDraft(*m_item)) {
        Q_EMIT draftRequested(m_item->id);
    }
}

bool AnnotatePage::focusNextPrevChild(bool next)
{
    HeatMapView* heatMap = m_response->heatMap();
    // The page itself has the focus where nothing in it was chosen: Tab goes to the flagged tokens, as the keys
    // promise.
    if (QApplication::focusWidget() == this && heatMap->model().nextNotable(-1, next) >= 0) {
        heatMap->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
        return true;
    }
    // The box says that Tab takes its suggestion: also from the response, when no token there waits for Tab.
    if (next && heatMap->hasFocus() && !m_readOnly && m_judgment->edit()->takeSuggestion()) {
        focusJudgment();
        return true;
    }
    return QWidget::focusNextPrevChild(next);
}

// A letter that is nobody's key is the judgment's first.
void AnnotatePage::keyPressEvent(QKeyEvent* event)
{
    const bool plain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    const bool letter =
        plain && !event->text().isEmpty() && event->text().front().isPrint() && !event->text().front().isSpace();
    const QWidget* from = QApplication::focusWidget();
    if (!letter || !m_item || m_readOnly || (from != this && from != m_response->heatMap())) {
        QWidget::keyPressEvent(event);
        return;
    }
    focusJudgment();
    QCoreApplication::sendEvent(m_judgment->edit(), event);
}

bool AnnotatePage::eventFilter(QObject* watched, QEvent* event)
{
    return (watched == m_response->heatMap() && composeJudgment(event)) || QWidget::eventFilter(watched, event);
}

// Input methods compose into the judgment while the response still has the focus, which it keeps until words have come
// of it: a focus that moves in the middle would end what is being composed.
bool AnnotatePage::composeJudgment(QEvent* event)
{
    const bool composing = event->type() == QEvent::InputMethod || event->type() == QEvent::InputMethodQuery;
    if (!composing || !m_item || m_readOnly || m_response->heatMap()->hasChoice()) {
        return false;
    }
    QCoreApplication::sendEvent(m_judgment->edit(), event);
    if (event->type() == QEvent::InputMethod && !static_cast<QInputMethodEvent*>(event)->commitString().isEmpty()) {
        focusJudgment();
    }
    return true;
}

void AnnotatePage::retranslate()
{
    setAccessibleName(tr("Annotate"));
    m_centre->setAccessibleName(tr("Response and judgment"));
    sayWhyEmpty();
    m_drawerButton->setText(tr("Inspector ▸"));
    m_drawerButton->setAccessibleName(tr("Show the inspector"));
}

void AnnotatePage::setFreshInstructions(int count)
{
    m_fresh = count;
    sayWhyEmpty();
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
    const bool tight = height() < fontMetrics().height() * kTightLines;
    m_response->setTight(tight);
    m_judgment->setTight(tight);
    arrangeInspector();
    m_keys->setGeometry(rect());
    placeHint();
}

void AnnotatePage::arrangeInspector()
{
    const bool narrow = window()->width() < std::max(kDrawerBelow, fontMetrics().averageCharWidth() * kDrawerColumns);
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
