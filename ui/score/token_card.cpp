#include "ui/score/token_card.h"

#include "ui/common/number_text.h"
#include "ui/common/parts.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {

constexpr std::size_t kAlternatives = 5;

std::size_t strongestToken(const annotate::TokenScores& scores, const HeatCell& cell)
{
    auto best = static_cast<std::size_t>(cell.firstToken);
    for (auto i = best; i <= static_cast<std::size_t>(cell.lastToken) && i < scores.logRatio.size(); ++i) {
        if (std::isnan(scores.logRatio[best]) || std::abs(scores.logRatio[i]) > std::abs(scores.logRatio[best])) {
            best = i;
        }
    }
    return best;
}

}  // namespace

QString visibleToken(const QString& text)
{
    QString shown;
    for (const QChar c : text) {
        if (c == QLatin1Char('\n')) {
            shown += QStringLiteral("↵");
        } else if (c == QLatin1Char('\t')) {
            shown += QStringLiteral("⇥");
        } else if (c == QLatin1Char(' ')) {
            shown += QStringLiteral("␣");
        } else if (c.category() == QChar::Other_Control) {
            shown += QStringLiteral("·");
        } else {
            shown += c;
        }
    }
    // A space before a word is how tokens usually begin: shown only where it is all there is.
    if (shown.size() > 1 && shown.startsWith(QStringLiteral("␣")) && !text.trimmed().isEmpty()) {
        shown.remove(0, 1);
    }
    return shown;
}

TokenCard::TokenCard(QWidget* parent)
    : QWidget(parent)
    , m_heading(plainLabel(this, "heading"))
    , m_sentence(plainLabel(this))
    , m_state(plainLabel(this, "dim"))
    , m_numbers(new QWidget(this))
    , m_ratioName(plainLabel(m_numbers, "dim"))
    , m_ratio(plainLabel(m_numbers))
    , m_plainTopTitle(plainLabel(this, "dim"))
    , m_plainTop(plainLabel(this))
    , m_judgedTopTitle(plainLabel(this, "dim"))
    , m_judgedTop(plainLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(5);
    for (QLabel* label : {m_sentence, m_state, m_plainTop, m_judgedTop}) {
        label->setWordWrap(true);
    }
    auto* grid = new QGridLayout(m_numbers);
    grid->setContentsMargins(0, 2, 0, 2);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(2);
    m_plain = addLine(grid, 0);
    m_judged = addLine(grid, 1);
    m_praised = addLine(grid, 2);
    grid->addWidget(m_ratioName, 3, 0);
    grid->addWidget(m_ratio, 3, 1, 1, 2);
    grid->setColumnStretch(2, 1);
    layout->addWidget(m_heading);
    layout->addWidget(m_sentence);
    layout->addWidget(m_state);
    layout->addWidget(m_numbers);
    for (QLabel* label : {m_plainTopTitle, m_plainTop, m_judgedTopTitle, m_judgedTop}) {
        layout->addWidget(label);
    }
    layout->addStretch(1);
    retranslate();
    clear();
}

TokenCard::Line TokenCard::addLine(QGridLayout* grid, int row)
{
    Line line{plainLabel(m_numbers, "dim"), plainLabel(m_numbers), plainLabel(m_numbers, "dim")};
    grid->addWidget(line.name, row, 0);
    grid->addWidget(line.probability, row, 1);
    grid->addWidget(line.rank, row, 2);
    return line;
}

void TokenCard::retranslate()
{
    m_plain.name->setText(tr("without"));
    m_judged.name->setText(tr("with"));
    m_praised.name->setText(tr("praised"));
    m_ratioName->setText(tr("ratio"));
    m_plainTopTitle->setText(tr("Without your judgment the model would write"));
    m_judgedTopTitle->setText(tr("With your judgment"));
    m_plainTopTitle->setWordWrap(true);
    m_judgedTopTitle->setWordWrap(true);
}

void TokenCard::clear()
{
    m_heading->setText(tr("Token"));
    m_sentence->setText(tr("Point at a word, or press Tab, to see what the model thinks of it."));
    setTone(m_sentence, "dim");
    for (QWidget* widget : std::initializer_list<QWidget*>{m_state, m_numbers, m_plainTopTitle, m_plainTop,
                                                           m_judgedTopTitle, m_judgedTop}) {
        widget->hide();
    }
}

void TokenCard::setLine(const Line& line, const std::vector<double>& logProbs, const std::vector<int>& ranks,
                        std::size_t token)
{
    const bool known = token < logProbs.size();
    for (QLabel* label : {line.name, line.probability, line.rank}) {
        label->setVisible(known);
    }
    if (known) {
        line.probability->setText(probabilityText(std::exp(logProbs[token])));
        line.rank->setText(token < ranks.size() && ranks[token] > 0 ? tr("rank %1").arg(ranks[token]) : QString());
    }
}

void TokenCard::setAlternatives(QLabel* title, QLabel* list,
                                const std::vector<std::vector<annotate::Alternative>>& tops, std::size_t token)
{
    QStringList items;
    for (std::size_t i = 0; token < tops.size() && i < std::min(kAlternatives, tops[token].size()); ++i) {
        const annotate::Alternative& other = tops[token][i];
        items << visibleToken(QString::fromStdString(other.text)) + QStringLiteral("\u00A0") +
                probabilityText(std::exp(other.logProb));
    }
    list->setText(items.join(QStringLiteral(" · ")));
    title->setVisible(!items.isEmpty());
    list->setVisible(!items.isEmpty());
}

void TokenCard::showCell(const annotate::TokenScores& scores, const HeatCell& cell, const QString& text)
{
    const std::size_t token = strongestToken(scores, cell);
    const double logRatio = token < scores.logRatio.size() ? scores.logRatio[token] : NAN;
    m_heading->setText(cell.begin == cell.end ? tr("End of the response")
                                              : QStringLiteral("“%1”").arg(visibleToken(text)));
    const double ratio = std::exp(logRatio);
    const QString factor = factorText(ratio >= 1 ? ratio : 1 / ratio);
    setTone(m_sentence, "");
    if (std::isnan(logRatio)) {
        m_sentence->setText(tr("There is no number for this token."));
    } else if (factor == QStringLiteral("1.00")) {
        m_sentence->setText(tr("Your judgment doesn't change how likely the model finds this word."));
    } else if (ratio > 1) {
        m_sentence->setText(
            tr("The model gives this word %1 times more weight once it knows your judgment.").arg(factor));
    } else {
        m_sentence->setText(
            tr("The model gives this word %1 times less weight once it knows your judgment.").arg(factor));
    }
    QStringList states;
    if (cell.flagged) {
        states << tr("flagged");
    }
    if (cell.mark != HandMark::None) {
        states << (cell.mark == HandMark::Flag ? tr("flagged by you") : tr("cleared by you"));
    }
    if (cell.cannotBeFlagged) {
        states << tr("can't be flagged at this λ: it is too likely anyway");
    }
    if (cell.dim) {
        states << tr("both probabilities are tiny: the ratio says little");
    }
    setOrHide(m_state, states.join(QStringLiteral(" · ")));
    m_numbers->show();
    setLine(m_plain, scores.plain, scores.plainRank, token);
    setLine(m_judged, scores.judged, scores.judgedRank, token);
    setLine(m_praised, scores.praised, {}, token);
    m_ratio->setText(std::isnan(logRatio) ? QStringLiteral("–")
                                          : tr("%1  (%2 bit)").arg(timesText(ratio), bitsText(logRatio / M_LN2)));
    setAlternatives(m_plainTopTitle, m_plainTop, scores.plainTop, token);
    setAlternatives(m_judgedTopTitle, m_judgedTop, scores.judgedTop, token);
}

QString TokenCard::sentence() const
{
    return m_sentence->text();
}

void TokenCard::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        clear();
    }
}

}  // namespace stet::ui
