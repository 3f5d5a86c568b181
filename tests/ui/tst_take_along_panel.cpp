// "Use this model": which forms are offered for which program and round, what is asked for, what is said at the end.
#include "tests/ui/shown_page.h"
#include "ui/round/round_card.h"
#include "ui/round/rounds_page.h"
#include "ui/round/take_along_panel.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QSignalSpy>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;

class TakeAlongPanelTest : public QObject {
    Q_OBJECT

    static void fill(TakeAlongPanel& panel)
    {
        const auto text = [](const char* latin) { return QString::fromLatin1(latin); };
        panel.setChoices(
            {{text("gguf-q8_0"), false, true}, {text("peft"), true, false}, {text("huggingface"), true, false}},
            {{text("ollama"), text("Ollama"), {text("gguf-q8_0")}, {}},
             {text("transformers"), text("Transformers"), {text("huggingface"), text("peft")}, text("version 5")},
             {QString(), QString(), {text("gguf-q8_0"), text("peft"), text("huggingface")}, {}}});
    }

    static QStringList forms(const TakeAlongPanel& panel)
    {
        const auto* box = panel.findChildren<QComboBox*>().at(1);
        QStringList names;
        for (int i = 0; i < box->count(); ++i) {
            names << box->itemText(i);
        }
        return names;
    }

    static void choose(const TakeAlongPanel& panel, int program)
    {
        panel.findChildren<QComboBox*>().at(0)->setCurrentIndex(program);
    }

    static bool says(const QWidget& panel, const QString& text)
    {
        const auto labels = panel.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
    }

private Q_SLOTS:
    void initTestCase() { dressAsUsual(); }

    void aCardOpensIt()
    {
        RoundsPage page;
        show(page);
        fill(*page.takeAlong());
        annotate::RoundRecord round;
        round.number = 1;
        round.state = annotate::RoundState::Finished;
        annotate::RoundRecord failed;
        failed.number = 2;
        failed.state = annotate::RoundState::Failed;
        page.setRounds({round, failed}, 0);
        QVERIFY(!page.takeAlong()->isVisible());
        int offered = 0;
        for (RoundCard* card : page.findChildren<RoundCard*>()) {
            if (QPushButton* use = button(*card, QStringLiteral("Use this model"))) {
                ++offered;
                QTest::mouseClick(use, Qt::LeftButton);
                QVERIFY(page.takeAlong()->isVisible());
                QVERIFY(says(*page.takeAlong(), QStringLiteral("Use this model: ") + roundName(card->number())));
            }
        }
        QCOMPARE(offered, 2);  // the base model and the round that is finished
        page.clear(0);
        QVERIFY(!page.takeAlong()->isVisible());
    }

    void eachProgramIsOfferedWhatItReads()
    {
        TakeAlongPanel panel;
        fill(panel);
        show(panel);
        panel.open(2);
        QCOMPARE(forms(panel), QStringList{QStringLiteral("GGUF, 8 bits a weight")});
        choose(panel, 1);
        QCOMPARE(
            forms(panel),
            (QStringList{QStringLiteral("Hugging Face folder, merged"), QStringLiteral("Adapter alone, PEFT folder")}));
        choose(panel, 2);
        QCOMPARE(forms(panel).size(), 3);
        QSignalSpy asked(&panel, &TakeAlongPanel::exportRequested);
        choose(panel, 1);
        panel.saveTo(QStringLiteral("/tmp/x"));
        QCOMPARE(
            asked.at(0),
            (QVariantList{2, QStringLiteral("huggingface"), QStringLiteral("transformers"), QStringLiteral("/tmp/x")}));
    }

    void theBaseModelHasNoAdapterToSave()
    {
        TakeAlongPanel panel;
        fill(panel);
        show(panel);
        panel.open(0);
        QCOMPARE(forms(panel).size(), 1);
        QVERIFY(button(panel, QStringLiteral("Save"))->isEnabled());
        choose(panel, 1);
        QVERIFY(forms(panel).isEmpty());
        QVERIFY(!button(panel, QStringLiteral("Save"))->isEnabled());
        QVERIFY(says(panel, QStringLiteral("base model's own folder")));
    }

    void whileItIsSavedItCanBeCancelledAndStaysWithItsRound()
    {
        TakeAlongPanel panel;
        fill(panel);
        show(panel);
        panel.open(1);
        QVERIFY(button(panel, QStringLiteral("Cancel")) == nullptr);
        panel.setRunning(0.25);
        QCOMPARE(panel.findChild<QProgressBar*>()->value(), 250);
        QVERIFY(!button(panel, QStringLiteral("Save"))->isEnabled());
        panel.open(2);
        QVERIFY(says(panel, QStringLiteral("Round 1")));
        QSignalSpy cancelled(&panel, &TakeAlongPanel::cancelRequested);
        QTest::mouseClick(button(panel, QStringLiteral("Cancel")), Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
        panel.setProblem(QStringLiteral("The disk is full."));
        QVERIFY(says(panel, QStringLiteral("The disk is full.")));
        QVERIFY(button(panel, QStringLiteral("Save"))->isEnabled());
        QVERIFY(button(panel, QStringLiteral("Copy")) == nullptr);
    }

    void theLineIsCopiedAndSaysWhetherItWasTried()
    {
        TakeAlongPanel panel;
        fill(panel);
        show(panel);
        panel.open(1);
        panel.setDone(QStringLiteral("Saved."), QStringLiteral("ollama run x"));
        QCOMPARE(panel.findChild<QLineEdit*>()->text(), QStringLiteral("ollama run x"));
        QVERIFY(says(panel, QStringLiteral("with this version of Stet it was not tried")));
        QTest::mouseClick(button(panel, QStringLiteral("Copy")), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("ollama run x"));
        choose(panel, 1);
        QVERIFY(button(panel, QStringLiteral("Copy")) == nullptr);  // it was of another program
        panel.setDone(QStringLiteral("Saved."), QStringLiteral("python3"));
        QVERIFY(says(panel, QStringLiteral("Such files were tried with version 5")));
    }
};

QTEST_MAIN(TakeAlongPanelTest)
#include "tst_take_along_panel.moc"
