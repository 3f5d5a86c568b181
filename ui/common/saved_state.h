// Whether everything typed is on disk: shown on the Annotate page and in the status bar. A plain value, GUI thread.
#pragma once

#include <QString>
#include <QTime>

namespace stet::ui {

struct SavedState {
    enum class Kind { Saved, Unsaved, Saving, Failed };
    Kind kind = Kind::Saved;
    QTime at;         // when last saved; may be invalid: nothing saved yet in this session
    QString problem;  // a sentence, when Failed
};

}  // namespace stet::ui
