// The start page's button for the example with a real model: progress, the project, cancelling, and what it says when
// the model can't be fetched. The real window with the real worker; a tiny model stands in for the fetched one.
#include "tests/app/session/live_window.h"
#include "tests/support/real_example_stand_in.h"
#include "ui/common/translation.h"
#include "ui/start/start_page.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace stet;
using test::LiveWindow;
using test::waitFor;

class TestLiveRealExample : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<LiveWindow> m_live;

    void press(const char* text) const
    {
        QPushButton* button = m_live->button(QString::fromUtf8(text));
        QVERIFY2(button != nullptr && button->isEnabled(), text);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    bool says(const char* words) const
    {
        const auto labels = m_live->window().startPage()->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(QString::fromUtf8(words));
        });
    }
    void begin(const std::string& script)
    {
        test::makeRealExample(m_home->filePath(QStringLiteral("real")).toStdString(), script);
        m_live = std::make_unique<LiveWindow>();
        press("Open the example with a real model");
    }
    QString mark(const char* name) const { return m_home->filePath(QString::fromUtf8(name)); }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        test::useHome(m_home->path());
        qputenv("STET_REAL_EXAMPLE", mark("real").toUtf8());
        ui::installTranslator(*qApp, QStringLiteral("en"));
    }
    void cleanup() { m_live.reset(); }

    void theModelIsFetchedThenTheProjectOpens()
    {
        begin("echo '{\"phase\":\"fetching\",\"done\":31,\"total\":93}' >&2; until [ -e '" + mark("go").toStdString() +
              "' ]; do sleep 0.05; done; echo '" + test::tinyGguf() + "'");
        QVERIFY(waitFor([&] { return says("31 of 93 MB"); }));
        QVERIFY(!m_live->button(QStringLiteral("New project"))->isEnabled());
        QVERIFY(QFile(mark("go")).open(QIODevice::WriteOnly));
        QVERIFY(waitFor([&] { return m_live->shownId() >= 0; }));
        QVERIFY(m_live->projectFolder().endsWith(QStringLiteral("smollm2-example.stet")));
        QVERIFY(QFileInfo::exists(m_live->projectFolder() + QStringLiteral("/llama.gguf")));
        QVERIFY(waitFor([&] { return m_live->scored(); }));
    }

    void theSecondTimeItsProjectIsOpenedAgain()
    {
        theModelIsFetchedThenTheProjectOpens();
        m_live.reset();
        m_live = std::make_unique<LiveWindow>();
        QVERIFY(QFile::remove(mark("real") + QStringLiteral("/fetch-model.sh")));
        press("Open the example with a real model");
        QVERIFY(waitFor([&] { return m_live->shownId() >= 0; }));
    }

    void itIsCancelled()
    {
        begin("trap 'touch \"" + mark("stopped").toStdString() + "\"; exit 6' TERM; touch '" +
              mark("begun").toStdString() + "'; while true; do sleep 0.05; done");
        QVERIFY(waitFor([&] { return QFile::exists(mark("begun")); }));
        press("Cancel");
        QVERIFY(waitFor([&] { return m_live->button(QStringLiteral("Cancel")) == nullptr; }));
        QVERIFY(QFile::exists(mark("stopped")));
        QVERIFY(m_live->button(QStringLiteral("Open the example with a real model"))->isEnabled());
        QVERIFY(m_live->projectFolder().isEmpty());
    }

    void whyItFailedAndWhatToDoIsSaid()
    {
        begin(
            "echo 'details of pip' >&2; echo 'It could not be fetched. Check the network and try again.' >&2; exit 3");
        QVERIFY(waitFor([&] { return says("Check the network and try again."); }));
        QVERIFY(!says("details of pip"));
        QVERIFY(m_live->button(QStringLiteral("Open the example with a real model"))->isEnabled());
    }

    void withoutTheScriptThatIsSaid()
    {
        begin("");
        QVERIFY(waitFor([&] { return says("Fetching the model was stopped"); }));  // it ended without a word
        QVERIFY(QFile::remove(mark("real") + QStringLiteral("/fetch-model.sh")));
        press("Open the example with a real model");
        QVERIFY(waitFor([&] { return says("can't be started"); }));
    }

    void whatFetchesEndsWithTheWindow()
    {
        begin("trap 'touch \"" + mark("stopped").toStdString() + "\"; exit 6' TERM; touch '" +
              mark("begun").toStdString() + "'; while true; do sleep 0.05; done");
        QVERIFY(waitFor([&] { return QFile::exists(mark("begun")); }));
        m_live.reset();
        QVERIFY(QFile::exists(mark("stopped")));
    }
};

QTEST_MAIN(TestLiveRealExample)
#include "tst_live_real_example.moc"
