// Over all pages at once: names for screen readers, plain text only, no words cut off in either language, both
// languages complete.
#include "tests/ui/sample_findings.h"
#include "tests/ui/sample_formats.h"
#include "tests/ui/samples.h"
#include "ui/annotate/annotate_page.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"
#include "ui/compare/compare_page.h"
#include "ui/main_window/main_window.h"
#include "ui/project/project_page.h"
#include "ui/round/rounds_page.h"
#include "ui/start/start_page.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QtTest>

using namespace stet;
using namespace stet::ui;

namespace {

void fillPages(MainWindow& window)
{
    window.showProject(QStringLiteral("ledger-example"));
    AnnotatePage* annotatePage = window.annotatePage();
    annotatePage->setQueue(test::sampleQueue(218), false);
    annotatePage->setQueueCounts({96, 2, 7, 82, 34, 4, 3, 5, 218});
    annotatePage->setProgress(36, 12);
    annotatePage->setGuidelines(QStringLiteral("Be brief."));
    annotatePage->setItem(test::sampleItem(), 37, 218);
    annotatePage->setScores({37}, test::sampleScores());
    annotate::RoundRecord round;
    round.number = 1;
    round.state = annotate::RoundState::Finished;
    round.criticised = 48;
    round.accepted = 12;
    window.roundsPage()->setRounds({round}, 0);
    window.roundsPage()->setPlan(
        annotate::RoundPlan{64,
                            16,
                            82,
                            60,
                            {"Three are too long."},
                            {},
                            2,
                            0.4,
                            annotate::RoundPlan::Flags{412, {{" Sure", 9}}, {"Sort: fig"}, {}, {}, {}, {}}});
    window.roundsPage()->setProgress(RoundProgress{2, RoundPhase::Training, 31, 60, 64, false});
    window.roundsPage()->setSteps(2, test::sampleSteps(60, 31));
    window.roundsPage()->setFailure(RoundFailure{3,
                                                 QStringLiteral("Memory"),
                                                 QStringLiteral("Too little."),
                                                 {QStringLiteral("line")},
                                                 {{QStringLiteral("a"), QStringLiteral("Again")}}});
    window.comparePage()->setRound(1, 7);
    window.comparePage()->setItems({{"1", "Add 1 and 1", "2", "3"}});
    window.comparePage()->setSummary({});
    window.projectPage()->setFormats(test::sampleFormats());
    window.projectPage()->setProjectName(QStringLiteral("ledger"), QStringLiteral("/p/ledger.stet"));
    window.projectPage()->setFindings(test::sampleFindings());
    window.projectPage()->setBackups({{QStringLiteral("/b"), QDateTime::currentDateTime(), 120000}});
    window.startPage()->setRecent(
        {{QStringLiteral("/p/a.stet"), QStringLiteral("a"), 218, 0, QDateTime::currentDateTime(), false}});
    window.startPage()->setHardware(QStringLiteral("CPU"), QStringLiteral("more"));
    window.setRoundBar(RoundBar{2, QStringLiteral("training"), 31, 60, 64, false});
}

bool isInterior(const QWidget* widget)
{
    // Qt's own parts of a widget that has a name itself.
    for (const QWidget* parent = widget->parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
        if (qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
            qobject_cast<const QComboBox*>(parent) != nullptr || qobject_cast<const QTabBar*>(parent) != nullptr ||
            qobject_cast<const QLineEdit*>(parent) != nullptr ||
            qobject_cast<const QAbstractItemView*>(parent) != nullptr) {
            return qobject_cast<const QAbstractButton*>(widget) == nullptr ||
                qobject_cast<const QAbstractItemView*>(parent) == nullptr;
        }
    }
    return false;
}

QString nameOf(const QWidget* widget)
{
    return QStringLiteral("%1 in %2")
        .arg(QString::fromLatin1(widget->metaObject()->className()),
             QString::fromLatin1(widget->parentWidget()->metaObject()->className()));
}

template <typename Visit> void visitPages(MainWindow& window, const Visit& visit)
{
    window.showStart();
    QCoreApplication::processEvents();
    visit();
    window.showProject(QStringLiteral("ledger-example"));
    for (const Page page : {Page::Annotate, Page::Rounds, Page::Compare}) {
        window.setPage(page);
        QCoreApplication::processEvents();
        visit();
    }
    window.setPage(Page::Project);
    auto* tabs = window.projectPage()->findChild<QTabWidget*>();
    for (int i = 0; i < tabs->count(); ++i) {
        tabs->setCurrentIndex(i);
        QCoreApplication::processEvents();
        visit();
    }
}

}  // namespace

class TestWholeWindow : public QObject {
    Q_OBJECT

    std::unique_ptr<MainWindow> m_window;

    void open(const QString& language)
    {
        installTranslator(*qApp, language);
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1280, 800);
        fillPages(*m_window);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }
    void cleanup() { installTranslator(*qApp, QStringLiteral("en")); }

    void everythingThatTakesTheFocusHasAName()
    {
        open(QStringLiteral("en"));
        int seen = 0;
        visitPages(*m_window, [&] {
            for (const QWidget* widget : m_window->findChildren<QWidget*>()) {
                const bool speaks = widget->focusPolicy() != Qt::NoFocus ||
                    qobject_cast<const QAbstractButton*>(widget) != nullptr ||
                    qobject_cast<const QProgressBar*>(widget) != nullptr;
                if (!widget->isVisible() || !speaks || isInterior(widget)) {
                    continue;
                }
                ++seen;
                const auto* button = qobject_cast<const QAbstractButton*>(widget);
                const auto* label = qobject_cast<const QLabel*>(widget);
                const QString name = !widget->accessibleName().isEmpty() ? widget->accessibleName()
                    : button != nullptr                                  ? button->text()
                    : label != nullptr                                   ? label->text()
                    : qobject_cast<const QTabBar*>(widget) != nullptr    ? QStringLiteral("tabs")
                                                                         : QString();
                QVERIFY2(name.size() > 0 && name != QStringLiteral("×"), qPrintable(nameOf(widget)));
            }
        });
        QVERIFY(seen > 60);
    }

    void noLabelInterpretsText()
    {
        open(QStringLiteral("en"));
        for (const QLabel* label : m_window->findChildren<QLabel*>()) {
            QVERIFY2(label->textFormat() == Qt::PlainText || label->text().isEmpty(), qPrintable(label->text()));
        }
    }

    void noWordIsCutOff_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << QStringLiteral("en");
        QTest::newRow("Chinese") << QStringLiteral("zh_CN");
    }

    void noWordIsCutOff()
    {
        QFETCH(QString, language);
        open(language);
        visitPages(*m_window, [&] {
            for (const QAbstractButton* button : m_window->findChildren<QAbstractButton*>()) {
                if (!button->isVisible() || button->text().isEmpty() || isInterior(button)) {
                    continue;
                }
                const QSize least = button->minimumSizeHint();
                QVERIFY2(button->width() >= least.width() && button->height() >= button->fontMetrics().height(),
                         qPrintable(QStringLiteral("%1: %2×%3, needs %4×%5")
                                        .arg(button->text())
                                        .arg(button->width())
                                        .arg(button->height())
                                        .arg(least.width())
                                        .arg(button->fontMetrics().height())));
                int widest = 0;
                for (const QString& line : button->text().split(QLatin1Char('\n'))) {
                    widest = std::max(widest, button->fontMetrics().horizontalAdvance(line));
                }
                QVERIFY2(button->width() >= widest, qPrintable(button->text()));
            }
            for (const QLabel* label : m_window->findChildren<QLabel*>()) {
                if (!label->isVisible() || label->text().isEmpty() ||
                    label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored) {
                    continue;  // those that may be cut have the whole text as their tool tip
                }
                if (label->wordWrap()) {
                    QVERIFY2(label->height() + 1 >= label->heightForWidth(label->width()), qPrintable(label->text()));
                } else {
                    QVERIFY2(label->width() + 1 >= label->sizeHint().width(), qPrintable(label->text()));
                }
            }
        });
    }

    void theLanguageChangesWhileOpen()
    {
        open(QStringLiteral("en"));
        installTranslator(*qApp, QStringLiteral("zh_CN"));
        QCoreApplication::processEvents();
        QStringList english;
        static const QRegularExpression kWord(QStringLiteral("[a-z]{4,}"));
        // Words of files, formats and of the sample values stay as they are.
        static const QRegularExpression kKept(QStringLiteral(
            "Stet|NAME|CUT|JSON|config|safetensors|ledger|Mara|Velt|Introduce|stable|Enter|Shift|Ctrl|Be brief|"
            "Three judgments|Too little|Again|line|Add 1|English|Hugging|Sure|more|row|training|Memory|Saved|/b|/p"));
        visitPages(*m_window, [&] {
            for (const QLabel* label : m_window->findChildren<QLabel*>()) {
                if (label->isVisible() && kWord.match(label->text()).hasMatch() &&
                    !kKept.match(label->text()).hasMatch()) {
                    english << label->text();
                }
            }
            for (const QAbstractButton* button : m_window->findChildren<QAbstractButton*>()) {
                if (button->isVisible() && kWord.match(button->text()).hasMatch() &&
                    !kKept.match(button->text()).hasMatch()) {
                    english << button->text();
                }
            }
        });
        english.removeDuplicates();
        QVERIFY2(english.isEmpty(), qPrintable(english.join(QStringLiteral(" | "))));
    }

    void bothLanguagesAreComplete()
    {
        for (const QString& language : availableLanguages()) {
            QFile file(QStringLiteral(STET_SOURCE_DIR "/resources/translations/stet_%1.ts").arg(language));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray content = file.readAll();
            QVERIFY2(!content.contains("type=\"unfinished\""), qPrintable(language));
            QVERIFY(content.count("<message") > 10);
        }
    }

    void englishCountsAreSpelledOut()
    {
        open(QStringLiteral("en"));
        bool found = false;
        for (const QLabel* label : m_window->findChildren<QLabel*>()) {
            QVERIFY2(!label->text().contains(QStringLiteral("(s)")), qPrintable(label->text()));
            found = found || label->text().contains(QStringLiteral("412 tokens pushed down"));
        }
        QVERIFY(found);
    }

    void theDarkThemeReachesEveryPage()
    {
        open(QStringLiteral("en"));
        applyTheme(*qApp, ThemeChoice::Dark);
        visitPages(*m_window, [&] {
            const QImage image = m_window->grab().toImage();
            int bright = 0;
            for (int y = 0; y < image.height(); y += 8) {
                for (int x = 0; x < image.width(); x += 8) {
                    bright += qGray(image.pixel(x, y)) > 200 ? 1 : 0;
                }
            }
            QVERIFY(bright < image.width() / 8 * (image.height() / 8) / 12);
        });
        applyTheme(*qApp, ThemeChoice::Light);
    }
};

QTEST_MAIN(TestWholeWindow)
#include "tst_whole_window.moc"
