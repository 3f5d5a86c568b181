// What the heat-map paints, computed from scores, λ and the annotator's marks: pure, no widget, any thread. "Flagged"
// and strength are two channels that never mix; flags come from base/flag_rule.h alone. Offsets are code points of the
// response. Nothing here calls the model: moving λ only changes flags.
#pragma once

#include "annotate/judgment/types.h"

#include <QColor>

#include <optional>
#include <vector>

namespace stet::ui {

struct Colours;

// Strength (docs/glossary.md): 0 … 1 for a natural log ratio (1.05 → 0.10, 2 → 0.49, 1000 → 1); NaN → 0.
double strengthOf(double logRatio);

// Inverse on the signed scale −1 … 1: the natural log ratio whose signed strength is `signedStrength`.
double logRatioOf(double signedStrength);

enum class HandMark { None, Flag, Clear };

// One stretch of the response that is painted alike. Several tokens that share a character (one emoji of four byte
// tokens) are one cell; it shows the strongest of them.
struct HeatCell {
    int begin = 0;  // code points; begin == end == length for the end of the sequence
    int end = 0;
    int firstToken = 0;
    int lastToken = 0;    // inclusive
    double logRatio = 0;  // of the strongest token; NaN when missing
    bool scored = false;
    bool flagged = false;  // by the ratio
    bool cannotBeFlagged = false;
    bool dim = false;  // both probabilities tiny
    HandMark mark = HandMark::None;
    bool penalised = false;  // by training: the flags with the marks
    bool held = false;       // and yet not pushed down: it follows from the word before
};

// Adjacent cells of equal state, painted as one.
struct HeatRun {
    int begin = 0;
    int end = 0;
    QColor fill;  // invalid: no fill
    bool scored = false;
    bool flagged = false;
    bool cannotBeFlagged = false;
    bool dim = false;
    HandMark mark = HandMark::None;
    bool held = false;
};

class HeatMapModel {
public:
    void setLength(int codePoints);  // of the response; clears scores and marks
    void setScores(const std::optional<annotate::TokenScores>& scores);
    void setMarks(const std::vector<annotate::Mark>& marks);
    void setLambda(double lambda);
    void setStale(bool stale) { m_stale = stale; }

    double lambda() const { return m_lambda; }
    bool stale() const { return m_stale; }
    bool scored() const { return m_scores.has_value(); }
    const std::optional<annotate::TokenScores>& scores() const { return m_scores; }
    const std::vector<annotate::Mark>& marks() const { return m_marks; }

    const std::vector<HeatCell>& cells() const { return m_cells; }
    // Fills in the theme's colours; stale paint is 40 % of the fresh one.
    std::vector<HeatRun> runs(const Colours& colours) const;
    QColor fillOf(const HeatCell& cell, const Colours& colours) const;

    int tokenCount() const;    // response tokens, end of sequence included
    int flaggedCount() const;  // tokens flagged by the ratio
    int flaggedCountAt(double lambda) const;
    int penalisedCount() const;  // tokens that training would penalise: with the marks
    int pushedCount() const;     // of those, what training pushes down
    // One per response token, as a round's mask has them.
    std::vector<char> pushedTokens() const;
    // Only the first word of each run is pushed down.
    bool pushesBeginnings() const { return m_scores && m_scores->push == Push::Beginnings; }

    bool isPenalised(int begin, int end) const;  // everything between these code points

    int cellAt(int codePoint) const;  // −1: none
    // The next penalised or hand-marked cell after/before `from` (−1: from the start/end); −1: none.
    int nextNotable(int from, bool forward) const;

    // Marks after the person flagged, cleared or unmarked the code points [begin, end): earlier marks give way there.
    std::vector<annotate::Mark> marksWith(int begin, int end, HandMark mark) const;

private:
    void rebuildCells();
    void applyLambda();
    void applyMarks();
    bool tokenFlagged(std::size_t token) const;
    bool tokenPenalised(std::size_t token) const;
    std::vector<char> penalisedTokens() const;
    int markOf(std::size_t token) const;  // +1 flag, −1 clear, 0 none

    int m_length = 0;
    std::optional<annotate::TokenScores> m_scores;
    std::vector<annotate::Mark> m_marks;
    std::vector<HeatCell> m_cells;
    double m_lambda = kDefaultLambda;
    bool m_stale = false;
};

}  // namespace stet::ui
