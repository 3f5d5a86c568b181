// A round whose settings and examples came in a request instead of a folder: written where the round reads them.
// Compute thread.
#pragma once

#include "base/private_folder.h"
#include "contract/round.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::serve {

// Makes the folder a round's. Failure(BadInput): it holds another round, or can't be written to.
void placeRound(const std::string& folder, const Json& settings, const std::vector<Json>& examples);

// The folder of the data: its own, or a private one that goes with the object. Paths in carried settings must be whole.
class RoundFolder {
public:
    explicit RoundFolder(const contract::RoundData& data);
    const std::string& path() const { return m_path; }

private:
    std::optional<PrivateFolder> m_private;
    std::string m_path;
};

}  // namespace stet::serve
