#include "trainer/round/round_lock.h"

#include "base/failure.h"
#include "base/files.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace stet::round {

RoundLock::RoundLock(const std::string& folder)
    : m_descriptor(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644))
{
    if (m_descriptor < 0) {
        throw badInput("Cannot write into the round folder " + folder + ": " + describeErrno(errno));
    }
    if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(m_descriptor);
        throw badInput("Another process is working on " + folder + "; wait for it or stop it");
    }
}

RoundLock::~RoundLock()
{
    ::close(m_descriptor);
}

}  // namespace stet::round
