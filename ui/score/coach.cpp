#include "ui/score/coach.h"

#include "annotate/judgment/judgment_reading.h"
#include "annotate/judgment/quoted_words.h"
#include "ui/common/number_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {

constexpr double kEverything = 0.6;
constexpr double kTolerable = 0.05;  // false alarms

QString words(const char* text, int n = -1)
{
    return QCoreApplication::translate("stet::ui::Coach", text, nullptr, n);
}

CoachAdvice advice(CoachAdvice::Kind kind, const QString& sentence, bool offerLeaveOut = false)
{
    return {kind, sentence, offerLeaveOut, std::nullopt};
}

QString absentQuote(const CoachInput& input)
{
    return QString::fromStdString(annotate::absentQuote(
        input.judgment.toStdString(), {input.response.toStdString(), input.instruction.toStdString()}));
}

// As many is no reproach: where responses share a habit, others' judgments light up the same word, and rightly.
bool flagsLessThanOthers(const CoachInput& input)
{
    return input.falseAlarmShare && *input.falseAlarmShare > kTolerable && input.flagged > 0 &&
        input.flagged < *input.falseAlarmShare * input.tokens;
}

// Up to the next hundredth, so that the share is kept.
std::optional<double> offeredLambda(const CoachInput& input)
{
    const bool wanted = input.falseAlarmShare && *input.falseAlarmShare > kTolerable && input.proposedLambda;
    return wanted && input.flaggedAtProposed > 0 ? std::optional(std::ceil(*input.proposedLambda * 100) / 100)
                                                 : std::nullopt;
}

QString countSentence(const CoachInput& input)
{
    QString sentence = words(QT_TRANSLATE_N_NOOP("stet::ui::Coach", "%n token(s) light up"), input.penalised);
    if (input.falseAlarmShare) {
        sentence += words(QT_TRANSLATE_NOOP("stet::ui::Coach", "; false alarms about %1"))
                        .arg(percentText(*input.falseAlarmShare));
    }
    return sentence;
}

CoachAdvice adviceOn(const CoachInput& input)
{
    using Kind = CoachAdvice::Kind;
    if (input.judgment.trimmed().isEmpty()) {
        return {};
    }
    if (annotate::readsLikePraise(input.judgment.toStdString())) {
        return advice(
            Kind::ReadsLikePraise,
            words(QT_TRANSLATE_NOOP("stet::ui::Coach",
                                    "This reads like praise. If the response is good, choose Accept instead.")));
    }
    const QString quote = absentQuote(input);
    const QString quoted = quote.isEmpty()
        ? QString()
        : words(QT_TRANSLATE_NOOP("stet::ui::Coach", "You quote “%1”, but the response doesn't contain it."))
              .arg(quote);
    if (!input.scored || input.stale || input.tokens == 0) {
        return quoted.isEmpty() ? CoachAdvice{} : advice(Kind::QuotesAbsent, quoted);
    }
    if (input.penalised == 0) {
        return advice(Kind::MovesNothing,
                      words(QT_TRANSLATE_NOOP(
                          "stet::ui::Coach",
                          "No token lights up: training would not learn from this judgment. Name the wrong words, "
                          "mark them by hand, or leave the response out.")),
                      true);
    }
    if (input.penalised >= kEverything * input.tokens && input.tokens >= 5) {
        return advice(
            Kind::MovesEverything,
            words(QT_TRANSLATE_NOOP("stet::ui::Coach",
                                    "Nearly everything lights up (%1 of %2 tokens). Say which part is wrong."))
                .arg(input.penalised)
                .arg(input.tokens));
    }
    if (flagsLessThanOthers(input)) {
        return advice(Kind::NoMoreThanOthers,
                      words(QT_TRANSLATE_NOOP("stet::ui::Coach",
                                              "%1 of %2 tokens light up: no more than somebody else's judgment would "
                                              "light up here (%3). Name the wrong words, or mark them by hand."))
                          .arg(input.flagged)
                          .arg(input.tokens)
                          .arg(percentText(*input.falseAlarmShare)));
    }
    if (!quoted.isEmpty()) {
        return advice(Kind::QuotesAbsent, countSentence(input) + QStringLiteral(". ") + quoted);
    }
    CoachAdvice fine = advice(Kind::Fine, countSentence(input));
    fine.proposedLambda = offeredLambda(input);
    return fine;
}

}  // namespace

CoachAdvice coachAdvice(const CoachInput& input)
{
    CoachAdvice advice = adviceOn(input);
    advice.offerMarkQuoted = input.unlitQuotes > 0 && advice.kind != CoachAdvice::Kind::None &&
        advice.kind != CoachAdvice::Kind::ReadsLikePraise;
    return advice;
}

}  // namespace stet::ui
