// What the check of an import found, kind by kind, as the Project page shows it. Values; texts are in the window's
// language.
#pragma once

#include <QMap>
#include <QString>

#include <utility>
#include <vector>

namespace stet::ui {

struct FindingRow {
    QString where;    // "row 12"
    QString text;     // what of the row it is about
    QString problem;  // a sentence, for who looks closer
    QString id;       // comes back in responseWanted; empty: it is in no queue
};

struct FindingGroup {
    QString kind;                                       // comes back with the choice
    QString title;                                      // "47 judgments are placeholders"
    std::vector<std::pair<QString, QString>> remedies;  // name, "Leave them out"; empty: nothing to choose
    std::vector<FindingRow> rows;                       // the first; `count` of them all
    int count = 0;
};

// Kind → the name of its remedy; a kind that is not in it comes in as it is.
using RemedyChoice = QMap<QString, QString>;

}  // namespace stet::ui
