// What every refusal of a sub-command has in common.
#pragma once

#include "tests/support/trainer_command.h"

#include <QtTest>

#include <string>

namespace stet::test {

// `words`: all of them, separated by |, stand in the message.
inline void containsAll(const QString& message, const QString& words)
{
    for (const QString& word : words.split(QLatin1Char('|'))) {
        QVERIFY2(message.contains(word), qPrintable(word + QStringLiteral(" is not in: ") + message));
    }
}

// One sentence of ours, no stack, no type name.
inline void isClear(const Ran& ran)
{
    QVERIFY2(ran.errors.contains(QStringLiteral("stet-trainer: ")), qPrintable(ran.errors));
    QVERIFY2(!ran.errors.contains(QStringLiteral("A fault of ours")), qPrintable(ran.errors));
    QVERIFY2(!ran.errors.contains(QStringLiteral("Exception")), qPrintable(ran.errors));
}

// A line that can be scored.
inline const std::string kGood = R"({"id":1,"instruction":"a","output":"a fine answer","judgment":"b"})";

}  // namespace stet::test
