// The sets of instructions: shown, searched, added to, and what is held out counts at once.
#include "app/session/instructions_controller.h"
#include "tests/app/session/session_bench.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

#include <algorithm>

using namespace stet;
using annotate::Instruction;
using annotate::Project;
using test::SessionBench;

class InstructionsControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::InstructionsPanel panel;
        app::InstructionsController controller{bench.session(), panel, nullptr};
        QSignalSpy changed{&controller, &app::InstructionsController::changed};

        Shown() { controller.refresh(); }
        QListWidget* list() const { return panel.findChild<QListWidget*>(); }
        bool lists(int rows) const
        {
            return QTest::qWaitFor([&] { return list()->count() == rows; }, SessionBench::kPatienceMs);
        }
        bool offers(const QString& chip) const
        {
            return QTest::qWaitFor(
                [&] {
                    const auto chips = panel.findChildren<QToolButton*>();
                    return std::any_of(chips.begin(), chips.end(),
                                       [&](const QToolButton* one) { return one->text() == chip; });
                },
                SessionBench::kPatienceMs);
        }
        bool says(const QString& words) const
        {
            const auto labels = panel.findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [&](const QLabel* label) { return label->text().contains(words); });
        }
        // Chosen and pressed as a person does.
        void press(const QString& button)
        {
            const auto buttons = panel.findChildren<QPushButton*>();
            const auto found = std::find_if(buttons.begin(), buttons.end(),
                                            [&](const QPushButton* one) { return one->text() == button; });
            QVERIFY2(found != buttons.end(), qPrintable(button));
            (*found)->click();
        }
    };

private Q_SLOTS:
    void theSetsAreShownAndSearched()
    {
        Shown shown;
        QVERIFY(shown.offers(QStringLiteral("Held out 100")));
        QVERIFY(shown.offers(QStringLiteral("Control 20")));
        shown.panel.showSet(QStringLiteral("heldout"));
        QVERIFY(shown.lists(100));
        QVERIFY(shown.says(QStringLiteral("Nothing is trained on responses to them.")));
        Q_EMIT shown.panel.rowsWanted({}, {});
        shown.panel.findChild<QLineEdit*>()->setText(QStringLiteral("convert 5 min"));
        QVERIFY(QTest::qWaitFor([&] { return shown.list()->count() > 0 && shown.list()->count() < 10; },
                                SessionBench::kPatienceMs));
    }

    void pastedLinesComeIn()
    {
        Shown shown;
        QSignalSpy judged(&shown.bench.state, &app::SessionState::judged);
        Q_EMIT shown.panel.addRequested(QStringLiteral("instructions"),
                                        QStringLiteral("Say a.\n\n  Say b. \nSay a.\n"));
        QVERIFY(shown.lists(2));
        QTRY_COMPARE_WITH_TIMEOUT(shown.changed.count(), 1, SessionBench::kPatienceMs);
        QVERIFY(shown.says(QStringLiteral("2 instruction")));
        QVERIFY(shown.says(QStringLiteral("1 were there already or are held out.")));
        QCOMPARE(judged.count(), 1);
    }

    void anInstructionIsHeldOutAndLetGo()
    {
        Shown shown;
        Q_EMIT shown.panel.addRequested(QStringLiteral("instructions"), QStringLiteral("Say a.\nSay b.\n"));
        QVERIFY(shown.lists(2));
        shown.list()->item(0)->setSelected(true);
        shown.press(QStringLiteral("Hold out"));
        QVERIFY(shown.lists(1));
        QVERIFY(shown.offers(QStringLiteral("Held out 101")));
        shown.panel.showSet(QStringLiteral("heldout"));
        QVERIFY(shown.lists(101));
        shown.list()->item(100)->setSelected(true);
        shown.press(QStringLiteral("Hold out no longer"));
        QVERIFY(shown.lists(100));
        QVERIFY(shown.offers(QStringLiteral("To answer 2")));
    }

    void anInstructionIsRemoved()
    {
        Shown shown;
        Q_EMIT shown.panel.addRequested(QStringLiteral("instructions"), QStringLiteral("Say a.\nSay b.\n"));
        QVERIFY(shown.lists(2));
        shown.list()->item(1)->setSelected(true);
        shown.press(QStringLiteral("Remove"));
        QVERIFY(shown.lists(1));
        QCOMPARE(shown.list()->item(0)->text(), QStringLiteral("Say a."));
    }
};

QTEST_MAIN(InstructionsControllerTest)
#include "tst_instructions_controller.moc"
