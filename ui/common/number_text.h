// Numbers as a reader sees them: at most three digits, no false precision. Pure; words through tr().
#pragma once

#include <QLocale>
#include <QString>

namespace stet::ui {

QString probabilityText(double probability);  // "0.61", "0.04", "0.003", "<0.001"; NaN: "–"
QString factorText(double ratio);             // "1.6", "27", "over 999"
QString timesText(double ratio);              // "×1.6", "÷2.3"
QString bitsText(double log2Ratio);           // "0.67"
QString percentText(double share);            // 0.042 → "4 %", 0.0042 → "0.4 %"
QString durationText(double seconds);         // "1:04", "12 s", "1 h 20 min"; negative: ""
QString aboutDurationText(double minutes);    // "under a minute", "about 2 min", "about 3 h"
QString gigabytesText(double gigabytes);      // "0.4 GB", "12 GB"
QString bytesText(double bytes);              // "4 MB"

// Wilson score interval of `wins` out of `n` at 95 %.
struct Interval {
    double low = 0;
    double high = 1;
};
Interval wilson95(double wins, int n);

}  // namespace stet::ui
