// Where the tests of numbers compute: on the CPU, and a second time (ctest label gpu) on the device that
// STET_TEST_DEVICE names, against the same goldens. A program whose device isn't there skips, with the worker's own
// reason.
#pragma once

#include "trainer/model/device.h"

#include <QtTest>

#include <string>

namespace stet::test {

inline std::string device()
{
    return qEnvironmentVariable("STET_TEST_DEVICE", QStringLiteral("cpu")).toStdString();
}

inline bool onGpu()
{
    return device() != "cpu" && device() != "apart";
}

// The device of apart_device.cpp.
inline bool apart()
{
    return device() == "apart";
}

// One thread on the CPU: small models are faster so, and sums always of one order.
inline model::Compute compute(const std::string& dtype = "float32")
{
    if (apart()) {
        model::Compute there = model::resolveCompute({"cpu", dtype, 1}, "float32");
        there.device = c10::Device(c10::DeviceType::PrivateUse1, 0);
        return there;
    }
    return model::resolveCompute({device(), dtype, 1}, "float32");
}

// The largest difference allowed where the CPU's is `onCpu`. CUDA sums in other orders, in float32 without TF32: ten
// times as much.
inline double tolerance(double onCpu)
{
    return onGpu() ? 10 * onCpu : onCpu;
}

}  // namespace stet::test

// First in initTestCase(): loads the accelerator, and skips the program where the device it is to run on is missing.
#define STET_LOAD_DEVICE()                                                                                             \
    do {                                                                                                               \
        const auto& accelerator = stet::model::loadAccelerator();                                                      \
        if (stet::test::onGpu() && !accelerator.usable) {                                                              \
            QSKIP(accelerator.reason.c_str());                                                                         \
        }                                                                                                              \
    } while (false)
