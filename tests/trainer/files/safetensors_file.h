// Safetensors files as a test writes them, honest or not.
#pragma once

#include <QTemporaryDir>

#include <cstdint>
#include <fstream>
#include <string>

namespace stet::test {

inline std::string lengthOf(std::uint64_t length)
{
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<char>(length >> (8 * i) & 0xFF);
    }
    return bytes;
}

inline std::string fileOf(const std::string& header, std::size_t dataBytes)
{
    return lengthOf(header.size()) + header + std::string(dataBytes, '\1');
}

inline std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets,
                          const std::string& type = "F32")
{
    return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

// A folder with one file, x.safetensors, that is written anew each time.
class SafetensorsFile {
public:
    std::string folder() const { return m_folder.path().toStdString(); }

    std::string write(const std::string& content) const
    {
        const std::string path = folder() + "/x.safetensors";
        // Thousands of files: not one by one to disk.
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        return path;
    }

private:
    QTemporaryDir m_folder;
};

}  // namespace stet::test
