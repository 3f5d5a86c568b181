#include "ui/compare/measures_table.h"

#include "ui/common/number_text.h"
#include "ui/common/parts.h"
#include "ui/common/theme.h"

#include <QEvent>
#include <QHeaderView>

#include <cmath>

namespace stet::ui {

namespace {

QString signedText(double value)
{
    return (value < 0 ? QStringLiteral("−") : QStringLiteral("")) + QString::number(std::abs(value), 'f', 2);
}

std::optional<bool> compared(double before, double after, bool lowerIsBetter, double tolerance)
{
    if (std::abs(after - before) <= tolerance) {
        return std::nullopt;
    }
    return lowerIsBetter == (after < before);
}

}  // namespace

std::vector<Measure> measuresOf(const annotate::CompareSummary& s)
{
    std::vector<Measure> rows;
    rows.push_back({MeasuresTable::tr("Criticised words: how likely they still are"),
                    probabilityText(s.criticisedFlaggedBefore), probabilityText(s.criticisedFlaggedAfter),
                    compared(s.criticisedFlaggedBefore, s.criticisedFlaggedAfter, true, 0.005)});
    rows.push_back({MeasuresTable::tr("Accepted responses: mean log-probability of a token"),
                    signedText(s.praisedLogProbBefore), signedText(s.praisedLogProbAfter),
                    compared(s.praisedLogProbBefore, s.praisedLogProbAfter, false, 0.02)});
    rows.push_back({MeasuresTable::tr("Other tasks: how far the model moved (KL, 0 is not at all)"),
                    QStringLiteral("–"), QString::number(s.controlKl, 'f', s.controlKl < 0.1 ? 3 : 2), std::nullopt});
    rows.push_back({MeasuresTable::tr("Length of a response in tokens"), QString::number(s.lengthBefore, 'f', 0),
                    QString::number(s.lengthAfter, 'f', 0), std::nullopt});
    rows.push_back({MeasuresTable::tr("Repetition"), percentText(s.repetitionBefore), percentText(s.repetitionAfter),
                    compared(s.repetitionBefore, s.repetitionAfter, true, 0.01)});
    return rows;
}

MeasuresTable::MeasuresTable(QWidget* parent) : QTableWidget(0, 4, parent)
{
    makeReadOnlyTable(this);
    setSelectionMode(NoSelection);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < 4; ++column) {
        horizontalHeader()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    }
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(90);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    retranslate();
}

QSize MeasuresTable::sizeHint() const
{
    int height = horizontalHeader()->sizeHint().height() + 2 * frameWidth() + 2;
    for (int row = 0; row < rowCount(); ++row) {
        height += rowHeight(row);
    }
    return {500, height};
}

void MeasuresTable::setMeasures(const std::vector<Measure>& measures)
{
    m_measures = measures;
    retranslate();
}

void MeasuresTable::retranslate()
{
    const Colours& colours = coloursFor(palette());
    setAccessibleName(tr("Measures before and after"));
    setHorizontalHeaderLabels({tr("Measure"), tr("before"), tr("after"), QString()});
    horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int column = 1; column < 3; ++column) {
        horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    setRowCount(static_cast<int>(m_measures.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const Measure& measure = m_measures[static_cast<std::size_t>(row)];
        const QString verdict = !measure.better ? QString() : *measure.better ? tr("better") : tr("worse");
        const QString texts[] = {measure.name, measure.before, measure.after, verdict};
        for (int column = 0; column < 4; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setFlags(Qt::ItemIsEnabled);
            if (column > 0) {
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            }
            if (column == 3 && measure.better) {
                item->setForeground(*measure.better ? colours.good : colours.problem);
            }
            setItem(row, column, item);
        }
        setRowHeight(row, fontMetrics().height() + 10);
    }
    updateGeometry();
}

void MeasuresTable::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) {
        retranslate();
    }
}

}  // namespace stet::ui
