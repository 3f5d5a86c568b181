// What a person does on the Annotate page reaches the project, and what comes of it reaches the page.
#include "app/session/annotate_controller.h"
#include "contract/message.h"
#include "tests/annotate/held_database.h"
#include "tests/app/session/session_bench.h"

#include <QSignalSpy>

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

    void aVerdictThatCannotBeWrittenKeepsItsWordsAndItsResponse()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        auto held = std::make_unique<test::HeldDatabase>(shown.bench.folder().toStdString());
        Q_EMIT shown.page.submitted(id, Verdict::Criticised, QStringLiteral("No opener."));
        QTRY_COMPARE_WITH_TIMEOUT(shown.bench.frame.saved.kind, ui::SavedState::Kind::Failed,
                                  SessionBench::kPatienceMs);
        QCOMPARE(*shown.page.currentId(), id);
        QVERIFY(!shown.controller.allStored());
        held.reset();
        bool stored = false;
        shown.controller.whenStored([&] { stored = true; }, [](const QString&) {});
        QTRY_VERIFY_WITH_TIMEOUT(stored, SessionBench::kPatienceMs);
        QCOMPARE(shown.item(id).draft, std::optional<std::string>("No opener."));
        QCOMPARE(shown.item(id).verdict, Verdict::Open);
    }
};

QTEST_MAIN(AnnotateControllerTest)
#include "tst_annotate_controller.moc"
