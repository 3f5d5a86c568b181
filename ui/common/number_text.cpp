#include "ui/common/number_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {

QString dash()
{
    return QStringLiteral("–");
}

QString fixed(double value, int decimals)
{
    return QString::number(value, 'f', decimals);
}

// Up to three digits and no trailing noise: 1.05, 1.6, 27, 640.
QString threeDigits(double value)
{
    if (value < 1.195) {
        return fixed(value, 2);
    }
    return value < 9.95 ? fixed(value, 1) : fixed(value, 0);
}

QString words(const char* text)
{
    return QCoreApplication::translate("stet::ui::NumberText", text);
}

}  // namespace

QString probabilityText(double probability)
{
    if (!std::isfinite(probability)) {
        return dash();
    }
    if (probability > 0 && probability < 0.0005) {
        return QStringLiteral("<0.001");
    }
    return probability >= 0.0095 || probability == 0 ? fixed(probability, 2) : fixed(probability, 3);
}

QString factorText(double ratio)
{
    if (!std::isfinite(ratio) || ratio <= 0) {
        return dash();
    }
    return ratio >= 999.5 ? words(QT_TRANSLATE_NOOP("stet::ui::NumberText", "over 999")) : threeDigits(ratio);
}

QString timesText(double ratio)
{
    if (!std::isfinite(ratio) || ratio <= 0) {
        return dash();
    }
    return ratio >= 1 ? QStringLiteral("×") + factorText(ratio) : QStringLiteral("÷") + factorText(1 / ratio);
}

QString bitsText(double log2Ratio)
{
    if (!std::isfinite(log2Ratio)) {
        return dash();
    }
    const QString digits = std::abs(log2Ratio) < 9.95 ? fixed(std::abs(log2Ratio), std::abs(log2Ratio) < 0.995 ? 2 : 1)
                                                      : fixed(std::abs(log2Ratio), 0);
    return log2Ratio < 0 ? QStringLiteral("−") + digits : digits;
}

QString percentText(double share)
{
    if (!std::isfinite(share)) {
        return dash();
    }
    const double percent = share * 100;
    const bool small = percent > 0 && percent < 0.95;
    return fixed(percent, small ? 1 : 0) + QStringLiteral("\u00A0%");
}

QString durationText(double seconds)
{
    if (!(seconds >= 0)) {
        return {};
    }
    const auto whole = static_cast<long long>(std::llround(seconds));
    if (whole >= 3600) {
        return words(QT_TRANSLATE_NOOP("stet::ui::NumberText", "%1 h %2 min")).arg(whole / 3600).arg(whole % 3600 / 60);
    }
    return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString aboutDurationText(double minutes)
{
    if (!(minutes >= 0)) {
        return dash();
    }
    if (minutes < 1) {
        return words(QT_TRANSLATE_NOOP("stet::ui::NumberText", "under a minute"));
    }
    if (minutes < 90) {
        return words(QT_TRANSLATE_NOOP("stet::ui::NumberText", "about %1 min")).arg(std::lround(minutes));
    }
    return words(QT_TRANSLATE_NOOP("stet::ui::NumberText", "about %1 h")).arg(std::lround(minutes / 60));
}

QString gigabytesText(double gigabytes)
{
    return (gigabytes < 9.95 ? fixed(std::max(gigabytes, 0.1), 1) : fixed(gigabytes, 0)) + QStringLiteral("\u00A0GB");
}

QString bytesText(double bytes)
{
    if (bytes < 1e6) {
        return fixed(std::max(1.0, bytes / 1e3), 0) + QStringLiteral("\u00A0kB");
    }
    return bytes < 1e9 ? fixed(bytes / 1e6, bytes < 9.95e6 ? 1 : 0) + QStringLiteral("\u00A0MB")
                       : gigabytesText(bytes / 1e9);
}

Interval wilson95(double wins, int n)
{
    if (n <= 0) {
        return {};
    }
    constexpr double z = 1.959963984540054;
    const double share = wins / n;
    const double denominator = 1 + z * z / n;
    const double centre = (share + z * z / (2.0 * n)) / denominator;
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4.0 * n * n)) / denominator;
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace stet::ui
