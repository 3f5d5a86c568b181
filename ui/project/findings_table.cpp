#include "ui/project/findings_table.h"

#include "ui/common/parts.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>

#include <algorithm>

namespace stet::ui {

namespace {

constexpr int kTitle = 0;
constexpr int kRemedy = 1;
constexpr int kGap = 3;
constexpr int kCellPadding = 24;  // the style sheet pads cells, also those that hold a box

}  // namespace

FindingsTable::FindingsTable(QWidget* parent) : QTableWidget(0, 2, parent)
{
    makeReadOnlyTable(this);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setWordWrap(true);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setSectionResizeMode(kTitle, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(kRemedy, QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    retranslate();
    connect(this, &QTableWidget::currentCellChanged, this, [this](int row) { Q_EMIT groupChosen(row); });
}

void FindingsTable::setFindings(const std::vector<FindingGroup>& groups, bool deciding)
{
    m_groups = groups;
    m_deciding = deciding;
    setRowCount(0);
    setRowCount(static_cast<int>(groups.size()));
    int width = 0;
    int height = horizontalHeader()->sizeHint().height() + 2 * frameWidth();
    for (int row = 0; row < rowCount(); ++row) {
        const QString& title = groups[static_cast<std::size_t>(row)].title;
        auto* item = new QTableWidgetItem(title);
        item->setToolTip(title.toHtmlEscaped());  // tool tips guess rich text; this keeps it plain
        setItem(row, kTitle, item);
        offer(row);
        const QComboBox* box = boxAt(row);
        width = std::max(width, box == nullptr ? 0 : box->sizeHint().width() + kCellPadding);
        setRowHeight(row,
                     std::max(fontMetrics().height() + 16, box == nullptr ? 0 : box->sizeHint().height() + 2 * kGap));
        height += rowHeight(row);
    }
    retranslate();
    horizontalHeader()->resizeSection(kRemedy, width);
    setColumnHidden(kRemedy, width == 0);
    setFixedHeight(height);
    if (rowCount() > 0) {
        setCurrentCell(0, kTitle);
    }
}

void FindingsTable::offer(int row)
{
    const auto& group = m_groups[static_cast<std::size_t>(row)];
    if (!m_deciding || group.remedies.empty()) {
        return;
    }
    auto* box = new QComboBox(this);
    box->addItem(QString());
    for (const auto& [name, text] : group.remedies) {
        box->addItem(text, name);
    }
    connect(box, &QComboBox::activated, this, [this, row] { setCurrentCell(row, kTitle); });
    auto* cell = new QWidget(this);
    auto* layout = new QHBoxLayout(cell);
    layout->setContentsMargins(0, kGap, 0, kGap);
    layout->addWidget(box);
    setCellWidget(row, kRemedy, cell);
}

QComboBox* FindingsTable::boxAt(int row) const
{
    const QWidget* cell = cellWidget(row, kRemedy);
    return cell == nullptr ? nullptr : cell->findChild<QComboBox*>();
}

RemedyChoice FindingsTable::choice() const
{
    RemedyChoice choice;
    for (int row = 0; row < rowCount(); ++row) {
        const QComboBox* box = boxAt(row);
        if (box != nullptr && box->currentIndex() > 0) {
            choice.insert(m_groups[static_cast<std::size_t>(row)].kind, box->currentData().toString());
        }
    }
    return choice;
}

void FindingsTable::choose(const QString& kind, const QString& remedy)
{
    for (int row = 0; row < rowCount(); ++row) {
        QComboBox* box = boxAt(row);
        if (box != nullptr && m_groups[static_cast<std::size_t>(row)].kind == kind) {
            box->setCurrentIndex(std::max(0, box->findData(remedy)));
        }
    }
}

void FindingsTable::retranslate()
{
    setAccessibleName(tr("What the check found"));
    setHorizontalHeaderLabels({tr("Found"), tr("What is done")});
    for (int row = 0; row < rowCount(); ++row) {
        if (QComboBox* box = boxAt(row)) {
            box->setItemText(0, tr("Import as they are"));
            box->setAccessibleName(m_groups[static_cast<std::size_t>(row)].title);
        }
    }
}

void FindingsTable::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
