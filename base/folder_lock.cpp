#include "base/folder_lock.h"

#include "base/failure.h"
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
        // Not by closing it alone: a process that is just being started has it open, too, until it is another program.
        ::flock(m_descriptor, LOCK_UN);
        ::close(m_descriptor);
    }
}

void refuseUnlessLocked(const FolderLock& lock, const std::string& folder)
{
    if (lock.unwritable()) {
        throw badInput("Cannot write into " + folder + ": " + lock.whyUnwritable());
    }
    if (!lock.held()) {
        throw badInput("Another process is working on " + folder + "; wait for it or stop it");
    }
}

}  // namespace stet
