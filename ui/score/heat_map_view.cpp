#include "ui/score/heat_map_view.h"

#include "ui/common/theme.h"

#include <QEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {
constexpr int kMargin = 10;
}

HeatMapView::HeatMapView(QWidget* parent) : QAbstractScrollArea(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::StyledPanel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Response"));
}

void HeatMapView::setResponse(const std::string& utf8)
{
    m_index = TextIndex(utf8);
    m_model.setLength(m_index.codePoints());
    m_layout.setText(m_index.text());
    m_current = m_anchor = m_hovered = -1;
    verticalScrollBar()->setValue(0);
    layOut();
    speakShown();
    Q_EMIT shownCellChanged(-1);
}

void HeatMapView::setScores(const std::optional<annotate::TokenScores>& scores)
{
    m_model.setScores(scores);
    m_model.setStale(false);
    const int cells = static_cast<int>(m_model.cells().size());
    m_current = m_current < cells ? m_current : -1;
    m_anchor = m_anchor < cells ? m_anchor : m_current;
    m_hovered = m_hovered < cells ? m_hovered : -1;
    rebuildPaint();
    speakShown();
    Q_EMIT shownCellChanged(shownCell());
}

void HeatMapView::setMarks(const std::vector<annotate::Mark>& marks)
{
    m_model.setMarks(marks);
    rebuildPaint();
    Q_EMIT shownCellChanged(shownCell());
}

void HeatMapView::setLambda(double lambda)
{
    if (lambda != m_model.lambda()) {
        m_model.setLambda(lambda);
        rebuildPaint();
    }
}

void HeatMapView::setStale(bool stale)
{
    if (stale != m_model.stale() && m_model.scored()) {
        m_model.setStale(stale);
        rebuildPaint();
    }
}

void HeatMapView::setCannotBeFlaggedShown(bool shown)
{
    m_showCannot = shown;
    viewport()->update();
}

QString HeatMapView::cellText(int cell) const
{
    if (cell < 0 || cell >= static_cast<int>(m_model.cells().size())) {
        return {};
    }
    const HeatCell& c = m_model.cells()[static_cast<std::size_t>(cell)];
    const int begin = m_index.toUtf16(c.begin);
    return m_index.text().mid(begin, m_index.toUtf16(c.end) - begin);
}

void HeatMapView::layOut()
{
    m_layout.setFont(font());
    const int columns = fontMetrics().averageCharWidth() * kMaxColumns;
    m_layout.layOut(std::min(viewport()->width() - 2 * kMargin, columns));
    const int total = static_cast<int>(std::ceil(m_layout.height())) + 2 * kMargin;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(static_cast<int>(m_layout.lineStep()));
    verticalScrollBar()->setRange(0, std::max(0, total - viewport()->height()));
    rebuildPaint();
    updateGeometry();
}

void HeatMapView::rebuildPaint()
{
    m_runs.clear();
    m_tints.clear();
    m_unscored.clear();
    const Colours& colours = coloursFor(palette());
    int covered = 0;
    const auto leaveUnscored = [this](int begin, int end) {
        for (const QRectF& rect : m_layout.rectsOf(m_index.toUtf16(begin), m_index.toUtf16(end))) {
            m_unscored.push_back(rect);
        }
    };
    for (const HeatRun& state : m_model.runs(colours)) {
        const int begin = m_index.toUtf16(state.begin);
        const int end = m_index.toUtf16(state.end);
        m_runs.push_back({state, m_layout.rectsOf(begin, end)});
        if (state.dim) {
            m_tints.push_back({begin, end, colours.dimText});
        }
        if (state.scored && state.begin > covered) {
            leaveUnscored(covered, state.begin);
        }
        covered = state.scored ? std::max(covered, state.end) : covered;
    }
    if (covered < m_index.codePoints()) {
        leaveUnscored(covered, m_index.codePoints());
    }
    viewport()->update();
}

QPointF HeatMapView::origin() const
{
    return {kMargin, static_cast<double>(kMargin - verticalScrollBar()->value())};
}

int HeatMapView::cellAtPoint(const QPoint& viewportPoint) const
{
    const int utf16 = m_layout.positionAt(QPointF(viewportPoint) - origin());
    return utf16 < 0 ? -1 : m_model.cellAt(m_index.toCodePoint(utf16));
}

std::vector<QRectF> HeatMapView::rectsOfCells(int first, int last) const
{
    const auto& cells = m_model.cells();
    if (first < 0 || last >= static_cast<int>(cells.size())) {
        return {};
    }
    return m_layout.rectsOf(m_index.toUtf16(cells[static_cast<std::size_t>(first)].begin),
                            m_index.toUtf16(cells[static_cast<std::size_t>(last)].end));
}

QRect HeatMapView::rectOfCell(int cell) const
{
    const auto rects = rectsOfCells(cell, cell);
    if (rects.empty()) {
        return {};
    }
    const QRect inViewport = rects.front().translated(origin()).toAlignedRect();
    if (!viewport()->rect().intersects(inViewport)) {
        return {};
    }
    return inViewport.translated(viewport()->pos());
}

int HeatMapView::firstFlagged() const
{
    const auto& cells = m_model.cells();
    const auto found = std::find_if(cells.begin(), cells.end(), [](const HeatCell& cell) { return cell.penalised; });
    return found == cells.end() ? -1 : static_cast<int>(found - cells.begin());
}

std::pair<int, int> HeatMapView::choice() const
{
    const int other = m_anchor < 0 ? m_current : m_anchor;
    return {std::min(m_current, other), std::max(m_current, other)};
}

void HeatMapView::setCurrent(int cell, bool extend)
{
    m_current = cell;
    if (!extend || m_anchor < 0) {
        m_anchor = cell;
    }
    ensureCellVisible(cell);
    viewport()->update();
    speakShown();
    Q_EMIT shownCellChanged(shownCell());
}

void HeatMapView::clearChoice()
{
    setCurrent(-1, false);
}

void HeatMapView::setHovered(int cell)
{
    if (cell != m_hovered) {
        m_hovered = cell;
        viewport()->update();
        Q_EMIT shownCellChanged(shownCell());
    }
}

void HeatMapView::speakShown()
{
    QString words;
    if (m_current >= 0) {
        const HeatCell& cell = m_model.cells()[static_cast<std::size_t>(m_current)];
        const QString token = cell.begin == cell.end ? tr("end of the response") : cellText(m_current);
        words = cell.penalised ? tr("“%1”, flagged").arg(token) : tr("“%1”, not flagged").arg(token);
    } else {
        words =
            tr("%n token(s) flagged.", nullptr, m_model.flaggedCount()) + QLatin1Char(' ') + m_index.text().left(2000);
    }
    if (words != accessibleDescription()) {
        setAccessibleDescription(words);
    }
}

void HeatMapView::ensureCellVisible(int cell)
{
    const auto rects = cell < 0 ? std::vector<QRectF>() : rectsOfCells(cell, cell);
    if (rects.empty()) {
        return;
    }
    const int top = static_cast<int>(rects.front().top());
    const int bottom = static_cast<int>(rects.front().bottom()) + 2 * kMargin;
    QScrollBar* bar = verticalScrollBar();
    if (top < bar->value()) {
        bar->setValue(top);
    } else if (bottom > bar->value() + viewport()->height()) {
        bar->setValue(bottom - viewport()->height());
    }
}

bool HeatMapView::chooseNotable(bool forward)
{
    const int next = m_model.nextNotable(m_current, forward);
    if (next < 0) {
        return false;
    }
    setCurrent(next, false);
    return true;
}

void HeatMapView::markChoice(HandMark mark)
{
    if (m_current < 0) {
        return;
    }
    const auto [first, last] = choice();
    const HeatCell& from = m_model.cells()[static_cast<std::size_t>(first)];
    const HeatCell& to = m_model.cells()[static_cast<std::size_t>(last)];
    // The same key once more takes the mark away again.
    const HandMark wanted = first == last && from.mark == mark ? HandMark::None : mark;
    const auto marks = m_model.marksWith(from.begin, to.end, wanted);
    setMarks(marks);
    Q_EMIT marksEdited(marks);
}

QString HeatMapView::choiceText() const
{
    if (m_current < 0) {
        return {};
    }
    const auto [first, last] = choice();
    const int begin = m_index.toUtf16(m_model.cells()[static_cast<std::size_t>(first)].begin);
    return m_index.text().mid(begin, m_index.toUtf16(m_model.cells()[static_cast<std::size_t>(last)].end) - begin);
}

QSize HeatMapView::sizeHint() const
{
    const int lines = std::max(3, static_cast<int>(std::ceil(m_layout.height() / std::max(1.0, m_layout.lineStep()))));
    return {400, static_cast<int>(lines * m_layout.lineStep()) + 2 * kMargin + 2 * frameWidth()};
}

QSize HeatMapView::minimumSizeHint() const
{
    return {160, static_cast<int>(fontMetrics().height() * ResponseText::kLineHeight * 2) + 2 * kMargin};
}

void HeatMapView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    switch (event->type()) {
    case QEvent::FontChange:
        layOut();
        break;
    case QEvent::PaletteChange:
        rebuildPaint();
        break;
    case QEvent::LanguageChange:
        setAccessibleName(tr("Response"));
        speakShown();
        break;
    default:
        break;
    }
}

void HeatMapView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

bool HeatMapView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        setHovered(-1);
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace stet::ui
