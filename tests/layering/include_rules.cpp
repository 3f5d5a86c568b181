#include "include_rules.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace stet::layering {

namespace {

bool startsWith(const std::string& text, const std::string& prefix)
{
    return text.rfind(prefix, 0) == 0;
}

bool inAny(const std::string& path, const std::vector<std::string>& folders)
{
    return std::any_of(folders.begin(), folders.end(), [&](const auto& folder) { return startsWith(path, folder); });
}

bool isQt(const std::string& include)
{
    static const std::regex pattern("^(Qt[A-Z][A-Za-z0-9]*/)?Q[A-Za-z][A-Za-z0-9]*$|^q[a-z]+\\.h$");
    return std::regex_match(include, pattern) && include != "Queue";
}

bool isTorch(const std::string& include)
{
    return inAny(include, {"ATen/", "c10/", "torch/", "caffe2/"});
}

bool isSqlite(const std::string& include)
{
    return inAny(include, {"SQLiteCpp/", "sqlite3"});
}

bool isProcess(const std::string& include)
{
    return include == "QProcess" || include == "QtCore/QProcess";
}

// A wall: includes of one kind may not stand below these folders, except below those.
struct Wall {
    const char* rule;
    bool (*kind)(const std::string&);
    std::vector<std::string> folders;
    std::vector<std::string> except;
};

const std::vector<Wall>& walls()
{
    static const std::vector<std::string> kEverywhere = {""};
    static const std::vector<Wall> kWalls = {
        {"no Qt in base/, contract/, annotate/, workflow/ and trainer/",
         isQt,
         {"base/", "contract/", "annotate/", "workflow/", "trainer/"},
         {}},
        {"no Torch in base/, contract, trainer/files, trainer/text, trainer/detect, annotate/, workflow/, ui/, app/",
         isTorch,
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "annotate/", "workflow/", "ui/",
          "app/"},
         {}},
        {"SQL only in annotate/store", isSqlite, kEverywhere, {"annotate/store/", "tests/annotate/"}},
        {"QProcess only in app/worker", isProcess, kEverywhere, {"app/worker/", "tests/"}},
        {"<torch/torch.h> nowhere: it costs 24 s a file",
         [](const std::string& include) { return include == "torch/torch.h"; },
         kEverywhere,
         {}},
        {"spdlog only in base/log.cpp: torch bundles its own fmt",
         [](const std::string& include) {
             return inAny(include, {"spdlog/", "fmt/"});
         },
         kEverywhere,
         {"base/log.cpp"}},
    };
    return kWalls;
}

// The ladder of rooms: whose headers a room may include beside its own. Longest matching prefix wins.
struct Room {
    std::string folder;
    std::vector<std::string> mayInclude;
};

const std::vector<Room>& rooms()
{
    static const std::vector<Room> kRooms = {
        {"base/", {}},
        {"contract/", {"base/"}},
        {"trainer/files/", {"base/", "contract/"}},
        {"trainer/text/", {"base/", "contract/", "trainer/files/"}},
        {"trainer/detect/", {"base/", "contract/", "trainer/files/", "trainer/text/"}},
        {"trainer/model/", {"base/", "contract/", "trainer/files/", "trainer/text/"}},
        {"trainer/score/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/"}},
        {"trainer/objectives/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/"}},
        {"trainer/dataset/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/objectives/"}},
        {"trainer/estimate/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/objectives/", "trainer/dataset/"}},
        {"trainer/checkpoint/", {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/model/"}},
        {"trainer/round/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/objectives/", "trainer/dataset/", "trainer/estimate/", "trainer/checkpoint/"}},
        {"trainer/verify/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/objectives/", "trainer/dataset/", "trainer/checkpoint/", "trainer/round/"}},
        {"trainer/pretrain/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/checkpoint/", "trainer/round/"}},
        {"trainer/compare/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/"}},
        {"trainer/evaluate/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/"}},
        {"trainer/serve/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/objectives/", "trainer/dataset/", "trainer/estimate/", "trainer/round/",
          "trainer/compare/"}},
        {"trainer/bench/",
         {"base/", "contract/", "trainer/files/", "trainer/text/", "trainer/detect/", "trainer/model/",
          "trainer/score/", "trainer/objectives/", "trainer/dataset/", "trainer/estimate/", "trainer/round/",
          "trainer/serve/"}},
        {"trainer/cli/", {"base/", "contract/", "trainer/"}},
        {"annotate/judgment/", {"base/", "contract/"}},
        {"annotate/store/", {"base/", "contract/", "annotate/judgment/"}},
        {"annotate/exchange/", {"base/", "contract/", "annotate/judgment/", "annotate/store/"}},
        {"workflow/", {"base/", "contract/", "annotate/"}},
        {"ui/", {"base/", "annotate/judgment/"}},
        {"app/worker/", {"base/", "contract/"}},
        {"app/session/", {"base/", "annotate/", "workflow/", "ui/", "app/worker/", "contract/"}},
        {"app/command/", {"base/", "annotate/", "workflow/", "app/worker/", "contract/"}},
        {"app/", {"base/", "annotate/", "ui/", "app/", "contract/"}},
    };
    return kRooms;
}

const Room* roomOf(const std::string& path)
{
    const Room* best = nullptr;
    for (const Room& room : rooms()) {
        if (startsWith(path, room.folder) && (best == nullptr || room.folder.size() > best->folder.size())) {
            best = &room;
        }
    }
    return best;
}

bool isOfThisHouse(const std::string& include)
{
    return inAny(include, {"base/", "contract/", "trainer/", "annotate/", "workflow/", "ui/", "app/"});
}

// A header of the same room, or of a room below.
bool allowedByLadder(const std::string& path, const std::string& include)
{
    const Room* room = roomOf(path);
    return room == nullptr || !isOfThisHouse(include) || startsWith(include, room->folder) ||
        inAny(include, room->mayInclude);
}

}  // namespace

std::vector<Broken> checkIncludes(const std::string& path, const std::string& content)
{
    static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Broken> broken;
    std::istringstream lines(content);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        std::smatch match;
        if (!std::regex_search(line, match, kInclude)) {
            continue;
        }
        const std::string include = match[1];
        for (const Wall& wall : walls()) {
            if (wall.kind(include) && inAny(path, wall.folders) && !inAny(path, wall.except)) {
                broken.push_back({path, number, include, wall.rule});
            }
        }
        if (!allowedByLadder(path, include)) {
            broken.push_back({path, number, include, "a room includes only rooms of a lower level"});
        }
    }
    return broken;
}

}  // namespace stet::layering
