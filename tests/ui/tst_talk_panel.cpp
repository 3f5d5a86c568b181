// "Talk to it": what is typed is asked once, answers grow side by side, and 1 or 2 puts one into the queue.
#include "tests/ui/shown_page.h"
#include "ui/round/talk_panel.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;

class TalkPanelTest : public QObject {
    Q_OBJECT

    static QPlainTextEdit* box(const TalkPanel& panel, int index)
    {
        return panel.findChildren<QPlainTextEdit*>().at(index);
    }

private Q_SLOTS:
    void initTestCase() { dressAsUsual(); }

    void whatIsTypedIsAskedOnce()
    {
        TalkPanel panel;
        show(panel);
        panel.open(2);
        QSignalSpy asked(&panel, &TalkPanel::asked);
        QTest::keyClick(box(panel, 0), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(asked.count(), 0);  // nothing is typed
        QTest::keyClicks(box(panel, 0), QStringLiteral("12 or 21?"));
        QTest::keyClick(box(panel, 0), Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClick(box(panel, 0), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.at(0), (QVariantList{2, QStringLiteral("12 or 21?")}));
        QSignalSpy stopped(&panel, &TalkPanel::stopRequested);
        QTest::mouseClick(button(panel, QStringLiteral("Stop")), Qt::LeftButton);
        QCOMPARE(stopped.count(), 1);
    }

    void onlyAWholeAnswerGoesIntoTheQueueAndOnlyOnce()
    {
        QWidget host;
        TalkPanel panel(&host);
        show(host);
        panel.open(1);
        QVERIFY(box(panel, 0)->hasFocus());
        panel.ask(QStringLiteral("Who are you?"));
        QSignalSpy kept(&panel, &TalkPanel::keepRequested);
        panel.setText(TalkPanel::Base, QStringLiteral("Sure! I"));
        QCOMPARE(box(panel, 1)->toPlainText(), QStringLiteral("Sure! I"));
        panel.setAnswer(TalkPanel::Round, QStringLiteral("A model."));
        panel.setEnded({});  // the base model was stopped
        QVERIFY(box(panel, 2)->hasFocus());
        QTest::keyClick(box(panel, 2), Qt::Key_1);
        QCOMPARE(kept.count(), 0);
        QTest::keyClick(box(panel, 2), Qt::Key_2);
        QCOMPARE(kept.count(), 1);
        QCOMPARE(kept.at(0).at(0).toInt(), static_cast<int>(TalkPanel::Round));
        panel.setKept(TalkPanel::Round);
        QTest::keyClick(box(panel, 2), Qt::Key_2);
        QCOMPARE(kept.count(), 1);
        QVERIFY(button(panel, QStringLiteral("In the queue")) != nullptr);
        QTest::keyClick(box(panel, 2), Qt::Key_Return);
        QVERIFY(box(panel, 0)->hasFocus());
        QTest::keyClick(box(panel, 0), Qt::Key_1);  // typed, now
        QCOMPARE(box(panel, 0)->toPlainText(), QStringLiteral("1"));
    }

    void anotherRoundBeginsAnew()
    {
        TalkPanel panel;
        show(panel);
        panel.open(1);
        panel.ask(QStringLiteral("Who are you?"));
        panel.setAnswer(TalkPanel::Base, QStringLiteral("A model."));
        QSignalSpy stopped(&panel, &TalkPanel::stopRequested);
        panel.open(2);
        QCOMPARE(stopped.count(), 1);
        QVERIFY(box(panel, 0)->toPlainText().isEmpty() && box(panel, 1)->toPlainText().isEmpty());
        QVERIFY(!button(panel, QStringLiteral("(1)"))->isEnabled());
        panel.ask(QStringLiteral("And now?"));
        panel.setEnded(QStringLiteral("The worker was lost."));
        const auto labels = panel.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text() == QLatin1String("The worker was lost.");
        }));
        QVERIFY(button(panel, QStringLiteral("Ask")) != nullptr);
    }
};

QTEST_MAIN(TalkPanelTest)
#include "tst_talk_panel.moc"
