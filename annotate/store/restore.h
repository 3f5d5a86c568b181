// A backup put in the place of a project's database: `stet restore`, and the button of the Project page.
#pragma once

#include <string>

namespace stet::annotate {

// What stood there before is kept: as the newest backup, or, when it can't be read any more, as it is under
// backups/damaged-<time>. A crash leaves the one or the other in its place, whole. Failure(BadInput): the copy is not a
// whole project of this program's age or older, or somebody has the project open; then nothing was changed. Any
// thread; nobody in this process may have the project open either.
void restoreBackup(const std::string& folder, const std::string& copy);

}  // namespace stet::annotate
