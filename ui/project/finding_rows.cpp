#include "ui/project/finding_rows.h"

#include "ui/common/parts.h"

#include <QEvent>
#include <QHeaderView>

#include <algorithm>

namespace stet::ui {

namespace {

constexpr int kWhere = 0;
constexpr int kText = 1;
constexpr int kShow = 2;
constexpr int kCellPadding = 24;  // the style sheet pads cells, also those that hold a button

}  // namespace

FindingRows::FindingRows(QWidget* parent) : QTableWidget(0, 3, parent)
{
    makeReadOnlyTable(this);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setAlternatingRowColors(true);
    setWordWrap(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 16);
    horizontalHeader()->setSectionResizeMode(kWhere, QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(kText, QHeaderView::Stretch);
    horizontalHeader()->setSectionResizeMode(kShow, QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setMinimumHeight(120);
    retranslate();
    connect(this, &QTableWidget::cellActivated, this, [this](int row) {
        const auto& id = m_group.rows[static_cast<std::size_t>(row)].id;
        if (!id.isEmpty()) {
            Q_EMIT responseWanted(id);
        }
    });
}

void FindingRows::setGroup(const FindingGroup& group)
{
    setRowCount(0);
    m_group = group;
    retranslate();
}

void FindingRows::retranslate()
{
    setAccessibleName(tr("Rows of this kind"));
    setHorizontalHeaderLabels({tr("Row"), tr("Text"), QString()});
    setRowCount(static_cast<int>(m_group.rows.size()));
    int width = 0;
    for (int row = 0; row < rowCount(); ++row) {
        const FindingRow& one = m_group.rows[static_cast<std::size_t>(row)];
        setItem(row, kWhere, new QTableWidgetItem(one.where));
        auto* text = new QTableWidgetItem(one.text.simplified());
        text->setToolTip((one.problem + QLatin1Char('\n') + one.text).toHtmlEscaped());  // kept plain
        setItem(row, kText, text);
        if (one.id.isEmpty()) {
            continue;
        }
        QPushButton* show = lookButton(this, "link");
        show->setText(tr("Show"));
        show->setAccessibleName(tr("Show %1 among the responses").arg(one.where));
        connect(show, &QPushButton::clicked, this, [this, id = one.id] { Q_EMIT responseWanted(id); });
        setCellWidget(row, kShow, show);
        show->ensurePolished();
        width = std::max(width, show->sizeHint().width() + kCellPadding);
    }
    horizontalHeader()->resizeSection(kShow, width);
    setColumnHidden(kShow, width == 0);
}

void FindingRows::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
