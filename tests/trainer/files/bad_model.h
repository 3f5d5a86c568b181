// A model folder to be damaged, and a folder beside it whose weights would be read if a name led there.
#pragma once

#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/files/model_folder.h"

#include <QTemporaryDir>

#include <filesystem>
#include <string>

namespace stet::test {

struct BadModel {
    QTemporaryDir dir;
    std::string folder = dir.filePath(QStringLiteral("model")).toStdString();
    std::string outside = dir.filePath(QStringLiteral("outside")).toStdString();

    BadModel()
    {
        std::filesystem::copy(goldenDir() + "/cut/model", folder);
        std::filesystem::create_directory(outside);
        std::filesystem::copy_file(folder + "/model.safetensors", outside + "/x.safetensors");
    }

    // As that of a model in several files: without an index there are no weights.
    void dropSingleFile() const { std::filesystem::remove(folder + "/model.safetensors"); }

    void writeIndex(const Json& weightMap) const
    {
        publishFile(folder + "/model.safetensors.index.json", toLine({{"weight_map", weightMap}}));
    }

    // What opening it says; empty when it opens.
    std::string refusal() const
    {
        return messageOf([this] { (void)files::openModelFolder(folder); });
    }
};

}  // namespace stet::test
