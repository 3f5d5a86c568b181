#include "trainer/serve/hello.h"

#include "contract/message.h"
#include "trainer/model/device.h"

#include <ATen/DeviceAccelerator.h>

namespace stet::serve {

contract::Hello hello(std::int64_t served)
{
    contract::Hello said;
    said.protocol = contract::kVersion;
    said.version = STET_VERSION;
    said.build = STET_BUILD;
    said.libtorch = "2.11.0";
    said.served = served;
    said.capabilities = {"score", "generate", "round", "compare"};
    return said;
}

contract::Hello greeting(std::int64_t served)
{
    const model::Compute compute = model::resolveCompute({}, "");
    contract::Hello said = hello(served);
    said.devices = {"cpu"};
    const int count = model::loadAccelerator().usable ? at::accelerator::deviceCount() : 0;
    for (int i = 0; i < count; ++i) {
        said.devices->push_back("cuda:" + std::to_string(i));
    }
    said.device = compute.device.str();
    said.deviceReason = compute.reason;
    said.freeMemory = model::freeMemory(compute.device);
    return said;
}

}  // namespace stet::serve
