// A loaded model and the adapters that are asked for: each is read once, and those of long ago are let go.
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/serve/loaded_model.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

class LoadedModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void adaptersAreReadOnceAndTheOldestGo()
    {
        QTemporaryDir dir;
        serve::LoadedModel model(test::goldenDir() + "/cut/model", {"cpu", "float32", 1}, "alpaca");
        const auto adapterAt = [&](int number) {
            const std::string folder = dir.path().toStdString() + "/" + std::to_string(number);
            if (!fs::exists(folder)) {
                fs::copy(test::goldenDir() + "/cut/start", folder);
            }
            return model.adapters(folder).terms.at(0);
        };
        QVERIFY(model.adapters("").terms.empty());
        QVERIFY(model.adapters("base").terms.empty());
        const auto* first = adapterAt(1);
        for (int number = 2; number <= 6; ++number) {
            QVERIFY(adapterAt(number) != first);
        }
        QCOMPARE(adapterAt(1), first);
        QCOMPARE(model.adaptersHeld(), std::size_t(6));
        model.forgetAdapters(2);
        QCOMPARE(model.adaptersHeld(), std::size_t(2));
        QCOMPARE(adapterAt(1), first);
        adapterAt(5);
        QCOMPARE(model.adaptersHeld(), std::size_t(3));
    }
};

QTEST_APPLESS_MAIN(LoadedModelTest)
#include "tst_loaded_model.moc"
