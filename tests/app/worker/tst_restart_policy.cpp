// When a worker that died is started again.
#include "app/worker/restart_policy.h"

#include <QtTest>

using stet::app::RestartPolicy;

class RestartPolicyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachPauseIsTwiceTheOneBeforeAndTheFifthDeathIsTheLast()
    {
        RestartPolicy policy;
        for (const int pause : {500, 1000, 2000, 4000}) {
            QCOMPARE(policy.pauseAfterDeath(1000 * policy.deaths(), 500), std::optional(pause));
        }
        QCOMPARE(policy.pauseAfterDeath(5000, 500), std::optional<int>());
        QCOMPARE(policy.deaths(), 5);
    }

    void aDeathIsForgottenAfterThreeMinutes()
    {
        RestartPolicy policy;
        for (int i = 0; i < 4; ++i) {
            QVERIFY(policy.pauseAfterDeath(0, 500).has_value());
        }
        QCOMPARE(policy.pauseAfterDeath(180'001, 500), std::optional(500));
        QCOMPARE(policy.deaths(), 1);
    }

    void askedToItStartsAtTheBeginning()
    {
        RestartPolicy policy;
        for (int i = 0; i < 5; ++i) {
            policy.pauseAfterDeath(i, 500);
        }
        policy.forget();
        QCOMPARE(policy.pauseAfterDeath(6, 500), std::optional(500));
    }
};

QTEST_APPLESS_MAIN(RestartPolicyTest)
#include "tst_restart_policy.moc"
