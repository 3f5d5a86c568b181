// Judgments that the model drafts: asked by keys and clicks on the page, stored as suggestions, reviewed by a person.
#include "app/session/annotate_controller.h"
#include "app/session/draft_controller.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/annotate/queue_panel.h"
#include "ui/common/translation.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

using namespace stet;
using annotate::Author;
using annotate::AuthorKind;
using annotate::Project;
using annotate::ResponseId;
using annotate::ResponseItem;
using annotate::Verdict;
using test::SessionBench;
namespace method = contract::method;

class DraftControllerTest : public QObject {
    Q_OBJECT

private:
    // The example's waiting responses without their hints, on the screen.
    struct Shown {
        SessionBench bench;
        ui::AnnotatePage page;
        app::AnnotateController annotate{bench.session(), page, nullptr};
        app::DraftController drafts{bench.session(), page, nullptr};

        Shown()
        {
            QObject::connect(&drafts, &app::DraftController::drafted, &annotate, &app::AnnotateController::drafted);
            drafts.modelDescribed(chatModel());
            bench.ask<bool>([](Project& project) {
                project.setSetting("prompt_style", "chat");  // the example's own has no conversations
                for (const auto id : project.ids(annotate::QueueFilter::Open)) {
                    annotate::NewResponse copy;
                    const auto item = *project.item(id);
                    copy.externalId = Json("copy " + std::to_string(id.value)).dump();
                    copy.instruction = item.instruction;
                    copy.output = item.output;
                    project.setTrashed(id, true);
                    const auto batch = project.beginBatch("copies");
                    project.addResponses(batch, {copy});
                    project.publishBatch(batch);
                }
                return true;
            });
            page.resize(1280, 800);
            page.show();
            page.activateWindow();
        }
        static contract::ModelDescription chatModel()
        {
            contract::ModelDescription description;
            description.chatTemplate = true;
            return description;
        }
        bool opens()
        {
            annotate.open();
            return QTest::qWaitForWindowActive(&page) &&
                QTest::qWaitFor([this] { return page.currentId().has_value(); }, SessionBench::kPatienceMs);
        }
        ResponseItem item(ResponseId id)
        {
            return bench.ask<ResponseItem>([id](Project& project) { return *project.item(id); });
        }
        std::size_t items() { return bench.worker.waiting(method::kGenerate)->params.at("items").size(); }
        // The worker's answer to the question `index` of what it was asked last.
        void answer(std::size_t index, const std::string& text)
        {
            auto* asked = bench.worker.waiting(method::kGenerate);
            QVERIFY(asked != nullptr);
            bench.worker.notify(method::kGenerateItem,
                                {{"id", asked->params.at("items").at(index).at("id")},
                                 {"output", text},
                                 {"tokens", 1},
                                 {"stopped", "eos"},
                                 {"request", asked->id}});
        }
        void done() { bench.answer(method::kGenerate, Json{{"count", 1}}); }
        QString notice() const
        {
            const auto found = bench.frame.notices.find(QStringLiteral("drafting"));
            return found == bench.frame.notices.end() ? QString() : found->second.text;
        }
        bool isSaid(const QString& words)
        {
            return QTest::qWaitFor([&] { return notice().contains(words); }, SessionBench::kPatienceMs);
        }
        bool says(const QString& words) const
        {
            for (const QLabel* label : page.findChildren<QLabel*>()) {
                if (label->isVisible() && label->text().contains(words)) {
                    return true;
                }
            }
            return false;
        }
        ui::JudgmentEdit* box() { return page.findChild<ui::JudgmentEdit*>(); }
        // The response on screen, with a draft.
        ResponseId draftsOne(const std::string& text)
        {
            const auto id = *page.currentId();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_D, Qt::ControlModifier);
            [&] { QVERIFY(bench.isAsked(method::kGenerate)); }();
            answer(0, text);
            done();
            [&] {
                QVERIFY(QTest::qWaitFor([&] { return says(QStringLiteral("Drafted by")); }, SessionBench::kPatienceMs));
            }();
            return id;
        }
        bool movesOn(ResponseId from)
        {
            return QTest::qWaitFor([&] { return page.currentId() && *page.currentId() != from; },
                                   SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    void initTestCase() { ui::installTranslator(*qApp, QStringLiteral("en")); }

    void theKeyDraftsAJudgmentOfTheResponseOnScreen()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        const auto item = shown.item(id);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_D, Qt::ControlModifier);
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.items(), std::size_t(1));
        const auto question = shown.bench.worker.waiting(method::kGenerate)->params.at("items").at(0).at("instruction");
        QVERIFY(question.get<std::string>().find(item.instruction) != std::string::npos);
        QVERIFY(question.get<std::string>().find(item.output) != std::string::npos);
        QVERIFY(shown.isSaid(QStringLiteral("The model drafts a judgment …")));
        shown.answer(0, "It says \"Sure\" first.");
        shown.done();
        QTRY_COMPARE_WITH_TIMEOUT(shown.box()->suggestion(), QStringLiteral("It says \"Sure\" first."),
                                  SessionBench::kPatienceMs);
        QVERIFY(shown.says(QStringLiteral("Drafted by model")));  // as the state calls the folder
        const auto after = shown.item(id);
        QCOMPARE(after.verdict, Verdict::Open);  // and nothing learns from it
        QCOMPARE(after.hintedBy.kind, AuthorKind::Model);
        QCOMPARE(shown.bench.ask<int>([](Project& project) { return project.counts().drafted; }), 1);
    }

    void aDraftTakenAsItIsIsTheModelsJudgment()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = shown.draftsOne("It says \"Sure\" first.");
        shown.page.focusJudgment();
        QTest::keyClick(shown.box(), Qt::Key_Tab);
        QTest::keyClick(shown.box(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown.movesOn(id));
        const auto item = shown.item(id);
        QCOMPARE(item.judgment, std::string("It says \"Sure\" first."));
        QCOMPARE(item.judgedBy.kind, AuthorKind::Model);
        QCOMPARE(item.judgedBy, item.hintedBy);
    }

    void anEditedDraftIsThePersonsFromTheModel()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = shown.draftsOne("It says \"Sure\" first.");
        shown.page.focusJudgment();
        QTest::keyClick(shown.box(), Qt::Key_Tab);
        QTest::keyClicks(shown.box(), QStringLiteral(" Begin with the name."));
        QTest::keyClick(shown.box(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown.movesOn(id));
        const auto item = shown.item(id);
        QCOMPARE(item.judgedBy.kind, AuthorKind::Person);
        QCOMPARE(item.judgedBy.model, item.hintedBy.model);
        Q_EMIT shown.page.openRequested(id);
        QTRY_COMPARE_WITH_TIMEOUT(*shown.page.currentId(), id, SessionBench::kPatienceMs);
        QVERIFY(shown.says(QStringLiteral("drafted by: ")));
    }

    void whatNothingIsWrongWithIsAcceptedByOneKey()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = shown.draftsOne("Nothing is wrong.");
        QVERIFY(shown.says(QStringLiteral("nothing is wrong")));
        QCOMPARE(shown.box()->suggestion(), QString());
        QTest::keyClick(shown.box(), Qt::Key_1, Qt::AltModifier);
        QVERIFY(shown.movesOn(id));
        QCOMPARE(shown.item(id).verdict, Verdict::Accepted);
        QCOMPARE(shown.item(id).judgedBy.kind, AuthorKind::Model);
    }

    void aDraftIsDroppedAndTheDropUndone()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = shown.draftsOne("It says \"Sure\" first.");
        QPushButton* drop = nullptr;
        for (auto* button : shown.page.findChildren<QPushButton*>()) {
            drop = button->isVisible() && button->text().contains(QStringLiteral("Drop the draft")) ? button : drop;
        }
        QVERIFY(drop != nullptr);
        QTest::mouseClick(drop, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(shown.box()->suggestion(), QString(), SessionBench::kPatienceMs);
        QCOMPARE(shown.item(id).hint, std::string());
        QVERIFY(!isDrafted(shown.item(id)));
        QVERIFY(!drop->isVisible());
        QTest::keyClick(shown.box(), Qt::Key_D, Qt::ControlModifier);
        QVERIFY(!shown.drafts.isRunning());  // and no other is drafted
        Q_EMIT shown.page.undoRequested();
        QTRY_COMPARE_WITH_TIMEOUT(shown.box()->suggestion(), QStringLiteral("It says \"Sure\" first."),
                                  SessionBench::kPatienceMs);
        QVERIFY(isDrafted(shown.item(id)));
    }

    void whatTheModelCannotJudgeIsSaidAndNothingIsStored()
    {
        Shown shown;
        QVERIFY(shown.opens());
        const auto id = *shown.page.currentId();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_D, Qt::ControlModifier);
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        shown.answer(0, shown.item(id).output);
        shown.done();
        QVERIFY(shown.isSaid(QStringLiteral("said the response or the instruction again. Nothing is stored")));
        QVERIFY(!isDrafted(shown.item(id)));
        QVERIFY(!shown.drafts.isRunning());
    }

    void aModelWithoutAChatTemplateIsNotAsked()
    {
        Shown shown;
        QVERIFY(shown.opens());
        shown.drafts.modelDescribed({});
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_D, Qt::ControlModifier);
        QVERIFY(shown.isSaid(QStringLiteral("it has no chat template")));
        QVERIFY(shown.bench.worker.waiting(method::kGenerate) == nullptr);
    }

    // By the button under the queue; found under its filter.
    void theNextThatWaitAreDraftedAndFoundUnderTheirFilter()
    {
        Shown shown;
        QVERIFY(shown.opens());
        QPushButton* many = nullptr;
        for (auto* button : shown.page.findChildren<QPushButton*>()) {
            many = button->isVisible() && button->text().contains(QStringLiteral("Draft judgments")) ? button : many;
        }
        QVERIFY(many != nullptr);
        QTest::mouseClick(many, Qt::LeftButton);
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        QCOMPARE(shown.items(), std::size_t(12));
        shown.answer(0, "It is too long for a reply.");
        shown.answer(1, "");
        shown.answer(2, "Nothing is wrong.");
        QVERIFY(shown.isSaid(QStringLiteral("3 of 12")));
        shown.done();
        QVERIFY(shown.isSaid(QStringLiteral("2 judgments are drafted")));
        for (auto* chip : shown.page.findChildren<QToolButton*>()) {
            if (chip->text() == QStringLiteral("Drafted 2")) {
                QTest::mouseClick(chip, Qt::LeftButton);
            }
        }
        QCOMPARE(shown.page.filter(), annotate::QueueFilter::Drafted);
        const auto* list = shown.page.findChild<ui::QueuePanel*>();
        QTRY_COMPARE_WITH_TIMEOUT(list->findChild<QAbstractItemView*>()->model()->rowCount(), 2,
                                  SessionBench::kPatienceMs);
    }

    void aModelThatJudgesNothingIsLeftAlone()
    {
        Shown shown;
        QVERIFY(shown.opens());
        Q_EMIT shown.page.draftsRequested();
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        auto* asked = shown.bench.worker.waiting(method::kGenerate);
        for (std::size_t i = 0; i < 10; ++i) {
            shown.answer(i, "");
        }
        QVERIFY(shown.isSaid(QStringLiteral("None of the model's 10 answers is a judgment")));
        QVERIFY(asked->cancelled);
        QVERIFY(!shown.drafts.isRunning());
    }

    void itIsStoppedAndWhatIsDraftedStays()
    {
        Shown shown;
        QVERIFY(shown.opens());
        Q_EMIT shown.page.draftsRequested();
        QVERIFY(shown.bench.isAsked(method::kGenerate));
        auto* asked = shown.bench.worker.waiting(method::kGenerate);
        shown.answer(0, "It is too long for a reply.");
        QVERIFY(shown.isSaid(QStringLiteral("1 of 12")));
        shown.drafts.takeNoticeAction(QStringLiteral("drafting"), QStringLiteral("stop"));
        QVERIFY(asked->cancelled);
        QVERIFY(shown.isSaid(QStringLiteral("Stopped; 1 judgment is drafted.")));
        QCOMPARE(shown.bench.ask<int>([](Project& project) { return project.counts().drafted; }), 1);
    }
};

QTEST_MAIN(DraftControllerTest)
#include "tst_draft_controller.moc"
