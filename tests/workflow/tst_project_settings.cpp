// The settings of a project's rounds, by name.
#include "base/failure.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "workflow/round_settings.h"

#include <QtTest>

#include <algorithm>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
using workflow::chooseRoundSetting;

class ProjectSettingsTest : public QObject {
    Q_OBJECT

    OpenProject m_open;

private Q_SLOTS:
    void cleanup() { m_open.project->setSetting("round", "{}"); }

    void whatIsChosenStandsInTheNextRound()
    {
        Project& project = *m_open.project;
        chooseRoundSetting(project, "epochs", "4");
        chooseRoundSetting(project, "optimizer.lr", "3e-4");
        chooseRoundSetting(project, "optimizer.weight_decay", "0.1");
        chooseRoundSetting(project, "truncate", "left");
        chooseRoundSetting(project, "shuffle", "false");
        const Json expected = {{"epochs", 4},
                               {"optimizer", {{"lr", 3e-4}, {"weight_decay", 0.1}}},
                               {"truncate", "left"},
                               {"shuffle", false}};
        QVERIFY2(project.ownRoundSettings() == expected, project.ownRoundSettings().dump().c_str());
        QVERIFY(project.roundSettings("stable").at("optimizer") == expected.at("optimizer"));
    }

    void anEmptyValueIsThePresetsAgain()
    {
        Project& project = *m_open.project;
        for (const char* path : {"epochs", "optimizer.lr", "anchor.weight"}) {
            chooseRoundSetting(project, path, "2");
        }
        // A weight alone means the divergence from the model before.
        QVERIFY(project.ownRoundSettings().at("anchor") == (Json{{"weight", 2}, {"kind", "kl"}}));
        for (const char* path : {"epochs", "optimizer.lr", "anchor.weight", "seed"}) {
            chooseRoundSetting(project, path, "");
        }
        QVERIFY2(project.ownRoundSettings().empty(), project.ownRoundSettings().dump().c_str());
    }

    void whatAProjectKeepsElsewhereIsChosenByNameToo()
    {
        Project& project = *m_open.project;
        chooseRoundSetting(project, "preset", "ftpo");
        QCOMPARE(project.setting("preset"), std::string("ftpo"));
        chooseRoundSetting(project, "false_alarm_rate", "0.02");
        QCOMPARE(project.falseAlarmRate(), std::optional(0.02));
        chooseRoundSetting(project, "lambda", "1.4");
        QCOMPARE(project.threshold("stable").lambda, 1.4);
        chooseRoundSetting(project, "contrast", "D2");
        QCOMPARE(project.contrastOf("stable"), std::string("D2"));
        chooseRoundSetting(project, "contrast", "");
        chooseRoundSetting(project, "preset", "");
        QCOMPARE(project.setting("preset"), std::string("stable"));
        QVERIFY(project.contrastOf("stable") != "D2");
        QVERIFY(project.ownRoundSettings().empty());
    }

    void whatIsNoSettingIsRefusedWithThoseThereAre_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* path, const char* value, const char* said) {
            QTest::addRow("%s", path) << QString::fromLatin1(path) << QString::fromLatin1(value)
                                      << QString::fromLatin1(said);
        };
        row("lr", "1e-4", "optimizer.lr");
        row("optimizer", "{}", "optimizer.lr");
        row("model", "/tmp", "known: ");
        row("preset", "best", "stable");
        row("lambda", "0.5", "from 1");
        row("false_alarm_rate", "half", "0.5");
        row("contrast", "D9", "D1 to D6");
    }

    void whatIsNoSettingIsRefusedWithThoseThereAre()
    {
        QFETCH(QString, path);
        QFETCH(QString, value);
        QFETCH(QString, said);
        try {
            chooseRoundSetting(*m_open.project, path.toStdString(), value.toStdString());
            QFAIL("it was taken");
        } catch (const Failure& failure) {
            QVERIFY2(QString::fromUtf8(failure.what()).contains(said), failure.what());
        }
        QVERIFY(m_open.project->ownRoundSettings().empty());
    }

    void theNamesAreInOrder()
    {
        const auto& names = workflow::roundSettingNames();
        QVERIFY(std::is_sorted(names.begin(), names.end()));
        QVERIFY(std::adjacent_find(names.begin(), names.end()) == names.end());
    }
};

QTEST_APPLESS_MAIN(ProjectSettingsTest)
#include "tst_project_settings.moc"
