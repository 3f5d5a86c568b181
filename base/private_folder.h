// A folder of our own under a name that nobody can know beforehand; gone with the object. Any thread.
#pragma once

#include <string>

namespace stet {

class PrivateFolder {
public:
    PrivateFolder();  // Failure(BadInput): the system's place for temporary files can't be written to
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

}  // namespace stet
