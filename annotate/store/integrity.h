// Is everything the annotator wrote still there as it was written?
#pragma once

#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;
class Rounds;

// Looks at the database's pages and references, every text's hash, every finished round's adapter. Sentences; empty =
// all is well.
std::vector<std::string> checkIntegrity(const ProjectFolder& project, const Rounds& rounds);

}  // namespace stet::annotate
