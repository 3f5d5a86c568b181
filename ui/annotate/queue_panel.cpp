#include "ui/annotate/queue_panel.h"

#include "ui/annotate/queue_delegate.h"
#include "ui/annotate/queue_model.h"
#include "ui/common/flow_layout.h"
#include "ui/common/key_map.h"
#include "ui/common/parts.h"

#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace stet::ui {

namespace {

using annotate::QueueFilter;

constexpr QueueFilter kFilters[] = {QueueFilter::All,     QueueFilter::Open,       QueueFilter::Draft,
                                    QueueFilter::Drafted, QueueFilter::Accepted,   QueueFilter::Criticised,
                                    QueueFilter::Skipped, QueueFilter::Bookmarked, QueueFilter::Trash};

QString filterName(QueueFilter filter)
{
    switch (filter) {
    case QueueFilter::All:
        return QueuePanel::tr("All");
    case QueueFilter::Open:
        return QueuePanel::tr("To do");
    case QueueFilter::Draft:
        return QueuePanel::tr("Draft");
    case QueueFilter::Drafted:
        return QueuePanel::tr("Drafted");
    case QueueFilter::Accepted:
        return QueuePanel::tr("Accepted");
    case QueueFilter::Criticised:
        return QueuePanel::tr("Criticised");
    case QueueFilter::Skipped:
        return QueuePanel::tr("Skipped");
    case QueueFilter::Bookmarked:
        return QueuePanel::tr("Bookmarked");
    case QueueFilter::Trash:
        return QueuePanel::tr("Trash");
    }
    return {};
}

}  // namespace

QueuePanel::QueuePanel(QWidget* parent)
    : QWidget(parent)
    , m_search(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_empty(plainLabel(m_list, "dim"))
    , m_draft(lookButton(this, "link"))
    , m_progress(plainLabel(this, "dim"))
    , m_model(new QueueModel(this))
{
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    auto* chips = new QWidget(this);
    auto* flow = new FlowLayout(chips, 4);
    for (const QueueFilter filter : kFilters) {
        auto* chip = new QToolButton(chips);
        chip->setCheckable(true);
        chip->setAutoExclusive(true);
        chip->setChecked(filter == m_filter);
        chip->setFocusPolicy(Qt::TabFocus);
        setLook(chip, "chip");
        flow->addWidget(chip);
        m_chips.push_back(chip);
        connect(chip, &QToolButton::clicked, this, [this, filter] {
            if (m_filter != filter) {
                m_filter = filter;
                Q_EMIT queryChanged(m_filter, m_search->text());
            }
        });
    }
    m_list->setModel(m_model);
    m_list->setItemDelegate(new QueueDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->installEventFilter(this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_progress->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addWidget(m_search);
    layout->addWidget(chips);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_draft, 0, Qt::AlignLeft);
    layout->addWidget(m_progress);
    m_draft->setFocusPolicy(Qt::TabFocus);
    connect(m_draft, &QPushButton::clicked, this, &QueuePanel::draftsRequested);
    auto* listLayout = new QVBoxLayout(m_list);
    listLayout->addWidget(m_empty);
    retranslate();
    const auto showEmpty = [this] { m_empty->setVisible(m_model->rowCount() == 0); };
    connect(m_model, &QAbstractItemModel::modelReset, this, showEmpty);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, showEmpty);
    connect(m_search, &QLineEdit::textChanged, this,
            [this](const QString& text) { Q_EMIT queryChanged(m_filter, text); });
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { Q_EMIT openRequested(m_model->idAt(index.row())); });
}

void QueuePanel::retranslate()
{
    setAccessibleName(tr("Queue"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search instructions, responses and judgments"));
    m_search->setToolTip(tr("Search instructions, responses and judgments (%1)").arg(keyText(KeyAction::Search)));
    m_list->setAccessibleName(tr("Responses"));
    m_empty->setText(tr("Nothing here under this filter."));
    m_draft->setText(tr("Draft judgments"));
    m_draft->setToolTip(
        tr("Let the model draft judgments of the next responses that wait. Nothing is trained on a draft "
           "before you have submitted it."));
    showCounts();
    setProgress(m_judged, m_perHour);
}

void QueuePanel::showCounts()
{
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        const QString name = filterName(kFilters[i]);
        m_chips[i]->setText(QStringLiteral("%1 %2").arg(name).arg(m_counts.of(kFilters[i])));
        m_chips[i]->setAccessibleName(tr("Show: %1").arg(m_chips[i]->text()));
    }
}

void QueuePanel::setReadOnly(bool readOnly)
{
    m_draft->setEnabled(!readOnly);
}

void QueuePanel::setCounts(const annotate::QueueCounts& counts)
{
    m_counts = counts;
    showCounts();
}

void QueuePanel::setProgress(int judgedByYou, double perHour)
{
    m_judged = judgedByYou;
    m_perHour = perHour;
    QString text = tr("%n judged by you", nullptr, judgedByYou);
    if (perHour >= 0) {
        text += QStringLiteral(" · ") + tr("%1 an hour").arg(std::lround(perHour));
    }
    m_progress->setText(text);
}

void QueuePanel::setQuery(QueueFilter filter, const QString& search)
{
    m_filter = filter;
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        m_chips[i]->setChecked(kFilters[i] == filter);
    }
    const QSignalBlocker blocker(m_search);
    m_search->setText(search);
}

void QueuePanel::setCurrent(annotate::ResponseId id)
{
    const int row = m_model->rowOf(id);
    if (row < 0) {
        m_list->clearSelection();
        return;
    }
    m_list->setCurrentIndex(m_model->index(row));
    m_list->scrollTo(m_model->index(row));
}

bool QueuePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Return &&
        static_cast<QKeyEvent*>(event)->modifiers() == Qt::NoModifier) {
        event->accept();  // Enter is the list's here, not the page's
        return true;
    }
    if (watched == m_list && event->type() == QEvent::Resize && m_list->currentIndex().isValid()) {
        m_list->scrollTo(m_list->currentIndex());
    }
    if (event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (watched == m_search && (key == Qt::Key_Down || key == Qt::Key_Return) && m_model->rowCount() > 0) {
        m_list->setFocus(Qt::OtherFocusReason);
        if (!m_list->currentIndex().isValid()) {
            m_list->setCurrentIndex(m_model->index(0));
        }
        return true;
    }
    if (watched == m_list && key == Qt::Key_Return && m_list->currentIndex().isValid()) {
        Q_EMIT openRequested(m_model->idAt(m_list->currentIndex().row()));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void QueuePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
