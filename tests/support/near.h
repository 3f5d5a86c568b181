// Numbers that must agree up to a tolerance: where they don't, the test says both. Two that are not a number agree.
#pragma once

#include <QtTest>

#include <cmath>

namespace stet::test {

// A tensor of one element, or what is a number already.
template <typename Value> double numberOf(const Value& value)
{
    if constexpr (requires { value.template item<double>(); }) {
        return value.template item<double>();
    } else {
        return static_cast<double>(value);
    }
}

inline bool compareNear(double actual, double expected, double allowed, const char* what, const char* file, int line)
{
    const bool agree =
        (std::isnan(actual) && std::isnan(expected)) || std::fabs(actual - expected) <= allowed || actual == expected;
    const QByteArray said = QByteArray(what) + " is " + QByteArray::number(actual, 'g', 12) + ", expected is " +
        QByteArray::number(expected, 'g', 12) + " within " + QByteArray::number(allowed, 'g', 3);
    return QTest::qVerify(agree, what, said.constData(), file, line);
}

}  // namespace stet::test

// Ends the test function where |actual − expected| > allowed.
#define STET_COMPARE_NEAR(actual, expected, allowed)                                                                   \
    do {                                                                                                               \
        if (!stet::test::compareNear(stet::test::numberOf(actual), stet::test::numberOf(expected), (allowed), #actual, \
                                     __FILE__, __LINE__)) {                                                            \
            return;                                                                                                    \
        }                                                                                                              \
    } while (false)

// Ends the test function where they differ by more than `share` of the expected.
#define STET_COMPARE_RELATIVE(actual, expected, share)                                                                 \
    do {                                                                                                               \
        const double stetExpected = stet::test::numberOf(expected);                                                    \
        if (!stet::test::compareNear(stet::test::numberOf(actual), stetExpected, (share)*std::fabs(stetExpected),      \
                                     #actual, __FILE__, __LINE__)) {                                                   \
            return;                                                                                                    \
        }                                                                                                              \
    } while (false)
