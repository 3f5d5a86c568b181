// The frame: pages and their keys, the round bar, notices, the status bar, hints that come once, closing.
#include "tests/ui/samples.h"
#include "ui/annotate/annotate_page.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/common/theme.h"
#include "ui/main_window/about_dialog.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/notice_area.h"
#include "ui/main_window/page_rail.h"
#include "ui/main_window/status_line.h"

#include <QClipboard>
#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

using namespace stet;
using namespace stet::ui;

class TestMainWindow : public QObject {
    Q_OBJECT

    std::unique_ptr<MainWindow> m_window;

    QAction* action(const QString& text)
    {
        for (QAction* found : m_window->findChildren<QAction*>()) {
            if (found->text() == text) {
                return found;
            }
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }

    void init()
    {
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
    }

    void startsOnStartAndGoesToAnnotate()
    {
        QVERIFY(!m_window->isProjectShown());
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QVERIFY(!m_window->isProjectShown());  // no project: no pages
        QSignalSpy changed(m_window.get(), &MainWindow::pageChanged);
        m_window->showProject(QStringLiteral("ledger"));
        QCOMPARE(m_window->page(), Page::Annotate);
        QCOMPARE(changed.count(), 1);
        QVERIFY(m_window->windowTitle().startsWith(QStringLiteral("ledger")));
    }

    void ctrlNumbersChangeThePage()
    {
        m_window->showProject(QStringLiteral("ledger"));
        const Page pages[] = {Page::Rounds, Page::Compare, Page::Project, Page::Annotate};
        const Qt::Key keys[] = {Qt::Key_2, Qt::Key_3, Qt::Key_4, Qt::Key_1};
        for (int i = 0; i < 4; ++i) {
            QTest::keyClick(m_window.get(), keys[i], Qt::ControlModifier);
            QCOMPARE(m_window->page(), pages[i]);
        }
        // Also from inside the text.
        m_window->annotatePage()->setItem(test::sampleItem(), 1, 1);
        m_window->annotatePage()->focusJudgment();
        QTest::keyClick(m_window->findChild<JudgmentEdit*>(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->page(), Page::Rounds);
    }

    void atTwiceTheLettersEverythingStaysOnTheScreen()
    {
        const QFont usual = QApplication::font();
        QFont twice = usual;
        twice.setPointSizeF(usual.pointSizeF() * 2);
        QApplication::setFont(twice);
        m_window = std::make_unique<MainWindow>();
        m_window->showProject(QStringLiteral("ledger"));
        m_window->annotatePage()->setItem(test::sampleItem(), 1, 1);
        m_window->annotatePage()->setGuidelines(QStringLiteral("Be kind."));
        m_window->setModelLine(QStringLiteral("Qwen2.5-0.5B-Instruct"), 2);
        m_window->setDevice(QStringLiteral("CPU"), QStringLiteral("float32"), QStringLiteral("no NVIDIA driver found"));
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QCoreApplication::processEvents();
        const QSize size = m_window->size();
        QStringList outside;
        for (const QPushButton* button : m_window->annotatePage()->findChildren<QPushButton*>()) {
            const QRect place(button->mapTo(m_window.get(), QPoint()), button->size());
            if (button->isVisible() && !m_window->rect().contains(place)) {
                outside << button->text();
            }
        }
        QApplication::setFont(usual);
        QVERIFY2(size.width() <= 1280 && size.height() <= 800,
                 qPrintable(QStringLiteral("%1×%2").arg(size.width()).arg(size.height())));
        QVERIFY2(outside.isEmpty(), qPrintable(outside.join(QStringLiteral(", "))));
    }

    void aRunningRoundShowsOnEveryPage()
    {
        m_window->showProject(QStringLiteral("ledger"));
        m_window->setRoundBar(RoundBar{2, QStringLiteral("training"), 31, 60, 64, false});
        auto* rail = m_window->findChild<PageRail*>();
        QCOMPARE(rail->roundText(), QStringLiteral("Round 2\n31/60\n1:04"));
        m_window->setRoundBar(RoundBar{2, QStringLiteral("loading"), 0, 0, -1, false});
        QCOMPARE(rail->roundText(), QStringLiteral("Round 2\nloading"));
        // Every phase is read whole, and has its numbers.
        m_window->setRoundBar(RoundBar{2, QStringLiteral("scoring the judgments"), 12, 302, 64, false, false});
        QCOMPARE(rail->roundText(), QStringLiteral("Round 2\nscoring the\njudgments\n12/302\n1:04"));
        for (const QString& line : rail->roundText().split(QLatin1Char('\n'))) {
            QVERIFY2(rail->fontMetrics().horizontalAdvance(line) < rail->width() - 8, qPrintable(line));
        }
        m_window->setRoundBar(RoundBar{2, QString::fromUtf8("正在为各条评语逐一打分"), 12, 302, 64, false, false});
        for (const QString& line : rail->roundText().split(QLatin1Char('\n'))) {
            QVERIFY2(rail->fontMetrics().horizontalAdvance(line) < rail->width() - 8, qPrintable(line));
        }
    }

    void theStatusBarSaysItAll()
    {
        m_window->showProject(QStringLiteral("ledger"));
        m_window->setSaved({SavedState::Kind::Saved, QTime(14, 2, 11), {}});
        m_window->setModelLine(QStringLiteral("Qwen2.5-0.5B"), 2);
        m_window->setDevice(QStringLiteral("CPU"), QStringLiteral("float32"), QStringLiteral("no GPU driver found"));
        m_window->setWorker(WorkerState::Ready);
        QCOMPARE(m_window->findChild<StatusLine*>()->text(),
                 QStringLiteral(
                     "Saved 14:02:11 · Qwen2.5-0.5B + round 2 · CPU, float32 (no GPU driver found)· worker ready"));
        QSignalSpy restart(m_window.get(), &MainWindow::workerRestartRequested);
        m_window->setWorker(WorkerState::Lost, QStringLiteral("killed"));
        for (QPushButton* found : m_window->findChildren<QPushButton*>()) {
            if (found->accessibleName() == QStringLiteral("Restart the worker")) {
                QTest::mouseClick(found, Qt::LeftButton);
            }
        }
        QCOMPARE(restart.count(), 1);
    }

    void noticesActAndGo()
    {
        m_window->showProject(QStringLiteral("ledger"));
        QSignalSpy acted(m_window.get(), &MainWindow::noticeAction);
        m_window->notify({QStringLiteral("train"),
                          Notice::Level::Info,
                          QStringLiteral("<b>214</b> judged. Train?"),
                          {{QStringLiteral("go"), QStringLiteral("Go to Rounds")}}});
        m_window->notify({QStringLiteral("train"),
                          Notice::Level::Info,
                          QStringLiteral("215 judged. Train?"),
                          {{QStringLiteral("go"), QStringLiteral("Go to Rounds")}}});
        auto* area = m_window->findChild<NoticeArea*>();
        QCOMPARE(area->count(), 1);
        QCoreApplication::processEvents();
        for (QPushButton* found : area->findChildren<QPushButton*>()) {
            if (found->isVisible()) {
                QTest::mouseClick(found, Qt::LeftButton);
                break;
            }
        }
        QCOMPARE(acted.count(), 1);
        QCOMPARE(acted.at(0).at(0).toString(), QStringLiteral("train"));
        QCOMPARE(acted.at(0).at(1).toString(), QStringLiteral("go"));
        QCOMPARE(area->count(), 0);
    }

    void hintsComeOnceAndCanBeCalledBack()
    {
        m_window->showProject(QStringLiteral("ledger"));
        QSignalSpy seen(m_window.get(), &MainWindow::hintSeen);
        m_window->setSeenHints({QStringLiteral("lit")});
        QVERIFY(m_window->showHint(QStringLiteral("judge")));
        QVERIFY(!m_window->showHint(QStringLiteral("judge")));
        QVERIFY(!m_window->showHint(QStringLiteral("lit")));
        QCOMPARE(seen.count(), 1);
        action(QStringLiteral("Show the hints again"))->trigger();
        QVERIFY(m_window->showHint(QStringLiteral("judge")));
        QVERIFY(!m_window->showHint(QStringLiteral("unknown")));
    }

    void themeAndLanguageAreChosenInTheMenu()
    {
        QSignalSpy language(m_window.get(), &MainWindow::languageChosen);
        QSignalSpy theme(m_window.get(), &MainWindow::themeChosen);
        action(QStringLiteral("简体中文"))->trigger();
        action(QStringLiteral("Dark"))->trigger();
        QCOMPARE(language.at(0).at(0).toString(), QStringLiteral("zh_CN"));
        QCOMPARE(theme.at(0).at(0).value<ThemeChoice>(), ThemeChoice::Dark);
        m_window->setLanguage(QStringLiteral("en"));
        m_window->setThemeChoice(ThemeChoice::Light);
        QCOMPARE(language.count(), 1);
        QCOMPARE(theme.count(), 1);
    }

    void closingAsksTheGuard()
    {
        int asked = 0;
        m_window->setCloseGuard([&asked] { return ++asked > 1; });
        QVERIFY(!m_window->close());
        QVERIFY(m_window->isVisible());
        QVERIFY(m_window->close());
        QCOMPARE(asked, 2);
    }

    // Progress changes its words many times a second: the button under a finger stays the one it is.
    void aNoticeWhoseWordsChangeKeepsItsButtons()
    {
        m_window->showProject(QStringLiteral("p"));
        const auto tell = [this](const QString& words) {
            m_window->notify({QStringLiteral("n"),
                              Notice::Level::Info,
                              words,
                              {{QStringLiteral("stop"), QStringLiteral("Stop it")}}});
            const auto buttons = m_window->findChildren<QPushButton*>();
            const auto found = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton* one) {
                return one->isVisible() && one->text() == QLatin1String("Stop it");
            });
            return found == buttons.end() ? nullptr : *found;
        };
        const QPushButton* stop = tell(QStringLiteral("1 of 9"));
        QVERIFY(stop != nullptr);
        QCOMPARE(tell(QStringLiteral("2 of 9")), stop);
        const auto labels = m_window->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* one) {
            return one->isVisible() && one->text() == QLatin1String("2 of 9");
        }));
    }

    void aboutShowsTheVersionAndEveryLicence()
    {
        const QString licences = QStringLiteral(STET_SOURCE_DIR "/resources/licences");
        m_window->setAbout({QStringLiteral("7.8.9 (commit abc)"), licences});
        action(QStringLiteral("About Stet"))->trigger();
        auto* about = m_window->findChild<AboutDialog*>();
        QVERIFY(about != nullptr && about->isVisible());
        QStringList said;
        for (const QLabel* label : about->findChildren<QLabel*>()) {
            said << label->text();
        }
        QVERIFY2(said.join(QLatin1Char('|')).contains(QStringLiteral("7.8.9 (commit abc)")),
                 qPrintable(said.join(QLatin1Char('|'))));
        auto* titles = about->findChild<QListWidget*>();
        QCOMPARE(titles->count(), static_cast<int>(QDir(licences).entryList({QStringLiteral("*.txt")}).size()));
        QVERIFY(titles->item(0)->text().startsWith(QStringLiteral("Stet")));
        auto* text = about->findChild<QPlainTextEdit*>();
        for (int row = 0; row < titles->count(); ++row) {
            titles->setCurrentRow(row);
            QVERIFY(text->toPlainText().startsWith(titles->item(row)->text()));
            QVERIFY(text->toPlainText().size() > 1000);
        }
    }

    void diagnosticsAreCopiedAndTellNothingOfTheProject()
    {
        m_window->setAbout({QStringLiteral("7.8.9 (commit abc)"), QString()});
        m_window->showProject(QStringLiteral("secret-ledger"));
        m_window->setModelLine(QStringLiteral("secret-model"), 0);
        m_window->setDevice(QStringLiteral("CPU"), QStringLiteral("float32"), QStringLiteral("no NVIDIA driver found"));
        action(QStringLiteral("About Stet"))->trigger();
        auto* about = m_window->findChild<AboutDialog*>();
        for (QPushButton* button : about->findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Copy diagnostics")) {
                button->click();
            }
        }
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.startsWith(QStringLiteral("Stet 7.8.9 (commit abc)\nQt 6")), qPrintable(copied));
        QVERIFY2(copied.contains(QStringLiteral("CPU, float32 (no NVIDIA driver found)")), qPrintable(copied));
        QVERIFY2(!copied.contains(QStringLiteral("secret")), qPrintable(copied));
    }

    void aboutSaysWhereTheLicencesShouldBe()
    {
        m_window->setAbout({QStringLiteral("1"), QStringLiteral("/nowhere/licences")});
        action(QStringLiteral("About Stet"))->trigger();
        const QString text = m_window->findChild<AboutDialog*>()->findChild<QPlainTextEdit*>()->toPlainText();
        QVERIFY2(text.contains(QStringLiteral("/nowhere/licences. Install Stet again")), qPrintable(text));
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
