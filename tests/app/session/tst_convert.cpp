// What the window makes of the worker's JSON.
#include "app/session/convert.h"

#include <QtTest>

using namespace stet;

class ConvertTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theHardwareLineNamesTheDeviceThatWillBeUsed()
    {
        contract::Hello hello;
        hello.device = "cpu";
        hello.freeMemory = 8'000'000'000;
        hello.deviceReason = "no GPU: no NVIDIA driver found";
        QCOMPARE(app::hardwareLine(hello, 2),
                 QStringLiteral("CPU, 2 cores, 8.0\u00A0GB free · no GPU: no NVIDIA driver found"));
        hello.device = "cuda:0";
        hello.freeMemory = 80'000'000'000;
        hello.deviceReason = "NVIDIA GPU found";
        QCOMPARE(app::hardwareLine(hello, 2), QStringLiteral("GPU (cuda:0), 80\u00A0GB free · NVIDIA GPU found"));
    }
};

QTEST_APPLESS_MAIN(ConvertTest)
#include "tst_convert.moc"
