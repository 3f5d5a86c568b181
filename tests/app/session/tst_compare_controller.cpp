// Before and after a round: asked once, read from its file, and only the round looked at last is shown.
#include "app/session/compare_controller.h"
#include "base/files.h"
#include "base/generation.h"
#include "base/json_lines.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"
#include "ui/compare/answer_panel.h"
#include "ui/compare/measures_table.h"
#include "workflow/round_run.h"

#include <QLabel>
#include <QPushButton>

#include <algorithm>

using namespace stet;
using annotate::Project;
using test::ScriptedWorker;
using test::SessionBench;
namespace method = contract::method;

class CompareControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::ComparePage page;
        app::CompareController controller{bench.session(), page, nullptr};

        explicit Shown(int rounds)
        {
            bench.ask<bool>([rounds](Project& project) {
                for (int i = 0; i < rounds; ++i) {
                    const int number = workflow::prepareRound(project, 0, "stable").number;
                    publishFile(project.roundFolder(number) + "/report.json", "{}");
                    workflow::endRound(project, number, {workflow::RoundEnd::Outcome::Trained});
                }
                return true;
            });
        }
        // What the worker answers into the file it was asked for.
        static void write(const ScriptedWorker::Asked& asked, const std::string& after)
        {
            publishFile(asked.params.at("out").get<std::string>(),
                        toLine({{"id", "h"}, {"before", {{"output", "Sure! b"}}}, {"after", {{"output", after}}}}) +
                            "\n" + toLine({{"summary", {{"control_kl", 0.01}}}}) + "\n");
        }
        bool isShown(const QString& answer) const
        {
            const auto panels = page.findChildren<ui::AnswerPanel*>();
            return std::any_of(panels.begin(), panels.end(), [&](const auto* one) { return one->text() == answer; });
        }
        bool shows(const QString& answer) const
        {
            return QTest::qWaitFor([&] { return isShown(answer); }, SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    void aRoundIsComparedOnceAndThenReadAgain()
    {
        Shown shown(1);
        shown.controller.compare(1);
        QCOMPARE(shown.bench.frame.page, ui::Page::Compare);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        const auto& asked = *shown.bench.worker.waiting(method::kCompare);
        QCOMPARE(asked.params.at("max_new_tokens").get<int>(), kDefaultNewTokens);
        QCOMPARE(asked.params.at("before").get<std::string>(), std::string("base"));
        Shown::write(asked, "b");
        shown.bench.answer(method::kCompare, Json::object());
        QVERIFY(shown.shows(QStringLiteral("b")));
        shown.controller.compare(1);
        QVERIFY(shown.shows(QStringLiteral("b")));
        QCOMPARE(shown.bench.worker.count(method::kCompare), 1);
    }

    void measuresAskedForEarlyAreShownAgainNextTime()
    {
        Shown shown(1);
        shown.page.show();
        shown.controller.compare(1);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        Shown::write(*shown.bench.worker.waiting(method::kCompare), "b");
        shown.bench.answer(method::kCompare, Json::object());
        QVERIFY(shown.shows(QStringLiteral("b")));
        auto* table = shown.page.findChild<ui::MeasuresTable*>();
        QVERIFY(!table->isVisible());
        for (auto* button : shown.page.findChildren<QPushButton*>()) {
            if (button->text().startsWith(QStringLiteral("Show what changed"))) {
                QTest::mouseClick(button, Qt::LeftButton);
            }
        }
        QVERIFY(table->isVisible());
        shown.page.setRound(0, 0);
        shown.controller.compare(1);
        QVERIFY(shown.shows(QStringLiteral("b")));
        QTRY_VERIFY_WITH_TIMEOUT(table->isVisible(), SessionBench::kPatienceMs);
    }

    void aFinishedRoundSaysSoAndGoesNowhere()
    {
        Shown shown(1);
        shown.bench.frame.page = ui::Page::Annotate;
        shown.controller.announce(1, false);
        QCOMPARE(shown.bench.frame.page, ui::Page::Annotate);
        QCOMPARE(shown.bench.frame.notices.count(QStringLiteral("round-finished")), std::size_t{1});
        QVERIFY(shown.bench.isAsked(method::kCompare));  // meanwhile
        Shown::write(*shown.bench.worker.waiting(method::kCompare), "b");
        shown.bench.answer(method::kCompare, Json::object());
        QVERIFY(shown.shows(QStringLiteral("b")));
        QVERIFY(!shown.bench.frame.hints.contains(QStringLiteral("compare")));
        shown.controller.compare(1);
        QCOMPARE(shown.bench.frame.page, ui::Page::Compare);
        QCOMPARE(shown.bench.frame.notices.count(QStringLiteral("round-finished")), std::size_t{0});
    }

    void whoIsElsewhereLearnsThatCriticisedWordsBecameLikelier()
    {
        Shown shown(1);
        QSignalSpy compared(&shown.controller, &app::CompareController::compared);
        shown.bench.frame.page = ui::Page::Annotate;
        shown.controller.announce(1, false);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        publishFile(shown.bench.worker.waiting(method::kCompare)->params.at("out").get<std::string>(),
                    toLine({{"summary", {{"criticised_flagged_logp", {{"before", -2.64}, {"after", -2.06}}}}}}) + "\n");
        shown.bench.answer(method::kCompare, Json::object());
        QTRY_COMPARE_WITH_TIMEOUT(compared.count(), 1, SessionBench::kPatienceMs);
        const auto& notice = shown.bench.frame.notices.at(QStringLiteral("round-finished"));
        QCOMPARE(notice.level, ui::Notice::Level::Problem);
        QVERIFY2(notice.text.startsWith(QStringLiteral("Round 1 is trained. Criticised words became likelier")),
                 qPrintable(notice.text));
        QCOMPARE(shown.bench.frame.page, ui::Page::Annotate);
    }

    void aComparisonThatIsLookedAtStaysWhenAnotherRoundIsDone()
    {
        Shown shown(2);
        shown.controller.compare(1);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        Shown::write(*shown.bench.worker.waiting(method::kCompare), "of the first");
        shown.bench.answer(method::kCompare, Json::object());
        QVERIFY(shown.shows(QStringLiteral("of the first")));
        shown.controller.announce(2, true);
        shown.bench.ask<bool>([](Project&) { return true; });
        QVERIFY(shown.isShown(QStringLiteral("of the first")));
        QCOMPARE(shown.bench.worker.count(method::kCompare), 1);
    }

    void anotherRoundLookedAtMeanwhileIsTheOneThatIsShown()
    {
        Shown shown(2);
        shown.controller.compare(1);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        const auto first = static_cast<std::size_t>(shown.bench.worker.waiting(method::kCompare)->id) - 1;
        shown.controller.compare(2);
        QVERIFY(shown.bench.worker.asked(first).cancelled);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        Shown::write(*shown.bench.worker.waiting(method::kCompare), "of the second");
        shown.bench.answer(method::kCompare, Json::object());
        Shown::write(shown.bench.worker.asked(first), "of the first");
        ScriptedWorker::answer(shown.bench.worker.asked(first), Json::object());
        QVERIFY(shown.shows(QStringLiteral("of the second")));
        shown.bench.ask<bool>([](Project&) { return true; });  // whatever was still to be read
        QVERIFY(!shown.isShown(QStringLiteral("of the first")));
    }

    void whyThereIsNoComparisonIsSaid()
    {
        Shown shown(1);
        shown.controller.compare(1);
        QVERIFY(shown.bench.isAsked(method::kCompare));
        shown.bench.answer(method::kCompare, FailureReport{FailureKind::OutOfMemory, "Too little memory"});
        bool said = false;
        for (const auto* label : shown.page.findChildren<QLabel*>()) {
            said = said || label->text().contains(QStringLiteral("Too little memory"));
        }
        QVERIFY(said);
    }

    void aChoiceIsWrittenDown()
    {
        Shown shown(1);
        Q_EMIT shown.page.preferenceChosen(1, QStringLiteral("\"h\""), ui::Preference::After);
        using Choices = std::vector<std::pair<std::string, std::string>>;
        const auto choices = shown.bench.ask<Choices>([](Project& project) { return project.choices(1); });
        QCOMPARE(choices, (Choices{{"\"h\"", "after"}}));
    }
};

QTEST_MAIN(CompareControllerTest)
#include "tst_compare_controller.moc"
