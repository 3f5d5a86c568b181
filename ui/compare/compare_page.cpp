#include "ui/compare/compare_page.h"

#include "ui/common/number_text.h"
#include "ui/common/parts.h"
#include "ui/compare/answer_panel.h"
#include "ui/compare/measures_table.h"

#include <QEvent>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <iterator>

namespace stet::ui {

namespace {

// A well-mixed bit from the seed and the item's id: the same each time the item is shown.
bool coin(std::uint32_t seed, const std::string& id)
{
    std::uint64_t hash = 1469598103934665603ULL ^ seed;
    for (const char c : id) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33;
    return (hash & 1) != 0;
}

}  // namespace

void ComparePage::setRound(int round, std::uint32_t seed)
{
    m_round = round;
    m_seed = seed;
    m_items.clear();
    m_choices.clear();
    m_summary.reset();
    m_extra.clear();
    m_adopted.reset();
    m_problem.clear();
    m_index = m_done = m_total = m_alike = 0;
    m_allAlike = m_revealed = false;
    refresh();
}

void ComparePage::setItems(const std::vector<annotate::ComparedItem>& items)
{
    const bool first = m_items.empty();
    m_items.clear();
    std::copy_if(items.begin(), items.end(), std::back_inserter(m_items), [](const auto& item) {
        return QString::fromStdString(item.before).trimmed() != QString::fromStdString(item.after).trimmed();
    });
    m_alike = static_cast<int>(items.size() - m_items.size());
    m_allAlike = m_items.empty() && !items.empty();
    if (m_allAlike) {
        m_items = items;
    }
    if (first) {
        const auto open = std::find_if(m_items.begin(), m_items.end(), [this](const auto& item) {
            return !m_choices.contains(QString::fromStdString(item.id));
        });
        m_index = open == m_items.end() ? 0 : static_cast<int>(open - m_items.begin());
    }
    m_index = std::clamp(m_index, 0, std::max(0, static_cast<int>(m_items.size()) - 1));
    refresh();
}

void ComparePage::setChoices(const std::map<QString, Preference>& choices)
{
    m_choices = choices;
    refresh();
}

void ComparePage::setRevealed(bool revealed)
{
    m_revealed = revealed;
    refresh();
}

// The measures, and which is which.
bool ComparePage::everythingShown() const
{
    return m_revealed || m_allAlike || std::all_of(m_items.begin(), m_items.end(), [this](const auto& item) {
               return m_choices.count(QString::fromStdString(item.id)) > 0;
           });
}

void ComparePage::setProgress(int done, int total)
{
    m_done = done;
    m_total = total;
    refresh();
}

void ComparePage::setSummary(const annotate::CompareSummary& summary)
{
    m_summary = summary;
    refresh();
}

void ComparePage::setMeasures(const std::vector<Measure>& measures)
{
    m_extra = measures;
    refresh();
}

void ComparePage::setAdopted(std::optional<bool> adopted)
{
    m_adopted = adopted;
    refresh();
}

void ComparePage::setFreshInstructions(int count)
{
    m_fresh = count;
    refresh();
}

void ComparePage::setProblem(const QString& sentence)
{
    m_problem = sentence;
    refresh();
}

bool ComparePage::swapped(const annotate::ComparedItem& item) const
{
    return coin(m_seed, item.id);
}

void ComparePage::showItem(int index)
{
    if (index >= 0 && index < static_cast<int>(m_items.size())) {
        m_index = index;
        refresh();
    }
}

// side: −1 A, 0 equal, 1 B.
void ComparePage::choose(int side)
{
    if (m_items.empty() || m_stack->currentWidget() == m_empty) {
        return;
    }
    const annotate::ComparedItem& item = m_items[static_cast<std::size_t>(m_index)];
    // Which is which has been told: a choice made now would not be blind.
    if (everythingShown() || m_choices.count(QString::fromStdString(item.id)) > 0) {
        return;
    }
    const bool firstIsAfter = swapped(item);
    Preference preference = Preference::Equal;
    if (side != 0) {
        preference = (side < 0) == firstIsAfter ? Preference::After : Preference::Before;
    }
    m_choices[QString::fromStdString(item.id)] = preference;
    refresh();
    Q_EMIT preferenceChosen(m_round, QString::fromStdString(item.id), preference);
}

QString ComparePage::winRateText() const
{
    double wins = 0;
    int judged = 0;
    for (const annotate::ComparedItem& item : m_items) {
        const auto choice = m_choices.find(QString::fromStdString(item.id));
        if (choice != m_choices.end()) {
            ++judged;
            wins += choice->second == Preference::After ? 1 : choice->second == Preference::Equal ? 0.5 : 0;
        }
    }
    if (judged == 0) {
        return m_allAlike
            ? tr("The models before and after the round answered alike everywhere.")
            : tr("Choose A, B or E for a few instructions: how often the response after the round is better is "
                 "counted here.");
    }
    const Interval interval = wilson95(wins, judged);
    return tr("After the round: %1 better, 95 % interval %2–%3, from %n choice(s), equal counted half", nullptr, judged)
        .arg(percentText(wins / judged))
        .arg(std::lround(interval.low * 100))
        .arg(std::lround(interval.high * 100));
}

QString ComparePage::blindText(bool chosen) const
{
    if (m_allAlike) {
        return tr("Both answered alike: there is nothing to choose.");
    }
    if (chosen) {
        return tr("Chosen. → goes to the next one.");
    }
    return everythingShown() ? tr("What changed has been shown: choosing is over.")
                             : tr("Blind: which is which is shown when you have chosen, and the choice stands.");
}

void ComparePage::refresh()
{
    const bool writing = m_total > 0 && m_done < m_total;
    m_title->setText(m_round > 0 ? tr("Compare round %1").arg(m_round) : tr("Compare"));
    const bool measured = m_summary && !writing && m_problem.isEmpty();
    m_stack->setCurrentWidget(m_items.empty() && !measured ? m_empty : m_stack->widget(1));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_pair, m_position, m_previous, m_next}) {
        widget->setVisible(!m_items.empty());
    }
    m_noPair->setVisible(m_items.empty());
    auto* empty = static_cast<EmptyState*>(m_empty);
    if (!m_problem.isEmpty()) {
        empty->setText(tr("The comparison could not be made"), m_problem);
        empty->setAction(tr("Go to Rounds"));
    } else if (writing) {
        empty->setText(tr("Writing responses with both models …"), tr("%1 of %2").arg(m_done).arg(m_total));
        empty->setAction({});
    } else {
        empty->setText(
            tr("Nothing to compare yet"),
            tr("After a round, the same held-out instructions are answered with the model before and after it, "
               "and shown here blind."));
        empty->setAction(tr("Go to Rounds"));
    }
    refreshResult();
    if (m_items.empty()) {
        return;
    }
    const annotate::ComparedItem& item = m_items[static_cast<std::size_t>(m_index)];
    const auto choice = m_choices.find(QString::fromStdString(item.id));
    const bool chosen = choice != m_choices.end();
    const bool firstIsAfter = swapped(item);
    m_position->setText(
        tr("Held-out %1 of %2").arg(m_index + 1).arg(m_items.size()) +
        (m_alike > 0 && !m_allAlike ? QStringLiteral(" · ") + tr("%n answered alike", nullptr, m_alike) : QString()) +
        (writing ? QStringLiteral(" · ") + tr("%1 of %2 written").arg(m_done).arg(m_total) : QString()));
    m_instruction->setText(QString::fromStdString(item.instruction));
    m_a->setText(QString::fromStdString(firstIsAfter ? item.after : item.before));
    m_b->setText(QString::fromStdString(firstIsAfter ? item.before : item.after));
    const QString before = tr("before");
    const QString after = tr("after");
    const auto preferred = [&](bool isAfter) {
        return chosen && choice->second == (isAfter ? Preference::After : Preference::Before);
    };
    const bool told = chosen || everythingShown();
    m_a->setIdentity(told ? (firstIsAfter ? after : before) : QString(), preferred(firstIsAfter));
    m_b->setIdentity(told ? (firstIsAfter ? before : after) : QString(), preferred(!firstIsAfter));
    m_aBetter->setChecked(preferred(firstIsAfter));
    m_bBetter->setChecked(preferred(!firstIsAfter));
    m_equal->setChecked(chosen && choice->second == Preference::Equal);
    for (QPushButton* button : {m_aBetter, m_bBetter, m_equal}) {
        button->setEnabled(!told);
    }
    m_blind->setText(blindText(chosen));
    m_previous->setEnabled(m_index > 0);
    m_next->setEnabled(m_index + 1 < static_cast<int>(m_items.size()));
}

void ComparePage::refreshResult()
{
    m_winRate->setText(winRateText());
    std::vector<Measure> rows = m_extra;
    if (m_summary) {
        const auto standard = measuresOf(*m_summary);
        rows.insert(rows.end(), standard.begin(), standard.end());
    }
    m_measures->setMeasures(rows);
    const bool shown = everythingShown();
    m_measures->setVisible(!rows.empty() && shown);
    m_measuresTitle->setVisible(!rows.empty() && shown);
    m_reveal->setVisible(!rows.empty() && !shown);
    m_adopt->setText(tr("Adopt round %1").arg(m_round));
    m_adopt->setEnabled(m_adopted != std::optional(true));
    m_discard->setEnabled(!m_adopted);
    m_decision->setText(!m_adopted       ? QString()
                            : *m_adopted ? tr("Adopted: this round's model is in use.")
                                         : tr("Discarded. It can still be adopted."));
    // Adopted: on with what it has not answered yet.
    m_nextRound->setVisible(m_adopted == std::optional(true));
    m_nextRound->setText(m_fresh > 0 ? tr("Next round: let it answer fresh instructions")
                                     : tr("Next round: add fresh instructions …"));
}

}  // namespace stet::ui
