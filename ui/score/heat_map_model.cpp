#include "ui/score/heat_map_model.h"

#include "ui/common/theme.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace stet::ui {

namespace {

constexpr double kKnee = 0.1375;                     // log2 of 1.1: where the scale turns from linear to logarithmic
constexpr double kFullBits = 10;                     // ratio 1024 has the full colour
constexpr double kTinyLogProb = -6.907755278982137;  // ln 0.001: below it a probability says nothing
constexpr double kStaleShare = 0.4;

double scaleOf(double bits)
{
    return std::log(1 + bits / kKnee) / std::log(1 + kFullBits / kKnee);
}

double at(const std::vector<double>& values, std::size_t i)
{
    return i < values.size() ? values[i] : std::numeric_limits<double>::quiet_NaN();
}

bool sameLook(const HeatRun& a, const HeatRun& b)
{
    return a.fill == b.fill && a.scored == b.scored && a.flagged == b.flagged && a.dim == b.dim && a.mark == b.mark &&
        a.cannotBeFlagged == b.cannotBeFlagged && a.held == b.held;
}

}  // namespace

double strengthOf(double logRatio)
{
    return std::isfinite(logRatio) ? std::min(1.0, scaleOf(std::abs(logRatio) / M_LN2))
                                   : (std::isinf(logRatio) ? 1 : 0);
}

double logRatioOf(double signedStrength)
{
    const double s = std::clamp(std::abs(signedStrength), 0.0, 1.0);
    const double bits = (std::exp(s * std::log(1 + kFullBits / kKnee)) - 1) * kKnee;
    return (signedStrength < 0 ? -bits : bits) * M_LN2;
}

void HeatMapModel::setLength(int codePoints)
{
    m_length = codePoints;
    m_scores.reset();
    m_marks.clear();
    m_stale = false;
    m_cells.clear();
}

void HeatMapModel::setScores(const std::optional<annotate::TokenScores>& scores)
{
    m_scores = scores;
    rebuildCells();
}

void HeatMapModel::setMarks(const std::vector<annotate::Mark>& marks)
{
    m_marks = marks;
    applyMarks();
}

void HeatMapModel::setLambda(double lambda)
{
    m_lambda = lambda;
    applyLambda();
}

void HeatMapModel::rebuildCells()
{
    m_cells.clear();
    if (!m_scores) {
        return;
    }
    for (std::size_t i = 0; i < m_scores->size(); ++i) {
        const int begin = std::clamp(m_scores->begins[i], 0, m_length);
        const int end = std::clamp(m_scores->ends[i], begin, m_length);
        const bool shares = !m_cells.empty() && begin < m_cells.back().end && end > m_cells.back().begin;
        if (!shares) {
            HeatCell cell;
            cell.begin = begin;
            cell.firstToken = static_cast<int>(i);
            cell.logRatio = std::numeric_limits<double>::quiet_NaN();
            cell.dim = true;
            m_cells.push_back(cell);
        }
        HeatCell& cell = m_cells.back();
        cell.end = std::max(shares ? cell.end : end, end);
        cell.lastToken = static_cast<int>(i);
        const double ratio = at(m_scores->logRatio, i);
        if (!std::isnan(ratio) && (std::isnan(cell.logRatio) || std::abs(ratio) > std::abs(cell.logRatio))) {
            cell.logRatio = ratio;
        }
        cell.scored = cell.scored || !std::isnan(ratio);
        // Two tiny probabilities make any ratio: the strongest-looking colours would stand for nothing.
        cell.dim = cell.dim && at(m_scores->plain, i) < kTinyLogProb && at(m_scores->judged, i) < kTinyLogProb;
    }
    applyLambda();
}

bool HeatMapModel::tokenFlagged(std::size_t token) const
{
    return stet::flagged(m_scores->contrast, at(m_scores->logRatio, token), m_lambda);
}

int HeatMapModel::markOf(std::size_t token) const
{
    int found = 0;
    for (const annotate::Mark& mark : m_marks) {
        if (markCovers(mark.begin, mark.end, m_scores->begins[token], m_scores->ends[token])) {
            found = mark.kind == annotate::MarkKind::Flag ? 1 : -1;
        }
    }
    return found;
}

bool HeatMapModel::tokenPenalised(std::size_t token) const
{
    return stet::penalised(m_scores->marksUse, markOf(token), tokenFlagged(token));
}

void HeatMapModel::applyLambda()
{
    for (HeatCell& cell : m_cells) {
        cell.flagged = false;
        cell.cannotBeFlagged = m_scores->contrast == Contrast::D1;
        for (int token = cell.firstToken; token <= cell.lastToken; ++token) {
            const auto i = static_cast<std::size_t>(token);
            cell.flagged = cell.flagged || tokenFlagged(i);
            cell.cannotBeFlagged = cell.cannotBeFlagged && stet::canNeverBeFlagged(at(m_scores->plain, i), m_lambda);
        }
    }
    applyMarks();
}

void HeatMapModel::applyMarks()
{
    const std::vector<char> penalised = penalisedTokens();
    const std::vector<char> pushed =
        m_scores ? stet::pushed(m_scores->push, penalised, m_scores->words) : std::vector<char>();
    for (HeatCell& cell : m_cells) {
        cell.mark = HandMark::None;
        cell.penalised = false;
        bool anyPushed = false;
        for (int token = cell.firstToken; token <= cell.lastToken; ++token) {
            const auto i = static_cast<std::size_t>(token);
            if (const int mark = markOf(i); mark != 0) {
                cell.mark = mark > 0 ? HandMark::Flag : HandMark::Clear;
            }
            cell.penalised = cell.penalised || penalised[i] != 0;
            anyPushed = anyPushed || pushed[i] != 0;
        }
        cell.held = cell.penalised && !anyPushed;
    }
}

QColor HeatMapModel::fillOf(const HeatCell& cell, const Colours& colours) const
{
    const double s = cell.scored ? strengthOf(cell.logRatio) : 0;
    if (s <= 0) {
        return {};
    }
    const QColor full = mixed(colours.background, cell.logRatio > 0 ? colours.orange : colours.blue, s);
    const QColor fill = m_stale ? mixed(colours.background, full, kStaleShare) : full;
    return fill == colours.background ? QColor() : fill;
}

std::vector<HeatRun> HeatMapModel::runs(const Colours& colours) const
{
    std::vector<HeatRun> runs;
    if (!m_scores) {
        // Not scored yet: the annotator's own marks stand all the same.
        for (const annotate::Mark& mark : m_marks) {
            HeatRun run;
            run.begin = std::clamp(mark.begin, 0, m_length);
            run.end = std::clamp(mark.end, run.begin, m_length);
            run.mark = mark.kind == annotate::MarkKind::Flag ? HandMark::Flag : HandMark::Clear;
            runs.push_back(run);
        }
        return runs;
    }
    for (const HeatCell& cell : m_cells) {
        HeatRun run{cell.begin,  cell.end,     fillOf(cell, colours),
                    cell.scored, cell.flagged, cell.cannotBeFlagged,
                    cell.dim,    cell.mark,    cell.held};
        const bool isEnd = cell.begin == cell.end;
        if (!runs.empty() && !isEnd && runs.back().end == run.begin && runs.back().begin < runs.back().end &&
            sameLook(runs.back(), run)) {
            runs.back().end = run.end;
        } else {
            runs.push_back(run);
        }
    }
    return runs;
}

int HeatMapModel::tokenCount() const
{
    return m_scores ? static_cast<int>(m_scores->size()) : 0;
}

int HeatMapModel::flaggedCount() const
{
    int count = 0;
    for (std::size_t i = 0; m_scores && i < m_scores->size(); ++i) {
        count += tokenFlagged(i) ? 1 : 0;
    }
    return count;
}

int HeatMapModel::flaggedCountAt(double lambda) const
{
    int count = 0;
    for (std::size_t i = 0; m_scores && i < m_scores->size(); ++i) {
        count += stet::flagged(m_scores->contrast, at(m_scores->logRatio, i), lambda) ? 1 : 0;
    }
    return count;
}

std::vector<char> HeatMapModel::penalisedTokens() const
{
    std::vector<char> mask;
    for (std::size_t i = 0; m_scores && i < m_scores->size(); ++i) {
        mask.push_back(tokenPenalised(i) ? 1 : 0);
    }
    return mask;
}

std::vector<char> HeatMapModel::pushedTokens() const
{
    return m_scores ? stet::pushed(m_scores->push, penalisedTokens(), m_scores->words) : std::vector<char>();
}

int HeatMapModel::penalisedCount() const
{
    const auto mask = penalisedTokens();
    return static_cast<int>(std::count(mask.begin(), mask.end(), 1));
}

int HeatMapModel::pushedCount() const
{
    const auto mask = pushedTokens();
    return static_cast<int>(std::count(mask.begin(), mask.end(), 1));
}

bool HeatMapModel::isPenalised(int begin, int end) const
{
    return std::all_of(m_cells.begin(), m_cells.end(),
                       [=](const HeatCell& cell) { return cell.end <= begin || cell.begin >= end || cell.penalised; });
}

int HeatMapModel::cellAt(int codePoint) const
{
    const auto after = std::upper_bound(m_cells.begin(), m_cells.end(), codePoint,
                                        [](int position, const HeatCell& cell) { return position < cell.begin; });
    if (after == m_cells.begin()) {
        return -1;
    }
    // The end of the sequence is empty and stands last: a position in the text belongs to the cell before it.
    auto cell = after - 1;
    while (cell != m_cells.begin() && cell->begin == cell->end && codePoint < m_length) {
        --cell;
    }
    return codePoint < cell->end || cell->begin == cell->end ? static_cast<int>(cell - m_cells.begin()) : -1;
}

int HeatMapModel::nextNotable(int from, bool forward) const
{
    const int count = static_cast<int>(m_cells.size());
    const int step = forward ? 1 : -1;
    for (int i = from < 0 ? (forward ? 0 : count - 1) : from + step; i >= 0 && i < count; i += step) {
        const HeatCell& cell = m_cells[static_cast<std::size_t>(i)];
        if (cell.penalised || cell.mark != HandMark::None) {
            return i;
        }
    }
    return -1;
}

std::vector<annotate::Mark> HeatMapModel::marksWith(int begin, int end, HandMark mark) const
{
    std::vector<annotate::Mark> marks;
    for (const annotate::Mark& old : m_marks) {
        const bool isEndMark = old.begin == old.end;
        if (isEndMark ? (old.begin == begin && old.end == end) : false) {
            continue;
        }
        if (isEndMark || old.end <= begin || old.begin >= end) {
            marks.push_back(old);
            continue;
        }
        if (old.begin < begin) {
            marks.push_back({old.begin, begin, old.kind});
        }
        if (old.end > end) {
            marks.push_back({end, old.end, old.kind});
        }
    }
    if (mark != HandMark::None) {
        marks.push_back({begin, end, mark == HandMark::Flag ? annotate::MarkKind::Flag : annotate::MarkKind::Clear});
    }
    std::sort(marks.begin(), marks.end(), [](const annotate::Mark& a, const annotate::Mark& b) {
        return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
    });
    return marks;
}

}  // namespace stet::ui
