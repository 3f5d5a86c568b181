// The left column of Annotate: search, filter chips with counts, the list, own progress. Fed by AnnotatePage; GUI
// thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QWidget>

#include <vector>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QToolButton;

namespace stet::ui {

class QueueModel;

class QueuePanel : public QWidget {
    Q_OBJECT

public:
    explicit QueuePanel(QWidget* parent = nullptr);

    QueueModel* model() const { return m_model; }
    QListView* list() const { return m_list; }
    QLineEdit* search() const { return m_search; }
    void setCounts(const annotate::QueueCounts& counts);
    void setProgress(int judgedByYou, double perHour);
    void setQuery(annotate::QueueFilter filter, const QString& search);
    void setCurrent(annotate::ResponseId id);
    annotate::QueueFilter filter() const { return m_filter; }
    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void queryChanged(stet::annotate::QueueFilter filter, const QString& search);
    void openRequested(stet::annotate::ResponseId id);
    void draftsRequested();  // the model is to draft judgments of the next that wait

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void retranslate();
    void showCounts();

    QLineEdit* m_search;
    std::vector<QToolButton*> m_chips;  // in the order of kFilters
    QListView* m_list;
    QLabel* m_empty;
    QPushButton* m_draft;
    QLabel* m_progress;
    QueueModel* m_model;
    annotate::QueueFilter m_filter = annotate::QueueFilter::All;
    annotate::QueueCounts m_counts;
    int m_judged = 0;
    double m_perHour = -1;
};

}  // namespace stet::ui
