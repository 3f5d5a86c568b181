// Walks the real window, with the real worker and the bundled example, through every screen a person meets, and writes
// a picture of each: light and dark, English and Chinese, at 1280×800 and 1920×1080. Ends with 1 and a sentence when a
// screen is not reached.
//   tour FOLDER [--quick]      --quick: one picture a screen (light, English, 1280×800)
#include "tests/app/session/live_window.h"
#include "ui/annotate/annotate_page.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"
#include "ui/compare/answer_panel.h"
#include "ui/project/instructions_panel.h"
#include "ui/project/project_page.h"
#include "ui/round/plan_panel.h"
#include "ui/start/start_page.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include <csignal>
#include <iostream>

using namespace stet;
using test::LiveWindow;
using test::waitFor;

namespace {

struct NotReached {
    QString screen;
};

class Tour {
public:
    Tour(LiveWindow& live, QString folder, bool quick) : m_live(live), m_folder(std::move(folder)), m_quick(quick) { }

    void walk()
    {
        start();
        annotate();
        judgeTheRest();
        round();
        compare();
        project();
        nextRound();
        lostWorker();
    }

    int pictures() const { return m_pictures; }

private:
    static void need(bool reached, const QString& screen)
    {
        if (!reached) {
            throw NotReached{screen};
        }
    }

    void language(const QString& name)
    {
        ui::installTranslator(*qApp, name);
        m_live.window().setLanguage(name);
    }

    void shoot(const QString& name)
    {
        std::cout << "  " << name.toStdString() << std::endl;
        QStringList languages{QStringLiteral("en")};
        if (!m_quick) {
            languages.append(QStringLiteral("zh_CN"));
        }
        for (const QString& spoken : languages) {
            language(spoken);
            for (const auto theme : {ui::ThemeChoice::Light, ui::ThemeChoice::Dark}) {
                ui::applyTheme(*qApp, theme);
                for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)}) {
                    if (m_quick && (theme == ui::ThemeChoice::Dark || size.width() != 1280)) {
                        continue;
                    }
                    m_live.window().resize(size);
                    picture(QStringLiteral("%1-%2-%3-%4")
                                .arg(name, spoken,
                                     theme == ui::ThemeChoice::Light ? QStringLiteral("light") : QStringLiteral("dark"))
                                .arg(size.width()));
                }
            }
        }
        language(QStringLiteral("en"));
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
        m_live.window().resize(1280, 800);
        QCoreApplication::processEvents();  // the words change by an event
    }

    void picture(const QString& name)
    {
        for (int i = 0; i < 4; ++i) {
            QCoreApplication::processEvents();
        }
        const QString path = QStringLiteral("%1/%2.png").arg(m_folder, name);
        need(m_live.window().grab().save(path), path);
        ++m_pictures;
    }

    void start()
    {
        need(waitFor([this] { return m_live.worker().state() == app::WorkerClient::State::Ready; }),
             QStringLiteral("start: a worker"));
        shoot(QStringLiteral("1-start"));
        auto* newProject = m_live.window().startPage()->findChild<QPushButton*>(QStringLiteral("new-project"));
        QTest::mouseClick(newProject, Qt::LeftButton);
        shoot(QStringLiteral("1-start-new"));
        QTest::mouseClick(newProject, Qt::LeftButton);
    }

    void annotate()
    {
        need(m_live.openExample(), QStringLiteral("annotate: the example"));
        shoot(QStringLiteral("2-annotate-first"));
        m_live.window().annotatePage()->focusJudgment();
        m_live.press(Qt::Key_Tab);  // takes the suggestion
        need(!m_live.judgment()->toPlainText().isEmpty(), QStringLiteral("annotate: a suggestion"));
        need(waitFor([this] { return m_live.scored() && m_live.heatMap()->firstFlagged() >= 0; }),
             QStringLiteral("annotate: a word that lights up"));
        shoot(QStringLiteral("3-annotate-lit"));
        m_live.heatMap()->setFocus(Qt::TabFocusReason);
        shoot(QStringLiteral("4-annotate-token"));
        m_live.window().annotatePage()->showKeys();
        shoot(QStringLiteral("5-annotate-keys"));
        m_live.press(Qt::Key_Escape);
    }

    void judgeTheRest()
    {
        for (int i = 0; i < 12; ++i) {
            m_live.window().annotatePage()->focusJudgment();
            if (m_live.judgment()->toPlainText().isEmpty()) {
                m_live.press(Qt::Key_Tab);
            }
            if (m_live.judgment()->toPlainText().isEmpty() || !m_live.submit()) {
                break;
            }
        }
        shoot(QStringLiteral("6-annotate-done"));
    }

    int stepsDone() const
    {
        QFile log(m_live.projectFolder() + QStringLiteral("/rounds/0001/log.jsonl"));
        return log.open(QIODevice::ReadOnly) ? static_cast<int>(log.readAll().count('\n')) : 0;
    }

    void round()
    {
        m_live.window().setPage(ui::Page::Rounds);
        QPushButton* train = nullptr;
        need(waitFor([&] {
                 return (train = m_live.button(QStringLiteral("Start a round"))) != nullptr && train->isEnabled();
             }),
             QStringLiteral("rounds: what will train"));
        auto* plan = m_live.window().findChild<ui::RoundPlanPanel*>();
        need(waitFor([&] { return plan->planText().contains(QStringLiteral(" · ")); }),
             QStringLiteral("rounds: what will be pushed down"));
        shoot(QStringLiteral("7-rounds-plan"));
        auto* details = plan->findChild<QToolButton*>();
        details->click();
        shoot(QStringLiteral("7-rounds-plan-details"));
        details->click();
        QTest::mouseClick(train, Qt::LeftButton);
        need(waitFor([this] { return stepsDone() >= 40; }), QStringLiteral("rounds: forty steps"));
        shoot(QStringLiteral("8-rounds-running"));
        QPushButton* compare = nullptr;
        need(waitFor([&] { return (compare = m_live.button(QStringLiteral("Compare now"))) != nullptr; }),
             QStringLiteral("rounds: the word that the round is done"));
        shoot(QStringLiteral("8-rounds-done"));
        need(waitFor([&] { return (compare = m_live.button(QStringLiteral("Compare now"))) != nullptr; }),
             QStringLiteral("rounds: the way to compare"));  // shooting made it anew
        QTest::mouseClick(compare, Qt::LeftButton);
    }

    void compare()
    {
        const QString adopt = QStringLiteral("Adopt");
        need(waitFor([&] { return m_live.button(adopt) != nullptr && m_live.button(adopt)->isEnabled(); }),
             QStringLiteral("compare: a comparison"));
        // As one would choose who has read the judgments: not the response that opens with a filler.
        const auto panels = m_live.window().findChildren<ui::AnswerPanel*>();
        for (int i = 0; i < 8; ++i) {
            const bool first = panels.at(0)->text().startsWith(QStringLiteral("Sure!"));
            const bool second = panels.at(1)->text().startsWith(QStringLiteral("Sure!"));
            QTest::keyClick(&m_live.window(), first == second ? Qt::Key_E : first ? Qt::Key_B : Qt::Key_A);
            if (i < 7) {
                QTest::keyClick(&m_live.window(), Qt::Key_Right);
            }
        }
        shoot(QStringLiteral("9-compare"));
        QTest::mouseClick(m_live.button(adopt), Qt::LeftButton);
        m_live.window().setPage(ui::Page::Rounds);
        need(waitFor([this] { return m_live.button(QStringLiteral("Start a round")) != nullptr; }),
             QStringLiteral("rounds: an adopted round"));
        shoot(QStringLiteral("10-rounds-adopted"));
    }

    void project()
    {
        m_live.window().setPage(ui::Page::Project);
        shoot(QStringLiteral("11-project"));
    }

    // Fresh instructions, answered by the adopted round.
    void nextRound()
    {
        auto* panel = m_live.window().projectPage()->instructions();
        m_live.window().projectPage()->showInstructions();
        shoot(QStringLiteral("12-instructions-none"));
        QString lines;
        for (int i = 1; i <= 400; ++i) {
            lines += QStringLiteral("Convert %1 kg to g.\n").arg(i);
        }
        Q_EMIT panel->addRequested(panel->set(), lines);
        need(waitFor([this] { return m_live.button(QStringLiteral("Answer 50")) != nullptr; }),
             QStringLiteral("instructions: some to answer"));
        shoot(QStringLiteral("13-instructions"));
        QTest::mouseClick(m_live.button(QStringLiteral("Answer 50")), Qt::LeftButton);
        need(waitFor([this] { return m_live.button(QStringLiteral("Stop")) != nullptr; }),
             QStringLiteral("instructions: a model that answers"));
        shoot(QStringLiteral("14-instructions-answering"));
        panel->showSet(QString::fromLatin1(annotate::kHeldOutSet));
        shoot(QStringLiteral("15-instructions-held-out"));
        m_live.window().setPage(ui::Page::Compare);
        need(waitFor([this] { return m_live.button(QStringLiteral("Next round")) != nullptr; }),
             QStringLiteral("compare: the next round"));
        shoot(QStringLiteral("16-compare-adopted"));
    }

    void lostWorker()
    {
        m_live.window().setPage(ui::Page::Annotate);
        need(m_live.worker().processId() > 0, QStringLiteral("a worker to lose"));
        ::kill(static_cast<pid_t>(m_live.worker().processId()), SIGKILL);
        need(waitFor([this] { return m_live.worker().state() != app::WorkerClient::State::Ready; }),
             QStringLiteral("the loss of the worker"));
        shoot(QStringLiteral("17-worker-lost"));
        need(waitFor([this] { return m_live.worker().state() == app::WorkerClient::State::Ready; }),
             QStringLiteral("a new worker"));
    }

    LiveWindow& m_live;
    QString m_folder;
    bool m_quick = false;
    int m_pictures = 0;
};

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: tour FOLDER [--quick]\n";
        return 2;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    const QTemporaryDir home;
    if (!home.isValid() || !QDir().mkpath(folder)) {
        std::cerr << "tour: " << argv[1] << " can't be written\n";
        return 3;
    }
    test::useHome(home.path());
    const QApplication application(argc, argv);
    ui::installTranslator(*qApp, QStringLiteral("en"));
    ui::applyTheme(*qApp, ui::ThemeChoice::Light);
    LiveWindow live;
    Tour tour(live, folder, argc > 2 && std::string_view(argv[2]) == "--quick");
    try {
        tour.walk();
    } catch (const NotReached& missing) {
        live.window().grab().save(folder + QStringLiteral("/not-reached.png"));
        std::cerr << "tour: not reached: " << missing.screen.toStdString() << '\n';
        return 1;
    }
    std::cout << tour.pictures() << " pictures in " << folder.toStdString() << '\n';
    return 0;
}
