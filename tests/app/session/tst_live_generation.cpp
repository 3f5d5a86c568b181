// The real window with the real worker, on data of one's own: instructions come in, the model answers them, they are
// judged; after an adopted round the next ones are one press away.
#include "annotate/exchange/example_project.h"
#include "annotate/store/project.h"
#include "base/files.h"
#include "tests/app/session/live_window.h"
#include "tests/support/paths.h"
#include "ui/annotate/annotate_page.h"
#include "ui/common/translation.h"
#include "ui/project/instructions_panel.h"
#include "ui/project/project_page.h"
#include "ui/start/new_project_form.h"
#include "ui/start/start_page.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace stet;
using test::LiveWindow;
using test::waitFor;

class TestLiveGeneration : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<LiveWindow> m_live;

    QString instructions(int count) const
    {
        std::string lines;
        for (int i = 1; i <= count; ++i) {
            lines += "Convert " + std::to_string(i + 1) + " kg to g.\n";
        }
        const QString path = m_home->filePath(QStringLiteral("asked.txt"));
        publishFile(path.toStdString(), lines);
        return path;
    }
    bool says(const QString& words) const
    {
        const auto labels = m_live->window().findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
    }
    QPushButton* enabled(const QString& text) const
    {
        QPushButton* found = nullptr;
        waitFor([&] { return (found = m_live->button(text)) != nullptr && found->isEnabled(); });
        return found;
    }
    void press(const QString& text) const
    {
        QPushButton* found = enabled(text);
        QVERIFY2(found != nullptr, qPrintable(text));
        QTest::mouseClick(found, Qt::LeftButton);
    }
    annotate::QueueCounts counts() const
    {
        return annotate::Project::open(m_live->projectFolder().toStdString())->counts();
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        test::useHome(m_home->path());
        ui::installTranslator(*qApp, QStringLiteral("en"));
        m_live = std::make_unique<LiveWindow>();
    }
    void cleanup() { m_live.reset(); }

    void aFileOfInstructionsBecomesAQueue()
    {
        auto* form = m_live->window().startPage()->findChild<ui::NewProjectForm*>();
        press(QStringLiteral("New project"));
        form->setDataFile(instructions(60));
        form->findChildren<QLineEdit*>().at(3)->setText(m_home->path());  // made there
        form->setModelFolder(QString::fromStdString(test::exampleDir() + "/model"));
        press(QStringLiteral("Create the project"));
        QVERIFY(waitFor([&] { return m_live->window().isProjectShown(); }));
        QVERIFY(waitFor([&] { return says(QStringLiteral("20 instructions of them are held out")); }));
        press(QStringLiteral("Let the model answer …"));
        QCOMPARE(m_live->window().page(), ui::Page::Project);
        press(QStringLiteral("Answer 40 instructions"));
        m_live->window().setPage(ui::Page::Annotate);
        QVERIFY(waitFor([&] { return m_live->shownId() >= 0; }));
        QVERIFY(waitFor([&] { return says(QStringLiteral("40 of 40 responses are written.")); }));
        QVERIFY(waitFor([&] { return counts().open == 40; }));
        QVERIFY(waitFor([&] { return m_live->scored(); }));
        m_live->type(QStringLiteral("Do not start with \"Sure!\"."));
        QVERIFY(m_live->submit());
        QVERIFY(waitFor([&] { return counts().criticised == 1; }));
        m_live->window().setPage(ui::Page::Project);
        m_live->window().projectPage()->instructions()->showSet(QStringLiteral("heldout"));
        auto* list = m_live->window().projectPage()->instructions()->findChild<QListWidget*>();
        QVERIFY(waitFor([&] { return list->count() == 20; }));
    }

    void aWindowThatEndsInTheMidstGoesOnWhereItWas()
    {
        QVERIFY(m_live->openExample());
        const QString folder = m_live->projectFolder();
        m_live->window().setPage(ui::Page::Project);
        m_live->window().projectPage()->showInstructions();
        press(QStringLiteral("Paste"));
        auto* panel = m_live->window().projectPage()->instructions();
        std::string many;
        for (int i = 0; i < 300; ++i) {
            many += "Count the words: " + std::to_string(i) + "\n";
        }
        panel->findChild<QPlainTextEdit*>()->setPlainText(QString::fromStdString(many));
        press(QStringLiteral("Add them"));
        auto* count = panel->findChildren<QSpinBox*>().front();
        count->setValue(300);
        const int before = counts().open;
        press(QStringLiteral("Answer 300 instructions"));
        QVERIFY(waitFor([&] { return counts().open > before + 2; }));
        m_live = std::make_unique<LiveWindow>();
        QVERIFY(m_live->openProject(folder));
        const int there = counts().open;
        QVERIFY2(there < before + 300, "it was over before the window was closed");
        QVERIFY(waitFor([&] { return says(QStringLiteral("Writing responses was interrupted")); }));
        press(QStringLiteral("Go on"));
        QVERIFY(waitFor([&] { return counts().open == before + 300; }));
    }

    void theNextRoundIsOnePressAfterOneThatIsAdopted()
    {
        QVERIFY(m_live->openExample());
        const QString folder = m_live->projectFolder();
        m_live.reset();
        {
            const auto project = annotate::Project::open(folder.toStdString());
            project->setSetting("round", R"({"epochs": 1, "batch_size": 8, "seed": 42})");
            for (const auto id : project->ids(annotate::QueueFilter::Open)) {
                project->submit(id, annotate::Verdict::Skipped, {});
            }
            project->addInstructions(annotate::kWaitingSet, {{"\"q\"", "Convert 777 kg to g.", "", "", ""}});
        }
        m_live = std::make_unique<LiveWindow>();
        QVERIFY(m_live->openProject(folder));
        m_live->window().setPage(ui::Page::Rounds);
        press(QStringLiteral("Start a round"));
        press(QStringLiteral("Compare now"));
        QVERIFY(waitFor([&] { return m_live->window().page() == ui::Page::Compare; }));
        press(QStringLiteral("Adopt round 1"));
        press(QStringLiteral("Next round: let it answer"));
        QVERIFY(waitFor([&] { return m_live->window().page() == ui::Page::Annotate; }));
        QCOMPARE(m_live->window().annotatePage()->filter(), annotate::QueueFilter::Open);
        QVERIFY(waitFor([&] {
            const auto project = annotate::Project::open(folder.toStdString());
            const auto open = project->firstOpen();
            return open && m_live->shownId() == open->value;
        }));
        const auto project = annotate::Project::open(folder.toStdString());
        const auto item = *project->item(*project->firstOpen());
        QCOMPARE(item.author.round, std::optional(1));
        QCOMPARE(item.externalId, std::string("\"q-r1\""));
        QVERIFY2(item.output.rfind("Sure!", 0) != 0, item.output.c_str());
    }
};

QTEST_MAIN(TestLiveGeneration)
#include "tst_live_generation.moc"
