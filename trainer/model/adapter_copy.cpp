#include "trainer/model/adapter_copy.h"

#include "base/files.h"
#include "base/free_space.h"
#include "trainer/files/model_card.h"
#include "trainer/files/open_file.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <filesystem>

namespace stet::model {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBytesAtOnce = std::uint64_t{4} << 20;
constexpr const char* kFiles[] = {"adapter_config.json", "adapter_model.safetensors"};

void copyFile(const std::string& from, const std::string& to, const std::function<bool()>& cancelled)
{
    const files::OpenFile file(from);
    publishFile(to, [&](const Append& append) {
        std::string piece;
        for (std::uint64_t done = 0; done < file.size(); done += piece.size()) {
            if (cancelled && cancelled()) {
                throw Cancelled();
            }
            piece.resize(std::min(kBytesAtOnce, file.size() - done));
            file.read(done, piece.data(), piece.size());
            append(piece);
        }
    });
}

}  // namespace

void copyAdapter(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                 const std::function<bool()>& cancelled)
{
    const c10::InferenceMode inference;
    Adapter::load(adapterFolder, base.config, c10::kCPU);  // it fits the base
    if (!fs::exists(out)) {
        requireFreeSpace(out, fs::file_size(adapterFolder + "/" + kFiles[1]), "the adapter");
    }
    publishFolder(out, [&](const std::string& folder) {
        for (const char* file : kFiles) {
            copyFile(adapterFolder + "/" + file, folder + "/" + file, cancelled);
        }
        publishFile(folder + "/README.md", files::modelCardText({out, base.path, adapterFolder, true}));
    });
}

}  // namespace stet::model
