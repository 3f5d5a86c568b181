// Compare: held-out instructions answered before and after a round, blind, one at a time; then adopt or discard.
//
// Made and owned by MainWindow; fed by app/session's compare controller. GUI thread only; values in, signals out. Which
// side is which is drawn from the seed and the item's id, so that it stays the same when an item is shown again.
#pragma once

#include "annotate/judgment/types.h"

#include <QString>
#include <QWidget>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace stet::ui {

class AnswerPanel;
class MeasuresTable;

enum class Preference { Before, After, Equal };

// A measure before and after, in the words and digits to show: {"Responses that open with “Sure!”", "61 %", "4 %",
// true}.
struct Measure {
    QString name;
    QString before;
    QString after;
    std::optional<bool> better;  // nullopt: neither
};

class ComparePage : public QWidget {
    Q_OBJECT

public:
    explicit ComparePage(QWidget* parent = nullptr);

    // A new comparison: clears items, choices and measures.
    void setRound(int round, std::uint32_t seed);
    // All; keeps the choices made. Pairs that are alike are counted, not shown: there is nothing to choose.
    void setItems(const std::vector<annotate::ComparedItem>& items);
    // The measures were looked at before every pair was chosen: choosing is over, for they say which is which.
    void setRevealed(bool revealed);
    void setChoices(const std::map<QString, Preference>& choices);  // by item id, from the project
    void setProgress(int done, int total);                          // answers still being written; total 0: done
    void setSummary(const annotate::CompareSummary& summary);       // the standard measures
    void setMeasures(const std::vector<Measure>& measures);         // put before the standard ones
    void setAdopted(std::optional<bool> adopted);                   // true adopted, false discarded
    void setProblem(const QString& sentence);                       // the comparison failed; empty: none
    void setFreshInstructions(int count);                           // that nobody has answered: the next round's

Q_SIGNALS:
    void preferenceChosen(int round, const QString& itemId, stet::ui::Preference preference);
    void measuresRevealed(int round);
    void adoptRequested(int round);
    void discardRequested(int round);
    void startCompareRequested();  // from the empty state: "Go to Rounds"
    void nextRoundRequested();     // let the adopted round answer fresh instructions
    void instructionsRequested();  // to hold some out, or to add fresh ones

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void addKeys();
    void retranslate();
    void showItem(int index);
    void choose(int side);
    bool everythingShown() const;
    QString blindText(bool chosen) const;
    bool swapped(const annotate::ComparedItem& item) const;
    void refresh();
    void refreshResult();
    QString winRateText() const;

    int m_round = 0;
    std::uint32_t m_seed = 0;
    std::vector<annotate::ComparedItem> m_items;
    std::map<QString, Preference> m_choices;
    std::optional<annotate::CompareSummary> m_summary;
    std::vector<Measure> m_extra;
    std::optional<bool> m_adopted;
    QString m_problem;
    int m_alike = 0;          // pairs that are left out
    bool m_allAlike = false;  // then they are what is shown
    bool m_revealed = false;
    int m_index = 0;
    int m_done = 0;
    int m_total = 0;
    int m_fresh = 0;

    QStackedWidget* m_stack = nullptr;
    QWidget* m_empty = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_position = nullptr;
    QLabel* m_instruction = nullptr;
    AnswerPanel* m_a = nullptr;
    AnswerPanel* m_b = nullptr;
    QPushButton* m_aBetter = nullptr;
    QPushButton* m_bBetter = nullptr;
    QPushButton* m_equal = nullptr;
    QPushButton* m_previous = nullptr;
    QPushButton* m_next = nullptr;
    QLabel* m_blind = nullptr;
    QLabel* m_winRate = nullptr;
    QPushButton* m_reveal = nullptr;
    MeasuresTable* m_measures = nullptr;
    QLabel* m_measuresTitle = nullptr;
    QPushButton* m_adopt = nullptr;
    QPushButton* m_discard = nullptr;
    QPushButton* m_nextRound = nullptr;
    QWidget* m_pair = nullptr;    // the two responses and the choice
    QWidget* m_noPair = nullptr;  // why there are none
    QLabel* m_noPairText = nullptr;
    QPushButton* m_holdOut = nullptr;
    QLabel* m_decision = nullptr;
};

}  // namespace stet::ui
