// `stet-trainer generate` as a child of a command: lines in, answers out as they come. What `stet generate` and
// `stet draft` share. Main thread.
#pragma once

#include "contract/generate.h"

#include <functional>
#include <string>
#include <vector>

namespace stet::app {

struct ChildGeneration {
    std::string model;
    std::string adapter;  // folder; empty: the base model
    std::string promptStyle;
    contract::Sampling sampling;
    std::vector<contract::Example> examples;  // without outputs
};

// Each answer as soon as it is there. What onLine throws ends the child and goes on. Failure: the child's own, or that
// it was killed; soFar says then what is done already ("3 of 10 responses are written").
void generateInChild(const ChildGeneration& generation,
                     const std::function<void(const contract::GeneratedLine& line)>& onLine,
                     const std::function<std::string()>& soFar);

}  // namespace stet::app
