#include "base/folder_lock.h"

#include "base/files.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace stet {

FolderLock::FolderLock(const std::string& folder)
    : m_descriptor(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))
{
    if (m_descriptor < 0) {
        m_problem = describeErrno(errno);
    } else {
        m_held = ::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0;
    }
}

FolderLock::~FolderLock()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

}  // namespace stet
