// Who may write into a folder, a project or a round: one process at a time. The lock is on the file "lock" in it, which
// holds nothing; it ends with the object, or with the process. Never waits. Any thread.
#pragma once

#include <string>

namespace stet {

class FolderLock {
public:
    explicit FolderLock(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    bool held() const { return m_held; }
    // The file could not be opened: nobody can write there; why not.
    bool unwritable() const { return m_descriptor < 0; }
    const std::string& whyUnwritable() const { return m_problem; }

private:
    int m_descriptor = -1;
    bool m_held = false;
    std::string m_problem;
};

// For what can't go on without the folder. Failure(BadInput): another process has it, or it can't be written.
void refuseUnlessLocked(const FolderLock& lock, const std::string& folder);

}  // namespace stet
