// The device apart finds what it is there to find: what CUDA would refuse, and reads through a pointer.
#include "trainer/model/device.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <QtTest>

#include <array>
#include <cerrno>
#include <functional>

#include <unistd.h>

using namespace stet;

namespace {

const c10::Device kApart(c10::DeviceType::PrivateUse1, 0);

// Whether the kernel could read there: a pipe's write fails where the program would crash.
bool readable(const void* at)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        return false;
    }
    const bool could = ::write(ends[1], at, 1) == 1;
    ::close(ends[0]);
    ::close(ends[1]);
    return could;
}

}  // namespace

class ApartDeviceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // First: nothing was made on the device yet.
    void memoryOfFreedTensorsCountsAsFree()
    {
        const auto all = model::freeMemory(kApart);
        QVERIFY(all > 0);
        {
            const at::Tensor large = at::zeros({1 << 20}).to(kApart);
            QVERIFY(model::freeMemory(kApart) + large.nbytes() <= all);
        }
        QCOMPARE(model::freeMemory(kApart), all);
    }

    void itComputesWithItsOwnTensors()
    {
        const at::Tensor here = at::arange(6, at::kFloat).view({2, 3});
        const at::Tensor there = here.to(kApart);
        QCOMPARE(there.device(), kApart);
        QCOMPARE((there.t() * 2 + 1)[2][1].item<float>(), 11.0F);
        QVERIFY(at::equal(at::matmul(there, there.t()).to(at::kCPU), at::matmul(here, here.t())));
        at::Tensor changed = there.clone();
        changed.narrow(1, 1, 1).fill_(7);
        QVERIFY(at::equal(changed.to(at::kCPU).sum(1), at::tensor({9.0F, 15.0F})));
    }

    void itsMemoryIsNotTheProgrammes()
    {
        const at::Tensor here = at::ones({4});
        const at::Tensor there = here.to(kApart);
        QVERIFY(readable(here.const_data_ptr()));
        QVERIFY(!readable(there.const_data_ptr()));
        QCOMPARE(there.sum().item<float>(), 4.0F);
        QVERIFY(!readable(there.const_data_ptr()));
    }

    void itRefusesWhatCudaRefuses()
    {
        const at::Tensor here = at::ones({4});
        const at::Tensor there = here.to(kApart);
        const auto generator = at::detail::createCPUGenerator(1);
        const std::array<std::function<void()>, 5> faults = {
            [&] { there.add(here); },
            [&] { here.add(there); },
            [&] {
                at::linear(there.view({1, 4}), here.view({1, 4}));
            },
            [&] { there.gather(0, at::zeros({1}, at::kLong)); },
            [&] { there.clone().bernoulli_(0.5, generator); },
        };
        for (const auto& fault : faults) {
            QVERIFY_EXCEPTION_THROWN(fault(), c10::Error);
        }
        QCOMPARE(there.add(at::scalar_tensor(1)).sum().item<float>(), 8.0F);  // a number may come from the CPU
    }

    void gradientsGoThroughIt()
    {
        at::Tensor weight = at::ones({3, 2}).to(kApart).requires_grad_(true);
        const at::Tensor x = at::ones({1, 2}).to(kApart);
        at::linear(x, weight).square().sum().backward();
        QCOMPARE(weight.grad().device(), kApart);
        QVERIFY(at::equal(weight.grad().to(at::kCPU), at::full({3, 2}, 4.0)));
    }
};

QTEST_APPLESS_MAIN(ApartDeviceTest)
#include "tst_apart_device.moc"
