// The example with a real model (resources/real): where it lies, and its model, which is fetched once. Main thread.
#pragma once

#include <string>

namespace stet::app {

// The GGUF file that `exampleFolder`/fetch-model.sh fetches into the cache, or finds there; waits for it, which says
// how far it is on standard error. Failure(BadInput) when it can't (what to do stands there), Failure(Interrupted).
std::string fetchedModel(const std::string& exampleFolder);

}  // namespace stet::app
