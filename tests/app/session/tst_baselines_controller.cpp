// Baselines in the window: one press trains and compares one objective after another, with a script in the trainer's
// place; what is stopped goes on, what fails says why.
#include "app/session/baselines_controller.h"
#include "base/files.h"
#include "tests/app/session/session_bench.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

#include <filesystem>

using namespace stet;
using test::SessionBench;

namespace {

// As stet-trainer: round FOLDER, or compare … --out FILE as the eleventh.
const char* const kTrains = R"(
    if [ "$1" = round ]; then
        echo '{"phase":"training","done":5,"total":10}' >&2
        mkdir -p "$2/adapter"; echo '{"steps": 12, "steps_done": 12, "seconds": 3, "epochs": 1}' > "$2/report.json"
    else
        echo '{"summary": {"criticised_flagged_logp": {"before": -1, "after": -2}}}' > "${11}"
    fi)";
const char* const kFailsOnSft = R"(
    case "$2" in */sft) echo 'stet-trainer: The disk is full: free some space' >&2; exit 3;; esac
    if [ "$1" = round ]; then
        mkdir -p "$2/adapter"; echo '{"steps": 12, "steps_done": 12, "seconds": 3, "epochs": 1}' > "$2/report.json"
    else
        echo '{"summary": {}}' > "${11}"
    fi)";
const char* const kWaits = "echo '{\"phase\":\"training\",\"done\":1,\"total\":2}' >&2; exec sleep 600";

}  // namespace

class BaselinesControllerTest : public QObject {
    Q_OBJECT

    struct Shown {
        SessionBench bench;
        ui::BaselinesPanel panel;
        app::BaselinesController controller;

        explicit Shown(const char* script)
            : controller(bench.session(), panel, SessionBench::trainerOf(script), nullptr)
        {
            panel.open();
        }
        QCheckBox* box(const char* objective) const
        {
            for (auto* found : panel.findChildren<QCheckBox*>()) {
                if (found->text() == QLatin1String(objective)) {
                    return found;
                }
            }
            return nullptr;
        }
        QPushButton* button(const char* text) const
        {
            for (auto* found : panel.findChildren<QPushButton*>()) {
                if (found->isVisible() && found->text() == QLatin1String(text)) {
                    return found;
                }
            }
            return nullptr;
        }
        bool isOpen() const
        {
            return QTest::qWaitFor([&] { return box("sft") != nullptr; }, SessionBench::kPatienceMs);
        }
        // All but cut and this one are taken off.
        void choose(const char* objective)
        {
            for (auto* found : panel.findChildren<QCheckBox*>()) {
                if (found->isEnabled() && found->isChecked() != (found->text() == QLatin1String(objective))) {
                    found->click();
                }
            }
        }
        bool shows(const QString& text) const
        {
            return QTest::qWaitFor(
                [&] {
                    const auto labels = panel.findChildren<QLabel*>();
                    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
                        return label->isVisible() && label->text().contains(text);
                    });
                },
                SessionBench::kPatienceMs);
        }
        bool isDone() const
        {
            return QTest::qWaitFor([&] { return button("Train and compare") != nullptr; }, SessionBench::kPatienceMs);
        }
        QTableWidget* table() const { return panel.findChild<QTableWidget*>(); }
        bool exists(const char* name) const
        {
            return std::filesystem::exists(bench.folder().toStdString() + "/baselines/" + name);
        }
    };

private Q_SLOTS:
    void onePressTrainsAndComparesOneAfterAnother()
    {
        Shown shown(kTrains);
        QVERIFY(shown.isOpen());
        QVERIFY(!shown.box("cut")->isEnabled());  // the others take as many steps as it does
        QVERIFY(shown.box("cut")->isChecked());
        shown.choose("sft");
        QTest::mouseClick(shown.button("Train and compare"), Qt::LeftButton);
        QVERIFY(shown.shows(QStringLiteral("They start from: Base model.")));
        QVERIFY(shown.isDone());
        QTRY_COMPARE_WITH_TIMEOUT(shown.table()->rowCount(), 2, SessionBench::kPatienceMs);
        QCOMPARE(shown.table()->item(0, 0)->text(), QStringLiteral("cut"));
        QCOMPARE(shown.table()->item(1, 0)->text(), QStringLiteral("sft"));
        QCOMPARE(shown.table()->item(1, 1)->text(), QStringLiteral("12"));
        QCOMPARE(shown.table()->item(1, 3)->text(), QStringLiteral("−1.00 → −2.00"));
        QVERIFY(!shown.exists("hindsight"));
    }

    void whatIsImpossibleSaysWhyAndCannotBeChosen()
    {
        Shown shown(kTrains);
        QVERIFY(shown.isOpen());
        QVERIFY(!shown.box("ilf")->isEnabled());
        QVERIFY(!shown.box("ilf")->isChecked());
        QVERIFY(shown.shows(QStringLiteral("ilf is impossible here. No response has a revision")));
    }

    void whatIsStoppedGoesOnWhenItIsStartedAgain()
    {
        Shown shown(kWaits);
        QVERIFY(shown.isOpen());
        QSignalSpy running(&shown.panel, &ui::BaselinesPanel::runningChanged);
        QTest::keyClick(shown.button("Train and compare"), Qt::Key_Space);
        QVERIFY(shown.shows(QStringLiteral("cut (1 of 6): training")));
        QCOMPARE(running.takeFirst().at(0).toBool(), true);
        QTest::mouseClick(shown.button("Stop"), Qt::LeftButton);
        QVERIFY(shown.isDone());
        QCOMPARE(running.takeFirst().at(0).toBool(), false);
        QVERIFY(shown.exists("cut/round.json"));
        QTest::mouseClick(shown.button("Train and compare"), Qt::LeftButton);
        QVERIFY(shown.shows(QStringLiteral("cut (1 of 6): training")));
    }

    void whyOneFailedIsSaidAndTheNextIsTrained()
    {
        Shown shown(kFailsOnSft);
        QVERIFY(shown.isOpen());
        QTest::mouseClick(shown.button("Train and compare"), Qt::LeftButton);
        QVERIFY(shown.shows(QStringLiteral("sft failed: The disk is full: free some space")));
        QVERIFY(shown.isDone());
        QTRY_COMPARE_WITH_TIMEOUT(shown.table()->rowCount(), 5, SessionBench::kPatienceMs);
        QVERIFY(shown.exists("unlikelihood/adapter"));
    }
};

QTEST_MAIN(BaselinesControllerTest)
#include "tst_baselines_controller.moc"
