#include "ui/common/key_map.h"

#include <QCoreApplication>

namespace stet::ui {

namespace {

enum class Place { Everywhere, Annotate, Rounds, Compare };

struct Row {
    KeyAction action;
    Place place;
    const char* group;
    const char* text;
    const char* key;
};

#define STET_KEY(text) QT_TRANSLATE_NOOP("stet::ui::KeyMap", text)

constexpr Row kRows[] = {
    {KeyAction::SubmitAndNext, Place::Annotate, STET_KEY("Judging"), STET_KEY("Submit and next"), "Ctrl+Return"},
    {KeyAction::LeaveText, Place::Annotate, STET_KEY("Judging"), STET_KEY("Leave the text"), "Esc"},
    {KeyAction::EnterText, Place::Annotate, STET_KEY("Judging"), STET_KEY("Return to the text"), "Return"},
    {KeyAction::Accept, Place::Annotate, STET_KEY("Judging"), STET_KEY("Accept"), "1"},
    {KeyAction::Criticise, Place::Annotate, STET_KEY("Judging"), STET_KEY("Criticise"), "2"},
    {KeyAction::Skip, Place::Annotate, STET_KEY("Judging"), STET_KEY("Skip"), "3"},
    {KeyAction::NextFlagged, Place::Annotate, STET_KEY("Tokens"), STET_KEY("Next flagged token"), "Tab"},
    {KeyAction::PreviousFlagged, Place::Annotate, STET_KEY("Tokens"), STET_KEY("Previous flagged token"), "Shift+Tab"},
    {KeyAction::MarkFlag, Place::Annotate, STET_KEY("Tokens"), STET_KEY("Flag the chosen tokens by hand"), "F"},
    {KeyAction::MarkClear, Place::Annotate, STET_KEY("Tokens"), STET_KEY("Clear the chosen tokens by hand"), "C"},
    {KeyAction::PreviousItem, Place::Annotate, STET_KEY("Queue"), STET_KEY("Previous response"), "Left"},
    {KeyAction::NextItem, Place::Annotate, STET_KEY("Queue"), STET_KEY("Next response"), "Right"},
    {KeyAction::Search, Place::Annotate, STET_KEY("Queue"), STET_KEY("Search"), "Ctrl+F"},
    {KeyAction::FlagItem, Place::Annotate, STET_KEY("Queue"), STET_KEY("Set this response aside (no token chosen)"),
     "F"},
    {KeyAction::Trash, Place::Annotate, STET_KEY("Queue"), STET_KEY("Move to the trash"), "Del"},
    {KeyAction::Undo, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Undo"), "Ctrl+Z"},
    {KeyAction::Redo, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Redo"), "Ctrl+Shift+Z"},
    {KeyAction::SaveNow, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Save now"), "Ctrl+S"},
    {KeyAction::PageAnnotate, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Annotate"), "Alt+1"},
    {KeyAction::PageRounds, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Rounds"), "Alt+2"},
    {KeyAction::PageCompare, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Compare"), "Alt+3"},
    {KeyAction::PageProject, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Project"), "Alt+4"},
    {KeyAction::ShowKeys, Place::Everywhere, STET_KEY("Everywhere"), STET_KEY("Show all keys"), "?"},
    {KeyAction::StartRound, Place::Rounds, STET_KEY("Rounds"), STET_KEY("Start a round"), "Ctrl+R"},
    {KeyAction::AnswerA, Place::Compare, STET_KEY("Compare"), STET_KEY("A is better"), "A"},
    {KeyAction::AnswerB, Place::Compare, STET_KEY("Compare"), STET_KEY("B is better"), "B"},
    {KeyAction::AnswersEqual, Place::Compare, STET_KEY("Compare"), STET_KEY("Equally good"), "E"},
};

#undef STET_KEY

QString words(const char* text)
{
    return QCoreApplication::translate("stet::ui::KeyMap", text);
}

const Row& rowOf(KeyAction action)
{
    for (const Row& row : kRows) {
        if (row.action == action) {
            return row;
        }
    }
    return kRows[0];
}

// F flags the chosen tokens when there are some, else the item: one key by intent, not by accident.
bool mayShare(KeyAction a, KeyAction b)
{
    const auto isFlag = [](KeyAction x) { return x == KeyAction::MarkFlag || x == KeyAction::FlagItem; };
    return isFlag(a) && isFlag(b);
}

bool collide(const Row& a, const Row& b)
{
    return a.place == b.place || a.place == Place::Everywhere || b.place == Place::Everywhere;
}

}  // namespace

KeyMap::KeyMap()
{
    for (const Row& row : kRows) {
        m_keys[row.action] = QKeySequence(QString::fromLatin1(row.key));
    }
}

QKeySequence KeyMap::key(KeyAction action) const
{
    return m_keys.at(action);
}

std::vector<KeyEntry> KeyMap::entries() const
{
    std::vector<KeyEntry> entries;
    for (const Row& row : kRows) {
        entries.push_back({row.action, words(row.group), words(row.text), m_keys.at(row.action)});
    }
    return entries;
}

std::optional<KeyAction> KeyMap::assign(KeyAction action, const QKeySequence& key)
{
    const Row& mine = rowOf(action);
    for (const Row& row : kRows) {
        if (row.action != action && !mayShare(row.action, action) && collide(row, mine) &&
            m_keys.at(row.action) == key) {
            return row.action;
        }
    }
    m_keys[action] = key;
    return std::nullopt;
}

const KeyMap& defaultKeys()
{
    static const KeyMap kKeys;
    return kKeys;
}

QString keyText(KeyAction action)
{
    QString text = defaultKeys().key(action).toString(QKeySequence::NativeText);
    // People's keyboards say Enter.
    text.replace(QStringLiteral("Return"), QStringLiteral("Enter"));
    return text;
}

}  // namespace stet::ui
