// Compare: values in, signals out; which answer is which stays hidden until it is chosen.
#include "tests/ui/shown_page.h"
#include "ui/compare/answer_panel.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/measures_table.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

#include <algorithm>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;

class ComparePageTest : public QObject {
    Q_OBJECT

    static bool says(const QWidget& page, const QString& words)
    {
        const auto labels = page.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
    }

private Q_SLOTS:
    void initTestCase() { dressAsUsual(); }

    // --- Compare
    void comparingIsBlindAndKeysChoose()
    {
        ComparePage page;
        show(page);
        std::vector<annotate::ComparedItem> items;
        for (int i = 0; i < 40; ++i) {
            items.push_back({std::to_string(i), "Add 1 and 1", "before", "after"});
        }
        page.setRound(3, 7);
        page.setItems(items);
        const auto panels = page.findChildren<AnswerPanel*>();
        QCOMPARE(panels.size(), 2);
        QSignalSpy chosen(&page, &ComparePage::preferenceChosen);
        int afterFirst = 0;
        page.setFocus();
        for (int i = 0; i < 40; ++i) {
            QCOMPARE(panels[0]->identity(), QString());  // blind
            const bool firstIsAfter = panels[0]->text() == QStringLiteral("after");
            afterFirst += firstIsAfter ? 1 : 0;
            QTest::keyClick(&page, i % 3 == 0 ? Qt::Key_A : i % 3 == 1 ? Qt::Key_B : Qt::Key_E);
            const auto preference = chosen.last().at(2).value<Preference>();
            if (i % 3 == 2) {
                QCOMPARE(preference, Preference::Equal);
            } else {
                QCOMPARE(preference == Preference::After, firstIsAfter == (i % 3 == 0));
            }
            QCOMPARE(panels[0]->identity(), panels[0]->text());  // told now
            QTest::keyClick(&page, Qt::Key_Right);
        }
        QVERIFY2(afterFirst > 10 && afterFirst < 30, "both orders must occur");
        QCOMPARE(chosen.count(), 40);
        QCOMPARE(chosen.last().at(0).toInt(), 3);
    }

    // Which is which was told with the choice: it can't be taken back, or the next ones would not be blind either.
    void aChoiceStandsOnceItIsTold()
    {
        ComparePage page;
        show(page);
        page.setRound(3, 7);
        page.setItems({{"a", "Add 1 and 1", "before", "after"}, {"b", "Add 1 and 2", "before", "after"}});
        QSignalSpy chosen(&page, &ComparePage::preferenceChosen);
        page.setFocus();
        QTest::keyClick(&page, Qt::Key_A);
        QTest::keyClick(&page, Qt::Key_B);
        QTest::keyClick(&page, Qt::Key_E);
        QCOMPARE(chosen.count(), 1);
        QTest::keyClick(&page, Qt::Key_Right);
        QTest::keyClick(&page, Qt::Key_B);
        QCOMPARE(chosen.count(), 2);
    }

    void pairsThatAreAlikeAreSkippedAndCounted()
    {
        ComparePage page;
        show(page);
        page.setRound(3, 7);
        page.setItems({{"a", "x", "same", "same"}, {"b", "x", "before", "after"}, {"c", "x", "alike ", "alike"}});
        QCOMPARE(page.findChildren<AnswerPanel*>()[0]->text() == QStringLiteral("same"), false);
        QVERIFY(says(page, QStringLiteral("1 of 1")));
        QVERIFY(says(page, QStringLiteral("2 answered alike")));
    }

    void whereAllAreAlikeThereIsNothingToChoose()
    {
        ComparePage page;
        show(page);
        page.setRound(3, 7);
        page.setItems({{"a", "x", "same", "same"}});
        page.setMeasures({{QStringLiteral("Rate"), QStringLiteral("61 %"), QStringLiteral("4 %"), true}});
        QSignalSpy chosen(&page, &ComparePage::preferenceChosen);
        page.setFocus();
        QTest::keyClick(&page, Qt::Key_A);
        QCOMPARE(chosen.count(), 0);
        QVERIFY(says(page, QStringLiteral("answered alike")));
        QVERIFY(page.findChild<MeasuresTable*>()->isVisible());
    }

    // They would say which is which: "opens with Sure!: 100 % → 0 %".
    void measuresComeWhenEveryPairIsChosen()
    {
        ComparePage page;
        show(page);
        page.setRound(3, 7);
        page.setItems({{"a", "x", "before", "after"}, {"b", "x", "before", "after"}});
        page.setMeasures({{QStringLiteral("Rate"), QStringLiteral("61 %"), QStringLiteral("4 %"), true}});
        auto* table = page.findChild<MeasuresTable*>();
        QVERIFY(!table->isVisible());
        page.setFocus();
        QTest::keyClick(&page, Qt::Key_A);
        QVERIFY(!table->isVisible());
        QTest::keyClick(&page, Qt::Key_Right);
        QTest::keyClick(&page, Qt::Key_A);
        QVERIFY(table->isVisible());
    }

    void whoWantsTheMeasuresEarlierEndsTheChoosing()
    {
        ComparePage page;
        show(page);
        page.setRound(3, 7);
        page.setItems({{"a", "x", "before", "after"}, {"b", "x", "before", "after"}});
        page.setMeasures({{QStringLiteral("Rate"), QStringLiteral("61 %"), QStringLiteral("4 %"), true}});
        QSignalSpy chosen(&page, &ComparePage::preferenceChosen);
        QVERIFY(button(page, QStringLiteral("Show what changed")) != nullptr);
        QTest::mouseClick(button(page, QStringLiteral("Show what changed")), Qt::LeftButton);
        QVERIFY(page.findChild<MeasuresTable*>()->isVisible());
        page.setFocus();
        QTest::keyClick(&page, Qt::Key_A);
        QCOMPARE(chosen.count(), 0);
        QVERIFY(!page.findChildren<AnswerPanel*>()[0]->identity().isEmpty());  // nothing is hidden any more
    }

    void theOrderStaysTheSameWhenAnItemIsShownAgain()
    {
        const std::vector<annotate::ComparedItem> items = {{"a", "x", "before", "after"},
                                                           {"b", "x", "before", "after"}};
        QStringList orders;
        for (int i = 0; i < 2; ++i) {
            ComparePage page;
            page.setRound(1, 99);
            page.setItems(items);
            orders << page.findChildren<AnswerPanel*>()[0]->text();
        }
        QCOMPARE(orders[0], orders[1]);
    }

    void winRateWithItsInterval()
    {
        ComparePage page;
        std::vector<annotate::ComparedItem> items;
        std::map<QString, Preference> choices;
        for (int i = 0; i < 100; ++i) {
            items.push_back({std::to_string(i), "x", "b", "a"});
            choices[QString::number(i)] = i < 71 ? Preference::After : Preference::Before;
        }
        page.setRound(1, 1);
        page.setItems(items);
        page.setChoices(choices);
        bool found = false;
        for (const QLabel* label : page.findChildren<QLabel*>()) {
            found = found || label->text().contains(QStringLiteral("71\u00A0% better, 95 % interval 61–79"));
        }
        QVERIFY(found);
    }

    void measuresAdoptAndDiscard()
    {
        ComparePage page;
        show(page);
        page.setRound(4, 1);
        page.setItems({{"a", "x", "b", "c"}});
        page.setSummary({});
        page.setMeasures({{QStringLiteral("Rate"), QStringLiteral("61 %"), QStringLiteral("4 %"), true}});
        QTest::mouseClick(button(page, QStringLiteral("Show what changed")), Qt::LeftButton);
        auto* table = page.findChild<MeasuresTable*>();
        QCOMPARE(table->rowCount(), 6);
        QCOMPARE(table->item(0, 3)->text(), QStringLiteral("better"));
        QSignalSpy adopted(&page, &ComparePage::adoptRequested);
        QSignalSpy discarded(&page, &ComparePage::discardRequested);
        QTest::mouseClick(button(page, QStringLiteral("Adopt round 4")), Qt::LeftButton);
        QTest::mouseClick(button(page, QStringLiteral("Discard")), Qt::LeftButton);
        QCOMPARE(adopted.at(0).at(0).toInt(), 4);
        QCOMPARE(discarded.at(0).at(0).toInt(), 4);
        page.setAdopted(true);
        QVERIFY(!button(page, QStringLiteral("Adopt"))->isEnabled());
    }

    // A round that was compared before anything was held out: measures and the decision are there all the same.
    void aComparisonWithoutHeldOutInstructionsShowsItsMeasures()
    {
        ComparePage page;
        show(page);
        page.setRound(1, 1);
        page.setItems({});
        QVERIFY(button(page, QStringLiteral("Go to Rounds")) != nullptr);  // nothing is compared yet
        page.setSummary({});
        QCOMPARE(page.findChild<MeasuresTable*>()->rowCount(), 5);
        QVERIFY(page.findChild<MeasuresTable*>()->isVisible());
        QVERIFY(button(page, QStringLiteral("Adopt round 1"))->isEnabled());
        QVERIFY(!page.findChild<AnswerPanel*>()->isVisible());
        QSignalSpy wanted(&page, &ComparePage::instructionsRequested);
        QTest::mouseClick(button(page, QStringLiteral("Hold out instructions")), Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    void anAdoptedRoundGoesOnWithFreshInstructions()
    {
        ComparePage page;
        show(page);
        page.setRound(1, 1);
        page.setItems({{"a", "x", "b", "c"}});
        page.setFreshInstructions(12);
        QVERIFY(button(page, QStringLiteral("Next round")) == nullptr);
        page.setAdopted(true);
        QSignalSpy next(&page, &ComparePage::nextRoundRequested);
        QTest::mouseClick(button(page, QStringLiteral("Next round: let it answer")), Qt::LeftButton);
        QCOMPARE(next.count(), 1);
        page.setFreshInstructions(0);
        QVERIFY(button(page, QStringLiteral("Next round: add fresh")) != nullptr);
    }
};

QTEST_MAIN(ComparePageTest)
#include "tst_compare_page.moc"
