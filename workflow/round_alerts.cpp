#include "workflow/round_alerts.h"

#include "base/utf8.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>

namespace stet::workflow {

using annotate::AlertKind;
using annotate::RoundAlert;
using contract::BeforeAfter;
using contract::Step;

namespace {

// From where on something is said. A round that did what it was to do passes all of them with room to spare (the
// bundled example's: criticised −0.9 → −4.3, accepted −0.33 → −0.11, 11 → 9 tokens, no opening above a third).
constexpr double kTimesThePlan = 2;         // flagged share, over the plan's …
constexpr double kOverThePlan = 0.05;       // … by at least so much
constexpr double kMostIsFlagged = 0.5;      // whatever the plan said
constexpr double kTimesTheFirstPass = 1.5;  // flagged share of the last pass …
constexpr double kOverTheFirstPass = 0.05;  // … by at least so much
constexpr double kByHeart = 0.05;           // nats a token: 95 % sure of every one …
constexpr double kByHeartOfFirst = 0.25;    // … and that of what it was in the first pass
constexpr double kLikelier = 0.05;          // nats a criticised token: beyond rounding and other threads
constexpr double kLessLikely = 0.25;        // nats an accepted token, on average …
constexpr double kMuchLessLikely = 0.7;     // … half as likely each
constexpr double kTimesLength = 2;          // longer or shorter …
constexpr double kBadTimesLength = 4;       // … so much that hardly any judgment asks for it
constexpr double kTokensOfLength = 5;       // and by at least so many
constexpr double kEndless = 0.3;            // share of answers cut by their length …
constexpr double kMoreEndless = 0.2;        // … more than before
constexpr double kRepeating = 0.15;         // share of four words in a row that were there before …
constexpr double kMoreRepeating = 0.1;      // … more than before
constexpr double kOpeningAfter = 0.6;       // share of answers with one opening …
constexpr double kOpeningBefore = 0.3;      // … that no more than so many had
constexpr std::size_t kFewestAnswers = 10;  // of which a share says something

class Watch {
public:
    explicit Watch(const RoundEvidence& evidence) : m_evidence(evidence) { }

    std::vector<RoundAlert> alerts()
    {
        lookAtEnd();
        lookAtFlags();
        lookAtLikelihood();
        if (m_evidence.summary) {
            lookAtGiven(*m_evidence.summary);
            lookAtAnswers(*m_evidence.summary);
        }
        lookAtEndings();
        lookAtOpenings();
        std::stable_partition(m_alerts.begin(), m_alerts.end(), [](const RoundAlert& alert) { return alert.bad; });
        return m_alerts;
    }

private:
    void add(AlertKind kind, bool bad, double before, double after)
    {
        RoundAlert alert;
        alert.kind = kind;
        alert.bad = bad;
        alert.before = before;
        alert.after = after;
        m_alerts.push_back(alert);
    }

    void lookAtEnd()
    {
        if (m_evidence.steps.empty() || std::isfinite(m_evidence.steps.back().losses.loss)) {
            return;
        }
        RoundAlert alert;
        alert.kind = AlertKind::NotANumber;
        alert.step = static_cast<int>(m_evidence.steps.back().step);
        alert.bad = m_evidence.finishedAt == 0;
        alert.keptStep = alert.bad ? m_evidence.newestCheckpoint : m_evidence.finishedAt;
        m_alerts.push_back(alert);
    }

    // Mean over the steps that have the number, of the first pass through the examples or of the last. Not a number:
    // there is only one pass.
    struct Passes {
        double first = RoundAlert::kNone;
        double last = RoundAlert::kNone;
    };
    Passes passes(double contract::StepLosses::*measure) const
    {
        const auto& steps = m_evidence.steps;
        if (m_evidence.epochs < 2 || static_cast<std::int64_t>(steps.size()) < m_evidence.epochs) {
            return {};
        }
        const auto each = static_cast<std::ptrdiff_t>(steps.size()) / m_evidence.epochs;
        return {mean(steps.begin(), steps.begin() + each, measure), mean(steps.end() - each, steps.end(), measure)};
    }

    using Steps = std::vector<Step>::const_iterator;
    static double mean(Steps begin, Steps end, double contract::StepLosses::*measure)
    {
        double sum = 0;
        int count = 0;
        for (auto step = begin; step != end; ++step) {
            if (const double value = step->losses.*measure; std::isfinite(value)) {
                sum += value;
                ++count;
            }
        }
        return count == 0 ? RoundAlert::kNone : sum / count;
    }

    void lookAtFlags()
    {
        if (!m_evidence.detects) {
            return;
        }
        const auto& steps = m_evidence.steps;
        const double share = mean(steps.begin(), steps.end(), &contract::StepLosses::flaggedShare);
        const double planned = m_evidence.plannedFlaggedShare.value_or(RoundAlert::kNone);
        if (share > kMostIsFlagged || (share > kTimesThePlan * planned && share > planned + kOverThePlan)) {
            add(AlertKind::FlaggedMore, true, planned, share);
        }
        const Passes pass = passes(&contract::StepLosses::flaggedShare);
        if (pass.last > kTimesTheFirstPass * pass.first && pass.last > pass.first + kOverTheFirstPass) {
            add(AlertKind::FlaggedClimbs, false, pass.first, pass.last);
        }
    }

    void lookAtLikelihood()
    {
        const Passes pass = passes(&contract::StepLosses::likelihood);
        if (pass.last <= kByHeart && pass.last <= kByHeartOfFirst * pass.first) {
            add(AlertKind::LearntByHeart, false, pass.first, pass.last);
        }
    }

    // Criticised and accepted responses that the round was trained on; probabilities.
    void lookAtGiven(const contract::CompareSummary& summary)
    {
        const BeforeAfter& criticised = summary.criticisedFlaggedLogProb;
        if (criticised.after > criticised.before + kLikelier) {
            add(AlertKind::CriticisedLikelier, true, std::exp(criticised.before), std::exp(criticised.after));
        }
        const BeforeAfter& accepted = summary.praisedLogProb;
        if (accepted.after < accepted.before - kLessLikely) {
            add(AlertKind::AcceptedLessLikely, accepted.after < accepted.before - kMuchLessLikely,
                std::exp(accepted.before), std::exp(accepted.after));
        }
    }

    void lookAtAnswers(const contract::CompareSummary& summary)
    {
        const BeforeAfter& length = summary.length;
        if (length.after * kTimesLength < length.before && length.after < length.before - kTokensOfLength) {
            add(AlertKind::Shorter, length.after * kBadTimesLength < length.before, length.before, length.after);
        }
        if (length.after > kTimesLength * length.before && length.after > length.before + kTokensOfLength) {
            add(AlertKind::Longer, length.after > kBadTimesLength * length.before, length.before, length.after);
        }
        const BeforeAfter& repeated = summary.repetition;
        if (repeated.after >= kRepeating && repeated.after >= repeated.before + kMoreRepeating) {
            add(AlertKind::Repeating, true, repeated.before, repeated.after);
        }
    }

    double share(const std::function<bool(const contract::ComparedLine&)>& has) const
    {
        const auto count = std::count_if(m_evidence.answers.begin(), m_evidence.answers.end(), has);
        return static_cast<double>(count) / static_cast<double>(m_evidence.answers.size());
    }

    void lookAtEndings()
    {
        if (m_evidence.answers.size() < kFewestAnswers) {
            return;
        }
        const auto cut = [](const contract::ComparedSide& side) { return side.stopped == contract::Stopped::Length; };
        const double before = share([&](const auto& line) { return cut(line.before); });
        const double after = share([&](const auto& line) { return cut(line.after); });
        if (after >= kEndless && after >= before + kMoreEndless) {
            add(AlertKind::Endless, true, before, after);
        }
    }

    // The first two words; of a text without spaces the first letters.
    static std::string openingOf(const std::string& answer)
    {
        constexpr std::size_t kWords = 2;
        constexpr std::size_t kLongestWord = 20;
        constexpr std::size_t kLetters = 4;
        constexpr const char* kSpaces = " \t\n\r";
        const std::size_t begin = std::min(answer.find_first_not_of(kSpaces), answer.size());
        std::size_t end = begin;
        for (std::size_t word = 0; word < kWords; ++word) {
            const std::size_t next = answer.find_first_not_of(kSpaces, end);
            if (next == std::string::npos) {
                break;
            }
            end = std::min(answer.find_first_of(kSpaces, next), answer.size());
        }
        std::string opening = answer.substr(begin, end - begin);
        if (const auto starts = codePointStarts(opening); starts.size() > kWords * kLongestWord) {
            opening.resize(starts[kLetters]);
        }
        return opening;
    }

    void lookAtOpenings()
    {
        if (m_evidence.answers.size() < kFewestAnswers) {
            return;
        }
        std::map<std::string, int> counts;
        for (const auto& line : m_evidence.answers) {
            ++counts[openingOf(*line.after.output)];
        }
        const auto most = std::max_element(counts.begin(), counts.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        const double after = most->second / static_cast<double>(m_evidence.answers.size());
        const double before = share([&](const auto& line) { return openingOf(*line.before.output) == most->first; });
        if (after >= kOpeningAfter && before <= kOpeningBefore) {
            add(AlertKind::OneOpening, true, before, after);
            m_alerts.back().opening = most->first;
        }
    }

    const RoundEvidence& m_evidence;
    std::vector<RoundAlert> m_alerts;
};

}  // namespace

std::vector<RoundAlert> alertsFrom(const RoundEvidence& evidence)
{
    return Watch(evidence).alerts();
}

}  // namespace stet::workflow
