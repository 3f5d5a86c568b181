// What the window makes of the worker's JSON.
#include "app/session/convert.h"

#include <QtTest>

using namespace stet;

class ConvertTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theHardwareLineNamesTheDeviceThatWillBeUsed()
    {
        const Json cpu = {
            {"device", "cpu"}, {"free_memory", 8'000'000'000}, {"device_reason", "no GPU: no NVIDIA driver found"}};
        QCOMPARE(app::hardwareLine(cpu, 2),
                 QStringLiteral("CPU, 2 cores, 8.0\u00A0GB free · no GPU: no NVIDIA driver found"));
        const Json gpu = {{"device", "cuda:0"}, {"free_memory", 80'000'000'000}, {"device_reason", "NVIDIA GPU found"}};
        QCOMPARE(app::hardwareLine(gpu, 2), QStringLiteral("GPU (cuda:0), 80\u00A0GB free · NVIDIA GPU found"));
    }
};

QTEST_APPLESS_MAIN(ConvertTest)
#include "tst_convert.moc"
