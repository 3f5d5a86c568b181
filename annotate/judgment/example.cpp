#include "annotate/judgment/example.h"

namespace stet::annotate {

contract::Example exampleOf(const ResponseItem& item)
{
    contract::Example example;
    contract::setId(example, item.externalId);
    example.instruction = item.instruction;
    example.input = item.input;
    if (!item.messages.empty()) {
        example.messages = parseJson(item.messages, "messages");
    }
    if (item.hasOutput) {
        example.output = item.output;
        example.judgment = item.verdict == Verdict::Criticised ? std::optional(item.judgment) : std::nullopt;
    }
    example.revision = item.revision;
    example.demonstration = item.demonstration;
    example.marks = item.marks;
    example.stoppedByLength = item.stoppedByLength;
    example.control = item.set == "control";
    return example;
}

}  // namespace stet::annotate
