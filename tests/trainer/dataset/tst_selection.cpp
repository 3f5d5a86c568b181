// Which examples train and in which order, and the learning rate of every update: rules that scripts rely on.
#include "base/sha256.h"
#include "trainer/dataset/selection.h"
#include "trainer/round/optimizer.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace stet;

namespace {

std::vector<files::Example> examples(int criticised, int accepted)
{
    std::vector<files::Example> all;
    for (int i = 0; i < criticised + accepted; ++i) {
        files::Example example;
        example.id = std::to_string(i);
        example.line = i;
        if (i % 2 == 0 && i / 2 < criticised) {
            example.judgment = "wrong";
        }
        all.push_back(example);
    }
    return all;
}

int criticisedOf(const std::vector<files::Example>& all)
{
    return static_cast<int>(std::count_if(all.begin(), all.end(), [](const auto& e) { return e.judgment; }));
}

}  // namespace

class SelectionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acceptedAreKeptInProportionByHash()
    {
        const auto all = examples(10, 30);
        QCOMPARE(criticisedOf(all), 10);
        const auto kept = round::downSample(all, 0.25, 42);
        QCOMPARE(kept.size(), std::size_t(12));  // int(2.5) accepted
        QVERIFY(std::is_sorted(kept.begin(), kept.end()));
        std::string largestKept;
        std::string smallestLeft(64, 'z');
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool in = std::binary_search(kept.begin(), kept.end(), i);
            if (all[i].judgment) {
                QVERIFY(in);
                continue;
            }
            const std::string hex = toHex(sha256("42:" + std::to_string(i)));
            in ? largestKept = std::max(largestKept, hex) : smallestLeft = std::min(smallestLeft, hex);
        }
        QVERIFY(largestKept < smallestLeft);
        QCOMPARE(round::downSample(all, -1, 42).size(), all.size());
        QCOMPARE(round::downSample(all, 0, 42).size(), std::size_t(10));
        QCOMPARE(round::downSample(all, 100, 42).size(), all.size());
        QVERIFY(round::downSample(all, 0.25, 43) != kept);
    }

    void anEpochIsOrderedByItsHashes()
    {
        const std::vector<int> lines = {0, 3, 4, 9, 11, 40};
        const auto order = round::epochOrder(lines, 7, 2, true);
        std::string before;
        for (const std::size_t index : order) {
            const std::string hex = toHex(sha256("7:2:" + std::to_string(lines[index])));
            QVERIFY(before < hex);
            before = hex;
        }
        QVERIFY(round::epochOrder(lines, 7, 3, true) != order);
        QCOMPARE(round::epochOrder(lines, 7, 2, false), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
    }

    // The released code's first online round: 45 steps of a warm-up over 100 that never ends.
    void aWarmUpLongerThanTheRoundNeverEnds()
    {
        round::Schedule schedule{4e-4, 45, 100, true, files::ScheduleKind::Cosine, 0};
        QCOMPARE(schedule.at(0), 0.0);
        QVERIFY(std::fabs(schedule.at(1) - 4e-6) < 1e-15);
        QVERIFY(std::fabs(schedule.at(44) - 1.76e-4) < 1e-15);
    }

    void everyScheduleIsItsFormula()
    {
        round::Schedule schedule{1, 50, 10, false, files::ScheduleKind::Cosine, 0};
        QVERIFY(std::fabs(schedule.at(0) - 0.1) < 1e-15);
        QVERIFY(std::fabs(schedule.at(9) - 1) < 1e-15);
        QVERIFY(std::fabs(schedule.at(10) - 1) < 1e-15);
        QVERIFY(std::fabs(schedule.at(30) - 0.5) < 1e-12);
        schedule.kind = files::ScheduleKind::Linear;
        QVERIFY(std::fabs(schedule.at(40) - 0.25) < 1e-12);
        schedule.kind = files::ScheduleKind::Constant;
        QCOMPARE(schedule.at(49), 1.0);
    }
};

QTEST_APPLESS_MAIN(SelectionTest)
#include "tst_selection.moc"
