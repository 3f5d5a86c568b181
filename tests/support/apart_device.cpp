// A device apart, for tests: its memory can't be read or written by the program, as a GPU's can't. Every operation is
// computed by the CPU's kernel on copies and copied back; before that its arguments are looked at: tensors of two
// devices in one operation, or a generator of the CPU's, are what CUDA would refuse. Reading through a pointer is a
// crash. Linked into a test program it is c10's PrivateUse1 (STET_TEST_DEVICE=apart). It proves that no path forgets
// where its tensors are; not that CUDA's kernels give the same numbers.
#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/native/DispatchStub.h>
#include <ATen/native/transformers/attention.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr auto kApart = c10::DeviceType::PrivateUse1;

std::size_t wholePages(std::size_t bytes)
{
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return (bytes + page) / page * page;
}

constexpr std::int64_t kTotal = std::int64_t{8} << 30;
std::atomic<std::int64_t> g_active{0};    // bytes of tensors
std::atomic<std::int64_t> g_reserved{0};  // the most there ever were: freed ones are kept, as CUDA's allocator does
std::atomic<bool> g_used{false};

// Freed ones are kept by their size; none is given back.
struct Region {
    void* at;
    std::size_t bytes;
};
std::mutex g_freeing;  // a backward frees on a thread of its own
std::map<std::size_t, std::vector<Region*>> g_freed;

Region* regionOf(std::size_t bytes)
{
    const std::lock_guard lock(g_freeing);
    if (auto& fitting = g_freed[bytes]; !fitting.empty()) {
        Region* region = fitting.back();
        fitting.pop_back();
        return region;
    }
    void* at = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK(at != MAP_FAILED, "the device apart has no memory left");
    return new Region{at, bytes};
}

void release(void* context)
{
    auto* region = static_cast<Region*>(context);
    g_active -= static_cast<std::int64_t>(region->bytes);
    const std::lock_guard lock(g_freeing);
    g_freed[region->bytes].push_back(region);
}

struct ApartAllocator final : c10::DeviceAllocator {
    c10::DataPtr allocate(std::size_t bytes) override
    {
        Region* region = regionOf(wholePages(bytes));
        g_used = true;
        g_active += static_cast<std::int64_t>(region->bytes);
        g_reserved = std::max(g_reserved.load(), g_active.load());
        return {region->at, region, &release, c10::Device(kApart, 0)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
    void copy_data(void*, const void*, std::size_t) const override { TORCH_CHECK(false, "not here"); }

    bool initialized() override { return g_used; }
    void emptyCache(c10::MempoolId_t) override { g_reserved = g_active.load(); }
    void recordStream(const c10::DataPtr&, c10::Stream) override { }
    c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex) override
    {
        TORCH_CHECK(g_used, "Invalid device argument 0: did you call init?");
        c10::CachingDeviceAllocator::DeviceStats stats;
        stats.reserved_bytes[0].current = g_reserved;
        stats.active_bytes[0].current = g_active;
        return stats;
    }
    void resetAccumulatedStats(c10::DeviceIndex) override { }
    void resetPeakStats(c10::DeviceIndex) override { }
    std::pair<std::size_t, std::size_t> getMemoryInfo(c10::DeviceIndex) override
    {
        return {static_cast<std::size_t>(kTotal - g_reserved), static_cast<std::size_t>(kTotal)};
    }
};

ApartAllocator g_allocator;
REGISTER_ALLOCATOR(kApart, &g_allocator);

// One device with one stream, on which everything is done at once.
struct ApartGuard final : c10::impl::NoOpDeviceGuardImpl<kApart> {
    c10::Device exchangeDevice(c10::Device) const override { return getDevice(); }
    c10::Device getDevice() const override { return {kApart, 0}; }
    c10::Stream getStream(c10::Device) const noexcept override
    {
        return c10::Stream(c10::Stream::DEFAULT, c10::Device(kApart, 0));
    }
    c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return getStream(stream.device()); }
};
C10_REGISTER_GUARD_IMPL(PrivateUse1, ApartGuard);

struct ApartHooks : at::PrivateUse1HooksInterface {
    bool isBuilt() const override { return true; }
    bool isAvailable() const override { return true; }
    bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
    c10::DeviceIndex deviceCount() const override { return 1; }
};

const bool g_registered = [] {
    c10::register_privateuse1_backend("apart");
    at::RegisterPrivateUse1HooksInterface(new ApartHooks);
    return true;
}();

std::int64_t chooseMath(const at::Tensor&, const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                        double, bool, std::optional<double>, bool)
{
    return 0;  // at::SDPBackend::math
}
using at::native::_fused_sdp_choice_stub;
using at::native::_fused_sdp_choice_stub_DECLARE_DISPATCH_type;
using at::native::RegisterPRIVATEUSE1Dispatch;
REGISTER_PRIVATEUSE1_DISPATCH(_fused_sdp_choice_stub, &chooseMath)

// The program's own look at a tensor of the device, for as long as this lives.
class Opened {
public:
    explicit Opened(const at::Tensor& tensor)
    {
        if (tensor.device().type() == kApart && tensor.storage().nbytes() > 0) {
            m_at = tensor.storage().mutable_data();
            m_bytes = wholePages(tensor.storage().nbytes());
            ::mprotect(m_at, m_bytes, PROT_READ | PROT_WRITE);
        }
        // Borrowed memory as a tensor of the CPU's.
        cpu = at::from_blob(static_cast<char*>(tensor.storage().mutable_data()) +
                                tensor.storage_offset() * static_cast<std::int64_t>(tensor.itemsize()),
                            tensor.sizes(), tensor.strides(), tensor.options().device(at::kCPU).requires_grad(false));
    }
    ~Opened()
    {
        if (m_at != nullptr) {
            ::mprotect(m_at, m_bytes, PROT_NONE);
        }
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    at::Tensor cpu;

private:
    void* m_at = nullptr;
    std::size_t m_bytes = 0;
};

at::Tensor emptyOf(at::IntArrayRef size, std::optional<at::ScalarType> dtype, std::optional<at::Layout>,
                   std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat> format)
{
    return at::Tensor(at::detail::empty_generic(size, &g_allocator, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                                c10::dtype_or_default(dtype), format));
}

at::Tensor emptyStrided(at::IntArrayRef size, at::IntArrayRef stride, std::optional<at::ScalarType> dtype,
                        std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>)
{
    return at::Tensor(at::detail::empty_strided_generic(
        size, stride, &g_allocator, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), c10::dtype_or_default(dtype)));
}

at::Tensor copyFrom(const at::Tensor& from, const at::Tensor& to, bool)
{
    if (from.numel() > 0) {
        const Opened source(from.sizes() == to.sizes() ? from : from.expand_as(to));
        // Of one memory the second opening would close the first.
        const bool same = from.storage().is_alias_of(to.storage());
        const at::Tensor content = same ? source.cpu.clone() : source.cpu;
        const Opened target(to);
        target.cpu.copy_(content);
    }
    return to;
}

const at::Tensor& resized(const at::Tensor& self, at::IntArrayRef size, std::optional<at::MemoryFormat>)
{
    TORCH_CHECK(self.numel() == 0 || self.sizes() == size, "an output is of another shape");
    if (self.sizes() != size) {
        auto* tensor = self.unsafeGetTensorImpl();
        tensor->set_sizes_contiguous(size);
        const auto bytes = at::detail::computeStorageNbytesContiguous(size, self.itemsize());
        if (bytes > self.storage().nbytes()) {
            self.storage().set_data_ptr_noswap(g_allocator.allocate(bytes));
            self.storage().set_nbytes(bytes);
        }
    }
    return self;
}

at::Tensor copyFromAndResize(const at::Tensor& from, const at::Tensor& to)
{
    resized(to, from.sizes(), std::nullopt);
    return copyFrom(from, to, false);
}

at::Scalar valueOf(const at::Tensor& tensor)
{
    return Opened(tensor).cpu.item();
}

void collect(const c10::IValue& value, std::vector<at::Tensor>& tensors, bool& generator)
{
    if (value.isTensor() && value.toTensor().defined()) {
        tensors.push_back(value.toTensor());
    } else if (value.isList()) {
        for (const c10::IValue& one : value.toListRef()) {
            collect(one, tensors, generator);
        }
    } else if (value.isGenerator()) {
        generator = true;
    }
}

// Numbers without a dimension may come from the CPU, and so may an index, as with CUDA.
void checked(const c10::OperatorHandle& op, c10::DispatchKeySet, torch::jit::Stack* stack)
{
    const std::string name = op.schema().name();
    std::vector<at::Tensor> tensors;
    bool generator = false;
    for (const auto& value : torch::jit::last(*stack, op.schema().arguments().size())) {
        collect(value, tensors, generator);
    }
    TORCH_CHECK(!generator, name, ": a generator of the CPU's for a tensor of another device");
    const bool indexes = name == "aten::index" || name == "aten::index_put_" || name == "aten::_index_put_impl_";
    for (const auto& tensor : tensors) {
        TORCH_CHECK(tensor.device().type() == kApart || tensor.dim() == 0 || indexes, name,
                    ": expected all tensors on one device, found one of shape ", tensor.sizes(), " on ",
                    tensor.device());
    }
    at::native::cpu_fallback(op, stack, /*error_on_views=*/true);
}

// Out of where it lies: a copy of a view whose rows overlap (dropout's bank) would be as large as all of its rows.
at::Tensor indexSelect(const at::Tensor& self, std::int64_t dimension, const at::Tensor& index)
{
    TORCH_CHECK(self.device().type() == kApart && index.device().type() == kApart,
                "aten::index_select: tensors of two devices");
    const Opened source(self);
    const at::Tensor places = index.to(at::kCPU);
    return at::index_select(source.cpu, dimension, places).to(c10::Device(kApart, 0));
}

TORCH_LIBRARY_IMPL(_, PrivateUse1, library)
{
    library.fallback(torch::CppFunction::makeFromBoxedFunction<&checked>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library)
{
    library.impl("empty.memory_format", TORCH_FN(emptyOf));
    library.impl("empty_strided", TORCH_FN(emptyStrided));
    library.impl("as_strided", TORCH_FN(at::native::as_strided_tensorimpl));
    library.impl("view", TORCH_FN(at::native::view));
    library.impl("_reshape_alias", TORCH_FN(at::native::_reshape_alias));
    library.impl("resize_", TORCH_FN(resized));
    library.impl("_copy_from", TORCH_FN(copyFrom));
    library.impl("_copy_from_and_resize", TORCH_FN(copyFromAndResize));
    library.impl("index_select", TORCH_FN(indexSelect));
    library.impl("_local_scalar_dense", TORCH_FN(valueOf));
}

}  // namespace
