#include "ui/project/findings_table.h"

#include "ui/common/parts.h"

#include <QEvent>
#include <QHeaderView>

#include <algorithm>

namespace stet::ui {

namespace {
constexpr int kCellPadding = 24;  // the style sheet pads cells, also those that hold a button
}

FindingsTable::FindingsTable(QWidget* parent) : QTableWidget(0, 4, parent)
{
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(true);
    verticalHeader()->hide();
    horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(3, QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 16);
    setMinimumHeight(150);
    retranslate();
}

void FindingsTable::retranslate()
{
    setAccessibleName(tr("What the check found"));
    setHorizontalHeaderLabels({tr("Row"), tr("Problem"), tr("Suggestion"), QString()});
    setRowCount(static_cast<int>(m_findings.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const Finding& finding = m_findings[static_cast<std::size_t>(row)];
        const QString texts[] = {finding.where, finding.problem, finding.suggestion};
        for (int column = 0; column < 3; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setToolTip(texts[column].toHtmlEscaped());  // tool tips guess rich text; this keeps it plain
            setItem(row, column, item);
        }
        if (finding.fixId.isEmpty()) {
            removeCellWidget(row, 3);
            continue;
        }
        QPushButton* fix = lookButton(this, "link");
        fix->setText(tr("Do this"));
        fix->setAccessibleName(tr("%1: %2").arg(finding.where, finding.suggestion));
        connect(fix, &QPushButton::clicked, this, [this, id = finding.fixId] { Q_EMIT fixRequested(id); });
        setCellWidget(row, 3, fix);
        fix->ensurePolished();
        setRowHeight(row, std::max(rowHeight(row), fix->minimumSizeHint().height() + 4));
    }
    horizontalHeader()->resizeSection(3, buttonWidth());
}

int FindingsTable::buttonWidth() const
{
    int width = 40;
    for (int row = 0; row < rowCount(); ++row) {
        if (const QWidget* fix = cellWidget(row, 3)) {
            width = std::max(width, fix->sizeHint().width() + kCellPadding);
        }
    }
    return width;
}

void FindingsTable::setFindings(const std::vector<Finding>& findings)
{
    setRowCount(0);
    m_findings = findings;
    retranslate();
}

void FindingsTable::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
