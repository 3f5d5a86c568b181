// The queue's list model: paging, updates, roles, under Qt's own model tester.
#include "tests/ui/samples.h"
#include "ui/annotate/queue_model.h"

#include <QAbstractItemModelTester>
#include <QListView>
#include <QSignalSpy>
#include <QtTest>

using namespace stet;
using namespace stet::ui;

class TestQueueModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void growsPageByPage()
    {
        QueueModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy wanted(&model, &QueueModel::moreWanted);
        model.reset(test::sampleQueue(50), true);
        QCOMPARE(model.rowCount(), 50);
        wanted.clear();
        if (!model.canFetchMore({})) {  // the tester itself may have asked already
            model.append({}, true);
        }
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        model.fetchMore({});
        QCOMPARE(wanted.count(), 1);  // once, until an answer comes
        QCOMPARE(wanted.at(0).at(0).value<annotate::ResponseId>(), (annotate::ResponseId{50}));
        auto next = test::sampleQueue(80);
        next.erase(next.begin(), next.begin() + 50);
        model.append(next, false);
        QCOMPARE(model.rowCount(), 80);
        QVERIFY(!model.canFetchMore({}));
        QCOMPARE(model.rowOf({77}), 76);
        QCOMPARE(model.rowOf({900}), -1);
    }

    void anEmptyAnswerEndsTheList()
    {
        QueueModel model;
        model.reset({}, true);
        QVERIFY(!model.canFetchMore({}));
        model.reset(test::sampleQueue(3), true);
        model.fetchMore({});
        model.append({}, false);
        QVERIFY(!model.canFetchMore({}));
        QCOMPARE(model.rowCount(), 3);
    }

    void updatesOneRow()
    {
        QueueModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reset(test::sampleQueue(5), false);
        QSignalSpy changed(&model, &QueueModel::dataChanged);
        auto row = model.at(2);
        row.verdict = annotate::Verdict::Criticised;
        row.hasDraft = true;
        model.update(row);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.index(2).data(QueueModel::VerdictRole).toInt(), int(annotate::Verdict::Criticised));
        row.id = {99};
        model.update(row);
        QCOMPARE(changed.count(), 1);
    }

    void speaksItsRows()
    {
        QueueModel model;
        annotate::ResponseSummary row{{1}, "Add 27\nand 48", annotate::Verdict::Criticised, true, true};
        model.reset({row}, false);
        QCOMPARE(model.index(0).data(Qt::DisplayRole).toString(), QStringLiteral("Add 27 and 48"));
        QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("criticised: Add 27 and 48, draft, bookmarked"));
    }

    void aViewOfHundredThousandRowsAsksForMoreOnlyNearTheEnd()
    {
        QueueModel model;
        QListView view;
        view.setUniformItemSizes(true);
        view.setModel(&model);
        view.resize(240, 600);
        view.show();
        QSignalSpy wanted(&model, &QueueModel::moreWanted);
        model.reset(test::sampleQueue(100000), true);
        QCoreApplication::processEvents();
        QCOMPARE(wanted.count(), 0);
        view.scrollToBottom();
        QCoreApplication::processEvents();
        QCOMPARE(wanted.count(), 1);
    }
};

QTEST_MAIN(TestQueueModel)
#include "tst_queue_model.moc"
