#include "ui/round/alert_text.h"

#include "ui/common/number_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace stet::ui {

using annotate::AlertKind;
using annotate::RoundAlert;

namespace {

constexpr const char* kContext = "stet::ui::RoundAlert";

// %1 is the number before, %2 after, %3 the opening. Of NotANumber %1 is the step, %2 the one that is kept.
struct Words {
    AlertKind kind;
    const char* title;
    const char* text;
};

constexpr std::array<Words, 11> kWords = {{
    {AlertKind::NotANumber, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Stopped: the loss was not a number"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "The loss at step %1 is not a number, and the round stopped there. What was trained until step "
                       "%2 is kept: finish with it, or train anew with other settings.")},
    {AlertKind::FlaggedMore, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "More pushed down than planned"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "Training pushed down %2 of the tokens of criticised responses, where the plan said %1. Look at "
                       "what lights up, and raise the threshold before the next round.")},
    {AlertKind::FlaggedClimbs, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "More and more pushed down"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "In its last pass the round pushed down %2 of the tokens of criticised responses, in its first "
                       "%1: it began to condemn more than was judged. Compare, and try the settings “Steady”.")},
    {AlertKind::LearntByHeart, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Learnt by heart"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "The loss of a token fell from %1 in the first pass to %2: the round knows its responses by "
                       "heart. Compare on held-out instructions, and judge more responses before the next round.")},
    {AlertKind::CriticisedLikelier, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Criticised words likelier"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "Criticised words became likelier instead of rarer: a probability of %1 before, %2 after. Go "
                       "back to the model before, and look at what lights up under the judgments.")},
    {AlertKind::AcceptedLessLikely, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Accepted responses less likely"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "Accepted responses became less likely: a token has a probability of %1 before, %2 after. Go "
                       "back to the model before, and accept more responses before the next round.")},
    {AlertKind::Shorter, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Responses much shorter"),
     QT_TRANSLATE_NOOP(
         "stet::ui::RoundAlert",
         "Responses to held-out instructions became much shorter: %1 tokens before, %2 after. Read some in "
         "the comparison; unless a judgment asked for it, go back to the model before.")},
    {AlertKind::Longer, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Responses much longer"),
     QT_TRANSLATE_NOOP(
         "stet::ui::RoundAlert",
         "Responses to held-out instructions became much longer: %1 tokens before, %2 after. Read some in "
         "the comparison; unless a judgment asked for it, go back to the model before.")},
    {AlertKind::Endless, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Responses without an end"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "Responses no longer come to an end: %1 were cut off before, %2 after. Go back to the model "
                       "before, and judge more responses before the next round.")},
    {AlertKind::Repeating, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Responses repeat themselves"),
     QT_TRANSLATE_NOOP(
         "stet::ui::RoundAlert",
         "Responses repeat themselves: of four words in a row %1 had been there already before, %2 after. "
         "Go back to the model before, and judge more responses before the next round.")},
    {AlertKind::OneOpening, QT_TRANSLATE_NOOP("stet::ui::RoundAlert", "Responses begin alike"),
     QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                       "Responses begin alike, with “%3”: %1 before, %2 after. Read some in the comparison; unless a "
                       "judgment asked for it, go back to the model before.")},
}};

QString translated(const char* text)
{
    return QCoreApplication::translate(kContext, text);
}

const Words& wordsOf(AlertKind kind)
{
    return *std::find_if(kWords.begin(), kWords.end(), [kind](const Words& one) { return one.kind == kind; });
}

QString numberOf(AlertKind kind, double number)
{
    switch (kind) {
    case AlertKind::CriticisedLikelier:
    case AlertKind::AcceptedLessLikely:
    case AlertKind::LearntByHeart:
        return probabilityText(number);
    case AlertKind::Shorter:
    case AlertKind::Longer:
        return QString::number(std::lround(number));
    default:
        return percentText(number);
    }
}

QString notANumber(const RoundAlert& alert)
{
    QString text = translated(wordsOf(alert.kind).text);
    if (!alert.bad) {
        text = translated(QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                                            "The loss at step %1 is not a number, and the round stopped there. It has "
                                            "what was trained until step %2: compare before it is adopted."));
    } else if (alert.keptStep == 0) {
        text = translated(QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                                            "The loss at step %1 is not a number, and the round stopped there. Nothing "
                                            "of it was saved yet: train anew with other settings."));
        return text.arg(alert.step);
    }
    return text.arg(alert.step).arg(alert.keptStep);
}

}  // namespace

QString alertTitle(const RoundAlert& alert)
{
    QString title = translated(wordsOf(alert.kind).title);
    if (alert.kind == AlertKind::NotANumber) {
        return title;
    }
    const QString after = numberOf(alert.kind, alert.after);
    return title + QStringLiteral(": ") +
        (std::isfinite(alert.before) ? numberOf(alert.kind, alert.before) + QStringLiteral(" → ") + after : after);
}

QString alertText(const RoundAlert& alert)
{
    if (alert.kind == AlertKind::NotANumber) {
        return notANumber(alert);
    }
    if (alert.kind == AlertKind::FlaggedMore && !std::isfinite(alert.before)) {
        return translated(QT_TRANSLATE_NOOP("stet::ui::RoundAlert",
                                            "Training pushed down %1 of the tokens of criticised responses. Look at "
                                            "what lights up, and raise the threshold before the next round."))
            .arg(numberOf(alert.kind, alert.after));
    }
    const QString text = translated(wordsOf(alert.kind).text);
    const QString before = numberOf(alert.kind, alert.before);
    const QString after = numberOf(alert.kind, alert.after);
    return alert.kind == AlertKind::OneOpening ? text.arg(before, after, QString::fromStdString(alert.opening))
                                               : text.arg(before, after);
}

}  // namespace stet::ui
