// What a person does on the Annotate page reaches the project, and what comes of it reaches the page.
#include "app/session/annotate_controller.h"
#include "contract/message.h"
#include "tests/annotate/held_database.h"
#include "tests/app/session/session_bench.h"
#include "ui/annotate/correction_panel.h"
#include "ui/annotate/writing_edit.h"
#include "ui/score/heat_map_view.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

#include <algorithm>

using namespace stet;
using annotate::Project;
using annotate::ResponseId;
using annotate::ResponseItem;
using annotate::Verdict;
using test::SessionBench;
namespace method = contract::method;

class AnnotateControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::AnnotatePage page;
        app::AnnotateController controller{bench.session(), page, nullptr};
        QSignalSpy judged{&bench.state, &app::SessionState::judged};

        bool opens()
        {
            controller.open();
            return QTest::qWaitFor([&] { return page.currentId().has_value(); }, SessionBench::kPatienceMs);
        }
        ResponseItem item(ResponseId id)
        {
            return bench.ask<ResponseItem>([id](Project& project) { return *project.item(id); });
        }
        bool movesOn(ResponseId from)
        {
            return QTest::qWaitFor([&] { return page.currentId() && *page.currentId() != from; },
                                   SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    void theFirstResponseToDoIsShownAndScored()
    {
        Shown shown;
        QVERIFY(shown.opens());
        QCOMPARE(shown.item(*shown.page.currentId()).verdict, Verdict::Open);
        QVERIFY(shown.bench.isAsked(method::kScore));
        QVERIFY(shown.bench.worker.last().params.at("judgment").is_null());  // nothing is said yet
        QVERIFY(shown.bench.frame.hints.contains(QStringLiteral("judge")));
    }

    void theFocusStartsOnTheResponseAndWordsTypedThereAreTheJudgment()
    {
        Shown shown;
        shown.page.show();
        shown.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.page));
        QVERIFY(shown.opens());
        QVERIFY(shown.page.findChild<ui::HeatMapView*>()->hasFocus());
        const auto first = *shown.page.currentId();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
        QVERIFY(shown.movesOn(first));
        QCOMPARE(shown.item(first).verdict, Verdict::Accepted);
        QVERIFY(shown.page.findChild<ui::HeatMapView*>()->hasFocus());
        const auto second = *shown.page.currentId();
        QTest::keyClick(QApplication::focusWidget(), 'N');
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("o opener."));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown.movesOn(second));
        QCOMPARE(shown.item(second).judgment, std::string("No opener."));
        QVERIFY(shown.page.findChild<ui::HeatMapView*>()->hasFocus());  // also after one that was written
    }

    void anAcceptedResponseIsJudgedAgain()
    {
        Shown shown;
        shown.page.show();
        shown.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.page));
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1, Qt::AltModifier);
        QVERIFY(shown.movesOn(id));
        Q_EMIT shown.page.openRequested(id);
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), id, SessionBench::kPatienceMs);
        QTest::keyClick(QApplication::focusWidget(), 't');
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("oo long"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown.movesOn(id));
        QCOMPARE(shown.item(id).verdict, Verdict::Criticised);
        QCOMPARE(shown.item(id).judgment, std::string("too long"));
        QVERIFY(!shown.item(id).draft);
    }

    void aVerdictIsStoredSaidAndTheNextComes()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        Q_EMIT shown.page.submitted(id, Verdict::Criticised, QStringLiteral("No opener."));
        QVERIFY(!shown.controller.allStored());
        QVERIFY(shown.movesOn(id));
        QVERIFY(shown.controller.allStored());
        QCOMPARE(shown.judged.count(), 1);
        QCOMPARE(shown.item(id).judgment, std::string("No opener."));
    }

    void afterTheLastToDoThePageSaysWhatComesNext()
    {
        Shown shown;
        const auto last = shown.bench.ask<ResponseId>([](Project& project) {
            auto open = project.ids(annotate::QueueFilter::Open);
            const auto kept = open.front();
            open.erase(open.begin());
            for (const auto id : open) {
                project.submit(id, Verdict::Skipped, {});
            }
            return kept;
        });
        shown.page.show();
        shown.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.page));
        QVERIFY(shown.opens());
        QCOMPARE(*shown.page.currentId(), last);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
        QTRY_VERIFY_WITH_TIMEOUT(!shown.page.currentId(), SessionBench::kPatienceMs);
        const auto labels = shown.page.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text() == QStringLiteral("All done");
        }));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Z, Qt::ControlModifier);  // and nothing is final
        QTRY_VERIFY_WITH_TIMEOUT(shown.page.currentId() == std::optional(last), SessionBench::kPatienceMs);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
        QTRY_VERIFY_WITH_TIMEOUT(!shown.page.currentId(), SessionBench::kPatienceMs);
        for (auto* button : shown.page.findChildren<QPushButton*>()) {
            if (button->isVisible() && button->text() == QStringLiteral("See what will train")) {
                QTest::mouseClick(button, Qt::LeftButton);
            }
        }
        QCOMPARE(shown.bench.frame.page, ui::Page::Rounds);
    }

    // The last in the list is judged, one before it is not: that one comes.
    void whatWasPassedOverComesAgain()
    {
        Shown shown;
        const auto [first, last] = shown.bench.ask<std::pair<ResponseId, ResponseId>>([](Project& project) {
            const auto open = project.ids(annotate::QueueFilter::Open);
            return std::pair(open.front(), open.back());
        });
        QVERIFY(shown.opens());
        Q_EMIT shown.page.openRequested(last);
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), last, SessionBench::kPatienceMs);
        Q_EMIT shown.page.submitted(last, Verdict::Accepted, {});
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), first, SessionBench::kPatienceMs);
    }

    void aRestartOpensWhereOneWas()
    {
        SessionBench bench;
        ui::AnnotatePage page;
        std::optional<ResponseId> where;
        {
            app::AnnotateController controller(bench.session(), page, nullptr);
            controller.open();
            QTRY_VERIFY_WITH_TIMEOUT(page.currentId().has_value(), SessionBench::kPatienceMs);
            const auto first = *page.currentId();
            Q_EMIT page.nextRequested(first);
            QTRY_VERIFY_WITH_TIMEOUT(*page.currentId() != first, SessionBench::kPatienceMs);
            where = page.currentId();
            controller.flush();
            bench.ask<bool>([](Project&) { return true; });  // and everything was heard
        }
        page.clearItem();
        app::AnnotateController controller(bench.session(), page, nullptr);
        controller.open();
        QTRY_VERIFY_WITH_TIMEOUT(page.currentId().has_value(), SessionBench::kPatienceMs);
        QCOMPARE(page.currentId(), where);
    }

    void anotherProjectBeginsWithoutTheFilterOfTheOneBefore()
    {
        SessionBench bench;
        ui::AnnotatePage page;
        page.setQuery(annotate::QueueFilter::Trash, QStringLiteral("nothing like it"));
        app::AnnotateController controller(bench.session(), page, nullptr);
        controller.open();
        QCOMPARE(page.filter(), annotate::QueueFilter::All);
        QCOMPARE(page.searchText(), QString());
    }

    void anUndoneVerdictIsShownAgain()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        Q_EMIT shown.page.submitted(id, Verdict::Accepted, {});
        QVERIFY(shown.movesOn(id));
        Q_EMIT shown.page.undoRequested();
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), id, SessionBench::kPatienceMs);
        QCOMPARE(shown.item(id).verdict, Verdict::Open);
        QCOMPARE(shown.judged.count(), 2);
    }

    void marksChangeWhatWillTrain()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        Q_EMIT shown.page.marksChanged(id, {annotate::Mark{0, 4, annotate::MarkKind::Flag}});
        QTRY_COMPARE_WITH_TIMEOUT(shown.judged.count(), 1, SessionBench::kPatienceMs);
        QCOMPARE(shown.item(id).marks.size(), std::size_t{1});
    }

    void lambdaIsKnownAtOnceAndStored()
    {
        Shown shown;
        QVERIFY(shown.opens());
        QSignalSpy changed(&shown.bench.state, &app::SessionState::lambdaChanged);
        Q_EMIT shown.page.lambdaCommitted(1.7);
        QCOMPARE(shown.bench.state.lambda(), 1.7);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(shown.bench.ask<double>([](Project& project) { return project.number("lambda", 0); }), 1.7);
    }

    // The example's λ comes from its rate of false alarms, until one is chosen by hand.
    void aRateIsChosenAndALambdaByHandEndsIt()
    {
        Shown shown;
        auto& state = shown.bench.state;
        state.takeOver(
            shown.bench.ask<app::WhatLightsUp>([](Project& project) { return app::WhatLightsUp::of(project); }));
        QVERIFY(shown.opens());
        QCOMPARE(state.threshold().falseAlarmRate, std::optional(0.005));
        QCOMPARE(state.detection().contrast, std::optional(Contrast::D6));
        Q_EMIT shown.page.lambdaCommitted(1.7);
        QVERIFY(!state.threshold().falseAlarmRate);
        Q_EMIT shown.page.falseAlarmRateChosen(0.02);
        QTRY_COMPARE_WITH_TIMEOUT(state.threshold().falseAlarmRate, std::optional(0.02), SessionBench::kPatienceMs);
        QCOMPARE(state.lambda(), 1.7);  // until it is made anew
        QCOMPARE(state.threshold().judgments, 0);
        QCOMPARE(shown.page.lambda(), 1.7);
    }

    // By keys: opened, changed, left for another response and come back to, submitted, undone.
    void aCorrectionIsKeptWhileItIsTypedAndStoredWithTheVerdict()
    {
        Shown shown;
        shown.page.show();
        shown.page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.page));
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        const std::string corrected = shown.item(id).output + " And more.";
        auto* box = shown.page.findChild<ui::CorrectionPanel*>()->edit();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_E, Qt::ControlModifier);
        QVERIFY(box->hasFocus());
        QTest::keyClicks(box, QStringLiteral(" And more."));
        QVERIFY(!shown.controller.allStored());
        Q_EMIT shown.page.nextRequested(id);
        QVERIFY(shown.movesOn(id));
        QVERIFY(!box->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(shown.controller.allStored(), SessionBench::kPatienceMs);
        QCOMPARE(shown.item(id).revisionDraft, std::optional(corrected));
        Q_EMIT shown.page.openRequested(id);
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), id, SessionBench::kPatienceMs);
        QVERIFY(box->isVisible());
        QTest::keyClick(QApplication::focusWidget(), 'N');
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("ot enough."));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown.movesOn(id));
        const auto item = shown.item(id);
        QCOMPARE(item.judgment, std::string("Not enough."));
        QCOMPARE(item.revision, std::optional(corrected));
        QVERIFY(!item.revisionDraft);
        Q_EMIT shown.page.undoRequested();
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), id, SessionBench::kPatienceMs);
        QVERIFY(!shown.item(id).revision);
        QCOMPARE(box->toPlainText().toStdString(), corrected);  // what was typed is a draft again
    }

    void aVerdictThatCannotBeWrittenKeepsItsWordsAndItsResponse()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        auto held = std::make_unique<test::HeldDatabase>(shown.bench.folder().toStdString());
        Q_EMIT shown.page.submitted(id, Verdict::Criticised, QStringLiteral("No opener."), QStringLiteral("Better."));
        QTRY_COMPARE_WITH_TIMEOUT(shown.bench.frame.saved.kind, ui::SavedState::Kind::Failed,
                                  SessionBench::kPatienceMs);
        QCOMPARE(*shown.page.currentId(), id);
        QVERIFY(!shown.controller.allStored());
        held.reset();
        bool stored = false;
        shown.controller.whenStored([&] { stored = true; }, [](const QString&) {});
        QTRY_VERIFY_WITH_TIMEOUT(stored, SessionBench::kPatienceMs);
        QCOMPARE(shown.item(id).draft, std::optional<std::string>("No opener."));
        QCOMPARE(shown.item(id).revisionDraft, std::optional<std::string>("Better."));
        QCOMPARE(shown.item(id).verdict, Verdict::Open);
    }
};

QTEST_MAIN(AnnotateControllerTest)
#include "tst_annotate_controller.moc"
