#include "ui/annotate/queue_model.h"

#include <algorithm>
#include <iterator>

namespace stet::ui {

QString verdictText(annotate::Verdict verdict)
{
    switch (verdict) {
    case annotate::Verdict::Open:
        return QueueModel::tr("to do");
    case annotate::Verdict::Accepted:
        return QueueModel::tr("accepted");
    case annotate::Verdict::Criticised:
        return QueueModel::tr("criticised");
    case annotate::Verdict::Skipped:
        return QueueModel::tr("skipped");
    }
    return {};
}

QueueModel::QueueModel(QObject* parent) : QAbstractListModel(parent) { }

void QueueModel::reset(const std::vector<annotate::ResponseSummary>& rows, bool more)
{
    beginResetModel();
    m_rows = rows;
    m_rowOf.clear();
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i) {
        m_rowOf.insert(m_rows[static_cast<std::size_t>(i)].id.value, i);
    }
    m_more = more && !rows.empty();
    m_asked = false;
    endResetModel();
}

void QueueModel::append(const std::vector<annotate::ResponseSummary>& added, bool more)
{
    m_more = more && !(added.empty() && m_rows.empty());
    m_asked = false;
    // A response may arrive while the list that holds it already is on its way.
    std::vector<annotate::ResponseSummary> rows;
    std::copy_if(added.begin(), added.end(), std::back_inserter(rows),
                 [this](const auto& row) { return rowOf(row.id) < 0; });
    if (rows.empty()) {
        return;
    }
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
    for (const annotate::ResponseSummary& row : rows) {
        m_rowOf.insert(row.id.value, static_cast<int>(m_rows.size()));
        m_rows.push_back(row);
    }
    endInsertRows();
}

void QueueModel::update(const annotate::ResponseSummary& row)
{
    const int at = rowOf(row.id);
    if (at >= 0) {
        m_rows[static_cast<std::size_t>(at)] = row;
        Q_EMIT dataChanged(index(at), index(at));
    }
}

int QueueModel::rowOf(annotate::ResponseId id) const
{
    return m_rowOf.value(id.value, -1);
}

annotate::ResponseId QueueModel::idAt(int row) const
{
    return at(row).id;
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const annotate::ResponseSummary& row = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(row.instruction).simplified();
    case Qt::AccessibleTextRole: {
        QString text =
            verdictText(row.verdict) + QStringLiteral(": ") + QString::fromStdString(row.instruction).simplified();
        text += row.hasDraft ? QStringLiteral(", ") + tr("draft") : QString();
        return text + (row.bookmarked ? QStringLiteral(", ") + tr("bookmarked") : QString());
    }
    case IdRole:
        return QVariant::fromValue<qint64>(row.id.value);
    case VerdictRole:
        return static_cast<int>(row.verdict);
    case DraftRole:
        return row.hasDraft;
    case BookmarkedRole:
        return row.bookmarked;
    default:
        return {};
    }
}

bool QueueModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && m_more && !m_asked;
}

void QueueModel::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent)) {
        m_asked = true;
        Q_EMIT moreWanted(m_rows.back().id);
    }
}

}  // namespace stet::ui
