// Every key of the window in one table: what it does, which key, and changing it without conflicts. Pure; GUI thread
// for tr().
#pragma once

#include <QKeySequence>
#include <QString>

#include <map>
#include <optional>
#include <vector>

namespace stet::ui {

enum class KeyAction {
    SubmitAndNext,
    LeaveText,
    EnterText,
    Accept,
    Criticise,
    Skip,
    AcceptWhileTyping,
    CriticiseWhileTyping,
    SkipWhileTyping,
    CorrectResponse,
    DraftJudgment,
    MarkQuoted,
    PreviousItem,
    NextItem,
    NextFlagged,
    PreviousFlagged,
    NextToken,
    PreviousToken,
    MarkFlag,
    MarkClear,
    QuoteChoice,
    Bookmark,
    Trash,
    Undo,
    Redo,
    SaveNow,
    Search,
    PageAnnotate,
    PageRounds,
    PageCompare,
    PageProject,
    StartRound,
    AnswerA,
    AnswerB,
    AnswersEqual,
    ShowKeys,
};

struct KeyEntry {
    KeyAction action;
    QString group;  // heading in the overlay
    QString text;   // what it does
    QKeySequence key;
};

class KeyMap {
public:
    KeyMap();

    QKeySequence key(KeyAction action) const;
    std::vector<KeyEntry> entries() const;  // in the order of the overlay, words in the present language

    // Gives an action another key. Refused when a different action of the same place has it: that action is returned.
    std::optional<KeyAction> assign(KeyAction action, const QKeySequence& key);

private:
    std::map<KeyAction, QKeySequence> m_keys;
};

// The keys as they stand by default; what the pages use until keys are changed.
const KeyMap& defaultKeys();

QString keyText(KeyAction action);  // "Ctrl+Enter", for labels and tool tips

}  // namespace stet::ui
