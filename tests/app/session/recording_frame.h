// A window's frame that only remembers what it was told.
#pragma once

#include "ui/main_window/frame.h"

#include <QStringList>

#include <map>

namespace stet::test {

class RecordingFrame : public ui::Frame {
public:
    void setPage(ui::Page shown) override { page = shown; }
    void setRoundBar(const std::optional<ui::RoundBar>& shown) override { bar = shown; }
    void setSaved(const ui::SavedState& state) override { saved = state; }
    void setModelLine(const QString& modelName, int round) override
    {
        modelLine = QStringLiteral("%1 + %2").arg(modelName).arg(round);
    }
    void notify(const ui::Notice& notice) override { notices[notice.id] = notice; }
    void dismiss(const QString& noticeId) override { notices.erase(noticeId); }
    bool showHint(const QString& id) override
    {
        hints << id;
        return true;
    }
    void hideHints() override { hints.clear(); }

    // What the notice of a failure says; empty: there is none.
    QString failure() const
    {
        const auto found = notices.find(QStringLiteral("failure"));
        return found == notices.end() ? QString() : found->second.text;
    }

    ui::Page page = ui::Page::Annotate;
    std::optional<ui::RoundBar> bar;
    ui::SavedState saved;
    QString modelLine;
    std::map<QString, ui::Notice> notices;
    QStringList hints;
};

}  // namespace stet::test
