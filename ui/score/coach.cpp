#include "ui/score/coach.h"

#include "ui/common/number_text.h"

#include <QCoreApplication>
#include <QRegularExpression>

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
    return {kind, sentence, offerLeaveOut};
}

}  // namespace

bool readsLikePraise(const QString& judgment)
{
    static const QRegularExpression kPraise(
        QStringLiteral(
            "^\\W*(perfect|great|excellent|very good|good (job|work|answer|response)|well done|nice|correct\\b|"
            "(the|this) (response|answer) is (perfect|great|excellent|correct|good|fine|satisfactory)|"
            "no (error|mistake|problem)s?\\b|很好|完美|正确|没有问题|非常好|不错)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression kTurn(
        QStringLiteral("\\b(but|however|except|although|though|yet|only|should|instead|unfortunately|wrong|missing)\\b|"
                       "但|不过|然而|可是|只是|应该|除了|错"),
        QRegularExpression::CaseInsensitiveOption);
    return kPraise.match(judgment).hasMatch() && !kTurn.match(judgment).hasMatch();
}

QString absentQuote(const QString& judgment, const QString& response)
{
    static const QRegularExpression kQuote(
        QStringLiteral("“([^”]{3,80})”|\"([^\"]{3,80})\"|「([^」]{1,80})」|‘([^’]{3,80})’"));
    // "Write X instead of Y" quotes what should stand there: only a judgment whose every quote is absent is asked
    // about.
    QString first;
    auto match = kQuote.globalMatch(judgment);
    while (match.hasNext()) {
        const auto found = match.next();
        QString quote;
        for (int group = 1; group <= found.lastCapturedIndex() && quote.isEmpty(); ++group) {
            quote = found.captured(group);
        }
        QString bare = quote.trimmed();
        while (!bare.isEmpty() && bare.back().isPunct()) {
            bare.chop(1);  // a quote often ends with the sentence's own mark
        }
        if (response.contains(bare, Qt::CaseInsensitive)) {
            return {};
        }
        first = first.isEmpty() ? quote : first;
    }
    return first;
}

CoachAdvice coachAdvice(const CoachInput& input)
{
    using Kind = CoachAdvice::Kind;
    if (input.judgment.trimmed().isEmpty()) {
        return {};
    }
    if (readsLikePraise(input.judgment)) {
        return advice(
            Kind::ReadsLikePraise,
            words(QT_TRANSLATE_NOOP("stet::ui::Coach",
                                    "This reads like praise. If the response is good, choose Accept instead.")));
    }
    const QString quote = absentQuote(input.judgment, input.response);
    if (!quote.isEmpty()) {
        return advice(
            Kind::QuotesAbsent,
            words(QT_TRANSLATE_NOOP("stet::ui::Coach", "You quote “%1”, but the response doesn't contain it."))
                .arg(quote));
    }
    if (!input.scored || input.stale || input.tokens == 0) {
        return {};
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
    QString sentence = words(QT_TRANSLATE_N_NOOP("stet::ui::Coach", "%n token(s) light up"), input.penalised);
    if (input.falseAlarmShare) {
        sentence += words(QT_TRANSLATE_NOOP("stet::ui::Coach", "; false alarms about %1"))
                        .arg(percentText(*input.falseAlarmShare));
        if (*input.falseAlarmShare > kTolerable && input.proposedLambda) {
            sentence += words(QT_TRANSLATE_NOOP("stet::ui::Coach", " (λ %1 would keep them at 5 %)"))
                            .arg(std::ceil(*input.proposedLambda * 100) / 100, 0, 'f', 2);
        }
    }
    return advice(Kind::Fine, sentence);
}

}  // namespace stet::ui
