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

constexpr Row kRows[] = {
    {KeyAction::SubmitAndNext, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Submit and next"), "Ctrl+Return"},
    {KeyAction::LeaveText, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Leave the text"), "Esc"},
    {KeyAction::EnterText, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Return to the text"), "Return"},
    {KeyAction::Accept, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Accept and next"), "1"},
    {KeyAction::Criticise, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Criticise"), "2"},
    {KeyAction::Skip, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Skip and next"), "3"},
    {KeyAction::AcceptWhileTyping, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Accept and next, also while typing"), "Alt+1"},
    {KeyAction::CriticiseWhileTyping, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Criticise, also while typing"), "Alt+2"},
    {KeyAction::SkipWhileTyping, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Skip and next, also while typing"), "Alt+3"},
    {KeyAction::CorrectResponse, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Correct the response, and back to the judgment"), "Ctrl+E"},
    {KeyAction::DraftJudgment, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Let the model draft a judgment"), "Ctrl+D"},
    {KeyAction::MarkQuoted, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Judging"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Mark the words that the judgment quotes"), "Ctrl+M"},
    {KeyAction::NextFlagged, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Next flagged token"), "Tab"},
    {KeyAction::PreviousFlagged, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Previous flagged token"), "Shift+Tab"},
    {KeyAction::NextToken, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Next token, flagged or not"), "Ctrl+Right"},
    {KeyAction::PreviousToken, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Previous token, flagged or not"), "Ctrl+Left"},
    {KeyAction::MarkFlag, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Flag the chosen tokens by hand"), "F"},
    {KeyAction::MarkClear, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Clear the chosen tokens by hand"), "C"},
    {KeyAction::QuoteChoice, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Tokens"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Quote the chosen tokens in the judgment"), "Q"},
    {KeyAction::PreviousItem, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Queue"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Previous response"), "Left"},
    {KeyAction::NextItem, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Queue"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Next response"), "Right"},
    {KeyAction::Search, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Queue"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Search"), "Ctrl+F"},
    {KeyAction::Bookmark, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Queue"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Bookmark this response"), "Ctrl+B"},
    {KeyAction::Trash, Place::Annotate, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Queue"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Move to the trash"), "Del"},
    {KeyAction::Undo, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Undo"), "Ctrl+Z"},
    {KeyAction::Redo, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Redo"), "Ctrl+Shift+Z"},
    {KeyAction::SaveNow, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Save now"), "Ctrl+S"},
    {KeyAction::PageAnnotate, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Annotate"), "Ctrl+1"},
    {KeyAction::PageRounds, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Rounds"), "Ctrl+2"},
    {KeyAction::PageCompare, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Compare"), "Ctrl+3"},
    {KeyAction::PageProject, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Project"), "Ctrl+4"},
    {KeyAction::ShowKeys, Place::Everywhere, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Everywhere"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Show all keys"), "?"},
    {KeyAction::StartRound, Place::Rounds, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Rounds"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Start a round"), "Ctrl+R"},
    {KeyAction::AnswerA, Place::Compare, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Compare"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "A is better"), "A"},
    {KeyAction::AnswerB, Place::Compare, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Compare"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "B is better"), "B"},
    {KeyAction::AnswersEqual, Place::Compare, QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Compare"),
     QT_TRANSLATE_NOOP("stet::ui::KeyMap", "Equally good"), "E"},
};

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
        if (row.action != action && collide(row, mine) && m_keys.at(row.action) == key) {
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
    QString text = defaultKeys().key(action).toString(QKeySequence::PortableText);
    // People's keyboards say Enter.
    text.replace(QStringLiteral("Return"), QStringLiteral("Enter"));
    text.replace(QStringLiteral("Left"), QStringLiteral("←"));
    text.replace(QStringLiteral("Right"), QStringLiteral("→"));
    return text;
}

}  // namespace stet::ui
