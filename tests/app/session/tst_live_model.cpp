// The real window with the real worker: a round is talked to beside the base model, an answer is put into the queue,
// and the model is saved for another program.
#include "annotate/exchange/example_project.h"
#include "annotate/store/project.h"
#include "base/files.h"
#include "tests/app/session/live_window.h"
#include "tests/support/finished_round.h"
#include "tests/support/paths.h"
#include "ui/common/translation.h"
#include "ui/round/rounds_page.h"
#include "ui/round/take_along_panel.h"
#include "ui/round/talk_panel.h"

#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace stet;
using test::LiveWindow;
using test::waitFor;

class TestLiveModel : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    std::unique_ptr<LiveWindow> m_live;

    QString at(const char* name) const { return m_home.filePath(QString::fromLatin1(name)); }
    ui::RoundsPage& page() const { return *m_live->window().roundsPage(); }
    bool says(const QWidget& panel, const QString& words) const
    {
        return waitFor([&] {
            const auto labels = panel.findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
                return label->isVisible() && label->text().contains(words);
            });
        });
    }

private Q_SLOTS:
    void initTestCase()
    {
        test::useHome(m_home.path());
        ui::installTranslator(*qApp, QStringLiteral("en"));
        annotate::createExampleProject(test::exampleDir(), at("mine.stet").toStdString());
        test::addFinishedRound(*annotate::Project::open(at("mine.stet").toStdString()));
        m_live = std::make_unique<LiveWindow>();
        QVERIFY(m_live->openProject(at("mine.stet")));
        m_live->window().setPage(ui::Page::Rounds);
        QVERIFY(waitFor([this] { return m_live->button(QStringLiteral("Talk to it")) != nullptr; }));
    }
    void cleanupTestCase() { m_live.reset(); }

    void aRoundIsTalkedToBesideTheBaseModel()
    {
        const int before = annotate::Project::open(at("mine.stet").toStdString())->counts().open;
        QTest::mouseClick(m_live->button(QStringLiteral("Talk to it")), Qt::LeftButton);
        ui::TalkPanel& panel = *page().talk();
        panel.ask(QStringLiteral("Convert 3 kg to g."));
        QVERIFY(says(panel, QStringLiteral("1 or 2 puts a response into the queue")));
        const auto boxes = panel.findChildren<QPlainTextEdit*>();
        QVERIFY2(boxes.at(1)->toPlainText().contains(QStringLiteral("3")), qPrintable(boxes.at(1)->toPlainText()));
        QVERIFY(!boxes.at(2)->toPlainText().isEmpty());
        QTest::keyClick(boxes.at(2), Qt::Key_1);
        QVERIFY(waitFor([this, before] {
            return annotate::Project::open(at("mine.stet").toStdString())->counts().open == before + 1;
        }));
        panel.hide();
    }

    void aModelIsSavedForAnotherProgram()
    {
        QTest::mouseClick(m_live->button(QStringLiteral("Use this model")), Qt::LeftButton);
        ui::TakeAlongPanel& panel = *page().takeAlong();
        panel.open(1);
        panel.saveTo(at("mine.gguf"));
        QVERIFY(says(panel, QStringLiteral("Saved as ") + at("mine.gguf")));
        QVERIFY(readFile(at("mine.gguf").toStdString(), std::size_t{1} << 24U).starts_with("GGUF"));
        QVERIFY(QFileInfo(at("mine.gguf.Modelfile")).isFile());
        QVERIFY(panel.findChild<QLineEdit*>()->text().startsWith(QStringLiteral("ollama create mine ")));
        panel.saveTo(at("mine.gguf"));
        QVERIFY(says(panel, QStringLiteral("exists already")));
    }
};

QTEST_MAIN(TestLiveModel)
#include "tst_live_model.moc"
