// The corrected response: written by keys, compared word by word, submitted with the criticism, never lost.
#include "tests/support/patience.h"
#include "tests/ui/open_annotate_page.h"
#include "ui/annotate/correction_panel.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"
#include "ui/common/word_diff_view.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTextBlock>
#include <QToolButton>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;
using annotate::ResponseId;
using annotate::Verdict;

using Revision = std::optional<QString>;

class AnnotateCorrectingTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AnnotatePage> m_page;

    CorrectionPanel* correction() { return m_page->findChild<CorrectionPanel*>(); }
    WritingEdit* box() { return correction()->edit(); }
    JudgmentEdit* judgment() { return m_page->findChild<JudgmentEdit*>(); }
    HeatMapView* heatMap() { return m_page->findChild<HeatMapView*>(); }
    WordDiffView* changes() { return m_page->findChild<WordDiffView*>(); }
    static QString response() { return QString::fromStdString(sampleItem().output); }

    bool says(const QString& words) const
    {
        for (const QLabel* label : m_page->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words)) {
                return true;
            }
        }
        return false;
    }
    QToolButton* toggle()
    {
        for (QToolButton* button : m_page->findChildren<QToolButton*>()) {
            if (button->accessibleName() == QStringLiteral("Correct the response")) {
                return button;
            }
        }
        return nullptr;
    }
    // As the view draws it: [left out] {put in}.
    QString drawn()
    {
        QString text;
        for (auto block = changes()->document()->begin(); block.isValid(); block = block.next()) {
            text += block.blockNumber() > 0 ? QStringLiteral("\n") : QString();
            for (auto it = block.begin(); !it.atEnd(); ++it) {
                const auto format = it.fragment().charFormat();
                text += format.fontStrikeOut() ? QStringLiteral("[%1]").arg(it.fragment().text())
                    : format.fontUnderline()   ? QStringLiteral("{%1}").arg(it.fragment().text())
                                               : it.fragment().text();
            }
        }
        return text;
    }
    // Opens it and takes "Sure! " away, the beginning of the sample.
    void takeTheOpenerAway()
    {
        QVERIFY(response().startsWith(QStringLiteral("Sure! ")));
        QTest::keyClick(heatMap(), Qt::Key_E, Qt::ControlModifier);
        QTest::keyClick(box(), Qt::Key_Home, Qt::ControlModifier);
        for (int i = 0; i < 6; ++i) {
            QTest::keyClick(box(), Qt::Key_Delete);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        applyTheme(*qApp, ThemeChoice::Light);
        installTranslator(*qApp, QStringLiteral("en"));  // one word, two words
    }

    void init() { m_page = openAnnotatePage(); }

    void theKeyOpensACopyOfTheResponseWhichIsNoCorrectionYet()
    {
        QSignalSpy edited(m_page.get(), &AnnotatePage::revisionEdited);
        QVERIFY(!correction()->isVisible());
        heatMap()->setFocus();
        QTest::keyClick(heatMap(), Qt::Key_E, Qt::ControlModifier);
        QVERIFY(correction()->isVisible());
        QVERIFY(box()->hasFocus());
        QCOMPARE(box()->toPlainText(), response());
        QVERIFY(says(QStringLiteral("Nothing is changed")));
        QCOMPARE(edited.count(), 0);
        QVERIFY(!buttonNamed(*m_page, QStringLiteral("Criticise"))->isChecked());
        QTest::keyClick(box(), Qt::Key_E, Qt::ControlModifier);
        QVERIFY(judgment()->hasFocus());
        QTest::keyClick(judgment(), Qt::Key_E, Qt::ControlModifier);
        QVERIFY(box()->hasFocus());
        QTest::keyClick(box(), Qt::Key_Escape);
        QVERIFY(heatMap()->hasFocus());
    }

    void whatWasChangedIsShownWordByWord()
    {
        takeTheOpenerAway();
        QTest::keyClick(box(), Qt::Key_End, Qt::ControlModifier);
        QTest::keyClicks(box(), QStringLiteral(" Amen"));
        const QString expected = QStringLiteral("[Sure! ]") + response().mid(6) + QStringLiteral("{ Amen}");
        QTRY_COMPARE_WITH_TIMEOUT(drawn(), expected, kPatienceMs);
        QVERIFY(says(QStringLiteral("2 words left out · 1 put in")));
        QCOMPARE(changes()->accessibleDescription(), QStringLiteral("Changes: 2 words left out · 1 put in"));
    }

    // Without colour: struck through or bold and underlined. With it: blue and orange, readable.
    void changesAreLegibleInBothThemes()
    {
        for (const auto& colours : {lightColours(), darkColours()}) {
            changes()->setPalette(paletteFor(colours));
            changes()->setPieces(annotate::wordDiff("one two", "one three"));
            auto it = changes()->document()->begin().begin();
            for (++it; !it.atEnd(); ++it) {
                const auto format = it.fragment().charFormat();
                QVERIFY(format.fontStrikeOut() || (format.fontUnderline() && format.fontWeight() > QFont::Normal));
                QVERIFY(contrastRatio(format.foreground().color(), format.background().color()) >= 4.5);
                QVERIFY(format.background().color() != colours.background);
            }
        }
    }

    void aCorrectionIsACriticismAndIsSubmittedWithTheWords()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QSignalSpy edited(m_page.get(), &AnnotatePage::revisionEdited);
        takeTheOpenerAway();
        QCOMPARE(edited.count(), 6);
        QCOMPARE(edited.last().at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(edited.last().at(1).toString(), response().mid(6));
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Criticise"))->isChecked());
        QTest::keyClick(box(), Qt::Key_E, Qt::ControlModifier);
        QTest::keyClicks(judgment(), QStringLiteral("No opener."));
        QTest::keyClick(judgment(), Qt::Key_E, Qt::ControlModifier);
        QTest::keyClick(box(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Criticised);
        QCOMPARE(submitted.at(0).at(2).toString(), QStringLiteral("No opener."));
        QCOMPARE(submitted.at(0).at(3).value<Revision>(), Revision(response().mid(6)));
    }

    void aCorrectionWithoutWordsIsAskedAboutOnce()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        takeTheOpenerAway();
        QTest::keyClick(box(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 0);
        QVERIFY(says(QStringLiteral("say what was wrong, too")));
        QTest::keyClick(box(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Criticised);
        QCOMPARE(submitted.at(0).at(3).value<Revision>(), Revision(response().mid(6)));
    }

    void acceptingLeavesATypedCorrectionADraft()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        takeTheOpenerAway();
        QTest::keyClick(box(), Qt::Key_1, Qt::AltModifier);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QCOMPARE(submitted.at(0).at(3).value<Revision>(), Revision());
        QCOMPARE(box()->toPlainText(), response().mid(6));
    }

    void nothingIsSaidOfACorrectionWhereNoneWasTouched()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QTest::keyClick(heatMap(), Qt::Key_E, Qt::ControlModifier);  // a copy is none
        m_page->focusJudgment();
        QTest::keyClicks(judgment(), QStringLiteral("Too long."));
        QTest::keyClick(judgment(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.at(0).at(3).value<Revision>(), Revision());
    }

    void whoComesBackSeesTheCorrectionAndWhoseItIs()
    {
        auto item = openItem(38);
        item.verdict = Verdict::Criticised;
        item.judgment = "No opener.";
        item.revision = "Mara bakes.";
        item.revisedBy = annotate::program("reviser");
        m_page->setItem(item, 38, 60);
        QVERIFY(correction()->isVisible());
        QCOMPARE(box()->toPlainText(), QStringLiteral("Mara bakes."));
        QVERIFY(says(QStringLiteral("by: reviser")));
        QVERIFY(toggle()->isChecked());
        m_page->setItem(openItem(39), 39, 60);
        QVERIFY(!correction()->isVisible());
        QVERIFY(!toggle()->isChecked());
    }

    void anEmptiedCorrectionIsTakenAway()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        auto item = openItem(38);
        item.verdict = Verdict::Accepted;
        item.revision = "Mara bakes.";
        m_page->setItem(item, 38, 60);
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Accept"))->isChecked());
        box()->setFocus();
        QTest::keyClick(box(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(box(), Qt::Key_Delete);
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Accept"))->isChecked());
        QTest::keyClick(box(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QCOMPARE(submitted.at(0).at(3).value<Revision>(), Revision(QString()));
    }

    void theSameItemAgainKeepsTheCaretAndAnUndoneOneShowsWhatIsStored()
    {
        takeTheOpenerAway();
        auto item = openItem(37);
        item.revisionDraft = response().mid(6).toStdString();
        m_page->setItem(item, 37, 60);
        QCOMPARE(box()->textCursor().position(), 0);
        QVERIFY(box()->hasFocus());
        QSignalSpy edited(m_page.get(), &AnnotatePage::revisionEdited);
        item.revisionDraft.reset();
        item.revision = "Mara bakes.";
        m_page->setItem(item, 37, 60);
        QCOMPARE(box()->toPlainText(), QStringLiteral("Mara bakes."));
        QCOMPARE(edited.count(), 0);
    }

    void undoGoesThroughTheTextFirst()
    {
        QSignalSpy undo(m_page.get(), &AnnotatePage::undoRequested);
        QTest::keyClick(heatMap(), Qt::Key_E, Qt::ControlModifier);
        QTest::keyClicks(box(), QStringLiteral(" word"));
        QTest::keyClick(box(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(undo.count(), 0);
        QCOMPARE(box()->toPlainText(), response());
        QTest::keyClick(box(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(undo.count(), 1);
    }

    void theButtonFoldsItAwayWithItsWords()
    {
        QTest::mouseClick(toggle(), Qt::LeftButton);
        QVERIFY(box()->hasFocus());
        QTest::keyClicks(box(), QStringLiteral(" word"));
        QTest::mouseClick(toggle(), Qt::LeftButton);
        QVERIFY(!correction()->isVisible());
        QTest::mouseClick(toggle(), Qt::LeftButton);
        QCOMPARE(box()->toPlainText(), response() + QStringLiteral(" word"));
    }

    void aProjectThatIsOnlyReadShowsACorrectionAndTakesNone()
    {
        m_page->setReadOnly(true);
        QTest::keyClick(heatMap(), Qt::Key_E, Qt::ControlModifier);
        QVERIFY(!correction()->isVisible());
        auto item = openItem(38);
        item.revision = "Mara bakes.";
        m_page->setItem(item, 38, 60);
        QVERIFY(correction()->isVisible());
        QVERIFY(box()->isReadOnly());
    }

    // A text box gives other spaces and line ends back than it was given: still the same response.
    void aCopyIsNoCorrectionWhateverSpacesTheResponseHas()
    {
        auto item = openItem(38);
        item.output = "One\u00A0two\r\nthree\u2028four";
        m_page->setItem(item, 38, 60);
        QTest::keyClick(heatMap(), Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(correction()->correction(), QString());
        QVERIFY(says(QStringLiteral("Nothing is changed")));
    }
};

QTEST_MAIN(AnnotateCorrectingTest)
#include "tst_annotate_correcting.moc"
