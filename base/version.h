// Which Stet this is: its version and the commit it was built from. Linked by the programs alone (stet_version), so
// that a commit compiles one file and links two programs anew, and nothing else. Any thread.
#pragma once

#include <string>

namespace stet {

std::string versionText();  // "0.1.0 (commit 0123456789ab)"; outside git "0.1.0 (commit unknown)"

}  // namespace stet
