// The queue as a list that grows page by page: the view asks for more near its end, the controller appends. Holds only
// summaries. GUI thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QAbstractListModel>
#include <QHash>

#include <vector>

namespace stet::ui {

class QueueModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, VerdictRole, DraftRole, BookmarkedRole };

    explicit QueueModel(QObject* parent = nullptr);

    void reset(const std::vector<annotate::ResponseSummary>& rows, bool more);
    void append(const std::vector<annotate::ResponseSummary>& rows, bool more);
    void update(const annotate::ResponseSummary& row);

    int rowOf(annotate::ResponseId id) const;  // −1: not among the rows loaded
    annotate::ResponseId idAt(int row) const;
    const annotate::ResponseSummary& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void moreWanted(stet::annotate::ResponseId afterLast);  // once until rows are appended

private:
    std::vector<annotate::ResponseSummary> m_rows;
    QHash<qint64, int> m_rowOf;
    bool m_more = false;
    bool m_asked = false;
};

QString verdictText(annotate::Verdict verdict);

}  // namespace stet::ui
