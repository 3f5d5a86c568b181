// The rules between the fields of requests.
#include "contract/compare.h"
#include "contract/generate.h"
#include "contract/round.h"

namespace stet::contract {

void Sampling::check(const Json& /*object*/, const std::string& what) const
{
    if (!(temperature >= 0) || !(topP > 0 && topP <= 1)) {
        throw badInput(what + ": 'temperature' must be at least 0 and 'top_p' above 0 and at most 1");
    }
}

void CompareRequest::check(const Json& /*object*/, const std::string& what) const
{
    if (examples ? !in.empty() || !out.empty() : in.empty() || out.empty()) {
        throw badInput(
            what + ": give 'in' and 'out', files of the worker's computer, or 'examples' alone, whose lines come back");
    }
}

namespace {

// Both or neither.
void refuseHalf(bool settings, bool examples, const std::string& what)
{
    if (settings != examples) {
        throw missing({what, settings ? "examples" : "settings"});
    }
}

}  // namespace

void RoundData::check(const Json& /*object*/, const std::string& what) const
{
    refuseHalf(settings.has_value(), examples.has_value(), what);
    if (dir.empty() != carried()) {
        throw badInput(what + ": give 'dir', a folder of the worker's computer, or 'settings' and 'examples'");
    }
}

void RoundStart::check(const Json& /*object*/, const std::string& what) const
{
    refuseHalf(settings.has_value(), examples.has_value(), what);
}

}  // namespace stet::contract
