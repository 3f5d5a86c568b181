// A model folder that is nothing but a chat template.
#pragma once

#include "trainer/files/model_folder.h"

#include <string>

namespace stet::test {

inline files::ModelFolder folderWith(const std::string& source)
{
    files::ModelFolder folder;
    folder.path = "a folder";
    folder.chatTemplate = source;
    folder.specialTokens = {{"bos_token", "<s>"}, {"eos_token", "</s>"}};
    return folder;
}

}  // namespace stet::test
