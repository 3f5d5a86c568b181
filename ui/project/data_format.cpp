#include "ui/project/data_format.h"

#include <QCoreApplication>

namespace stet::ui {

namespace {

// For lupdate; a title that is not here is shown as it is.
[[maybe_unused]] constexpr const char* kTitles[] = {
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "CUT JSON"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "JSON Lines"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "Alpaca JSON"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "Shepherd JSON Lines"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "UltraFeedback JSON Lines"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "TRL, labelled answers"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "TRL, preference pairs"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "OpenAI messages"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "ShareGPT JSON"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "CSV table"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "TSV table"),
    QT_TRANSLATE_NOOP("stet::ui::DataFormat", "Text, one instruction a line")};

}  // namespace

QString formatTitle(const DataFormat& format)
{
    return QCoreApplication::translate("stet::ui::DataFormat", format.title.toUtf8().constData());
}

}  // namespace stet::ui
