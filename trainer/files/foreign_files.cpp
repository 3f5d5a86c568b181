#include "trainer/files/foreign_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stet::files {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostNames = 4096;

// What is there: "a GGUF file, which is not read yet". A format that isn't read refuses the model; anything else is
// a wrong path or an incomplete folder.
struct Found {
    std::string what;
    bool otherFormat = false;
};

enum class Wanted { Model, Adapter };

std::string needed(Wanted wanted)
{
    return wanted == Wanted::Model
        ? "needed is the model's Hugging Face folder (config.json, tokenizer.json, *.safetensors) or its GGUF file"
        : "needed is the adapter's PEFT folder (adapter_config.json, adapter_model.safetensors)";
}

Failure notThat(const std::string& path, const Found& found, Wanted wanted)
{
    return Failure(found.otherFormat ? FailureKind::ModelRefused : FailureKind::BadInput,
                   path + " " + found.what + "; " + needed(wanted));
}

bool isThere(const fs::path& path)
{
    std::error_code unknown;
    return fs::exists(fs::symlink_status(path, unknown));
}

// Of a regular file; empty for anything else. Never waits for a FIFO.
std::string firstBytes(const std::string& path)
{
    std::array<char, 16> bytes{};
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status = {};
    const bool regular = descriptor >= 0 && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    const ssize_t got = regular ? ::read(descriptor, bytes.data(), bytes.size()) : 0;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

constexpr const char* kPickle = "a pickle of PyTorch, which is never opened because it can run code";
constexpr const char* kNumpy = "a NumPy archive, as MLX wrote weights and adapters, which is not read";
constexpr const char* kGguf = "a GGUF file (llama.cpp)";

// A format by the end of a file's name; nullopt: none that is known.
std::optional<Found> formatByName(std::string_view name)
{
    static const std::array<std::pair<std::string_view, Found>, 11> kEnds = {
        {{".gguf", {kGguf, true}},
         {".npz", {kNumpy, true}},
         {".bin", {kPickle, false}},
         {".pt", {kPickle, false}},
         {".pth", {kPickle, false}},
         {".ckpt", {kPickle, false}},
         {".onnx", {"an ONNX file, which is not read", true}},
         {".tflite", {"a TensorFlow Lite file, which is not read", true}},
         {".h5", {"an HDF5 file (TensorFlow), which is not read", true}},
         {".msgpack", {"a msgpack file (Flax), which is not read", true}},
         {".ggml", {"a GGML file (old llama.cpp), which is not read", true}}}};
    for (const auto& [end, found] : kEnds) {
        if (name.ends_with(end)) {
            return found;
        }
    }
    return std::nullopt;
}

// A file by what it begins with, then by its name.
Found fileAt(const std::string& path)
{
    using namespace std::string_view_literals;
    const std::string start = firstBytes(path);
    const auto begins = [&](std::string_view bytes) { return start.starts_with(bytes); };
    const auto byName = formatByName(path);
    if (begins("GGUF")) {
        return {kGguf, true};
    }
    if (begins("lmgg") || begins("tjgg") || begins("fmgg") || begins("algg")) {
        return {"a GGML file (old llama.cpp), which is not read", true};
    }
    if (begins("\x89HDF")) {
        return {"an HDF5 file (TensorFlow), which is not read", true};
    }
    if (begins("\x80\x02"sv) || begins("\x80\x03"sv) || begins("\x80\x04"sv) || begins("\x80\x05"sv)) {
        return {kPickle, false};
    }
    if (begins("version https://")) {
        return {"a Git-LFS pointer: run `git lfs pull` in its folder", false};
    }
    if (byName) {
        return *byName;
    }
    if (begins("PK") || begins("\x1f\x8b") || begins("7z\xBC\xAF") ||
        begins("\xFD"
               "7zXZ") ||
        begins("\x28\xB5\x2F\xFD")) {
        return {"an archive: unpack it", false};
    }
    if (path.ends_with(".safetensors") || path.ends_with(".json")) {
        return {"one file of a folder: give the folder " + fs::path(path).parent_path().string(), false};
    }
    return {"a file", false};
}

std::vector<std::string> namesIn(const std::string& folder)
{
    std::vector<std::string> names;
    std::error_code ended;
    for (fs::directory_iterator it(folder, ended), end; !ended && it != end && names.size() < kMostNames;
         it.increment(ended)) {
        names.push_back(it->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// The first name that `is` says yes to; empty: none.
template <typename Is> std::string firstThat(const std::vector<std::string>& names, const Is& is)
{
    const auto it = std::find_if(names.begin(), names.end(), is);
    return it == names.end() ? std::string() : *it;
}

// "holds NAME, a GGUF file …": weights that another program wrote; nullopt: none.
std::optional<Found> otherWeights(const std::vector<std::string>& names)
{
    for (const char* mlx : {"adapters.safetensors", "adapters.npz"}) {
        if (std::binary_search(names.begin(), names.end(), mlx)) {
            return Found{"holds " + std::string(mlx) +
                             ", an adapter of MLX, which is not read; fold it into its base with mlx_lm.fuse and use "
                             "the new folder as the model",
                         true};
        }
    }
    const auto original = firstThat(names, [](const std::string& name) { return name.starts_with("consolidated."); });
    if (!original.empty()) {
        return Found{"holds " + original +
                         ", weights as Meta and Mistral publish them beside the Hugging Face files, "
                         "which are not read",
                     true};
    }
    const auto weights = firstThat(names, [](const std::string& name) {
        return formatByName(name).has_value() && name != "training_args.bin" && name != "optimizer.pt" &&
            name != "scheduler.pt";
    });
    if (weights.empty()) {
        return std::nullopt;
    }
    const Found format = *formatByName(weights);
    return Found{"holds " + weights + ", " + format.what, format.otherFormat};
}

// Hugging Face's cache keeps a model at models--ORG--NAME/snapshots/HASH.
std::optional<Found> cacheEntry(const std::string& folder)
{
    const auto snapshots = namesIn(folder + "/snapshots");
    if (snapshots.empty() || !isThere(folder + "/refs")) {
        return std::nullopt;
    }
    return Found{"is an entry of Hugging Face's cache: the model is in " + folder + "/snapshots/" +
                 (snapshots.size() == 1 ? snapshots.front() : "HASH")};
}

Found folderInPlaceOfModel(const std::string& folder)
{
    const auto names = namesIn(folder);
    const auto has = [&](const char* name) { return std::binary_search(names.begin(), names.end(), name); };
    if (has("adapter_config.json")) {
        return {"is not a model folder but an adapter's; give it as the adapter, and the model it was trained on as "
                "the model"};
    }
    if (has("round.json")) {
        return {"is not a model folder but a round's; its adapter is " + folder + "/adapter"};
    }
    if (const auto entry = cacheEntry(folder)) {
        return *entry;
    }
    const auto gguf = firstThat(names, [](const std::string& name) { return name.ends_with(".gguf"); });
    if (!gguf.empty()) {
        return {"is not a model folder: it has no config.json; give its GGUF file " + folder + "/" + gguf};
    }
    if (const auto other = otherWeights(names)) {
        return {"is not a model folder: it has no config.json and " + other->what, other->otherFormat};
    }
    const auto inner =
        firstThat(names, [&](const std::string& name) { return isThere(folder + "/" + name + "/config.json"); });
    return {"is not a model folder: it has no config.json" +
            (inner.empty() ? "" : ", but " + folder + "/" + inner + " has one")};
}

Found folderInPlaceOfAdapter(const std::string& folder)
{
    const std::string without = "is no adapter folder: it has no adapter_config.json";
    if (isThere(folder + "/adapter/adapter_config.json")) {
        return {without + "; the round's is " + folder + "/adapter"};
    }
    if (isThere(folder + "/config.json")) {
        return {without + " but a model's config.json"};
    }
    if (const auto other = otherWeights(namesIn(folder))) {
        return {without + " and " + other->what, other->otherFormat};
    }
    return {without + "; check the path"};
}

// "ORG/NAME", as models are called on Hugging Face.
bool looksLikeHubId(const std::string& path)
{
    const std::size_t slash = path.find('/');
    return slash != std::string::npos && slash > 0 && slash + 1 < path.size() &&
        path.find('/', slash + 1) == std::string::npos && path.front() != '.' && path.front() != '~';
}

Failure nothingThere(const std::string& path, const char* kind)
{
    return badInput(std::string("There is no ") + kind + " folder at " + path + "; check the path" +
                    (looksLikeHubId(path) ? " (nothing is downloaded by name: get it with `hf download " + path +
                             "` and give the folder that prints)"
                                          : ""));
}

}  // namespace

Failure noModelFolder(const std::string& path)
{
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
        return notThat(path, folderInPlaceOfModel(path), Wanted::Model);
    }
    if (!isThere(path)) {
        return nothingThere(path, "model");
    }
    Found file = fileAt(path);
    file.what = "is no model folder but " + file.what;
    return notThat(path, file, Wanted::Model);
}

Failure noAdapterFolder(const std::string& path)
{
    std::error_code unknown;
    if (fs::is_directory(path, unknown)) {
        return notThat(path, folderInPlaceOfAdapter(path), Wanted::Adapter);
    }
    if (!isThere(path)) {
        return nothingThere(path, "adapter");
    }
    Found file = fileAt(path);
    file.what = "is no adapter folder but " + file.what;
    return notThat(path, file, Wanted::Adapter);
}

Failure noWeights(const std::string& folder)
{
    const auto names = namesIn(folder);
    const auto loose = firstThat(names, [](const std::string& name) { return name.ends_with(".safetensors"); });
    std::string said = folder + " has no weights: expected model.safetensors or model.safetensors.index.json";
    if (const auto other = otherWeights(names)) {
        said += "; it " + other->what + "; use the folder's safetensors, or save the model as safetensors";
    } else if (!loose.empty()) {
        said += "; it holds " + loose + " without an index: download the folder again";
    } else {
        said += "; check the folder or download it again";
    }
    return badInput(said);
}

}  // namespace stet::files
