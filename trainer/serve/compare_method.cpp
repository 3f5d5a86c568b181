// compare/run: from a file to a file, or with the lines carried there and back.
#include "base/files.h"
#include "contract/compare.h"
#include "contract/message.h"
#include "trainer/compare/compare.h"
#include "trainer/serve/output_file.h"
#include "trainer/serve/served_model.h"
#include "trainer/serve/wire_options.h"

namespace stet::serve {

namespace method = contract::method;

namespace {

contract::ExampleFile examplesOf(const contract::CompareRequest& request)
{
    if (request.examples) {
        return contract::examplesFrom(*request.examples, std::string(method::kCompare) + ", examples", false);
    }
    refuseUnwritable(request.out, request.in);
    return contract::readExamples(request.in, false);
}

void publish(const std::string& path, const std::vector<contract::ComparedLine>& lines,
             const contract::CompareResult& result)
{
    std::string content;
    for (const auto& line : lines) {
        content += toLine(toJson(line)) + "\n";
    }
    publishFile(path, content + toLine(toJson(result)) + "\n");
}

contract::CompareResult compareSides(LoadedModel& model, const contract::CompareRequest& request,
                                     const MethodContext& context)
{
    const auto file = examplesOf(request);
    compare::CompareOptions options;
    options.generate = generateOptions(request.sampling);
    options.score = scoreOptions(request.scoring, method::kCompare);
    const auto side = [&](const std::string& path) {
        return compare::Side{model.adapters(path), LoadedModel::adapterKey(path)};
    };
    std::vector<contract::ComparedLine> lines;
    compare::CompareHooks hooks;
    hooks.cancelled = context.cancelled;
    hooks.onProgress = [&](std::int64_t done, std::int64_t total) {
        context.notify(method::kCompareProgress, contract::CompareProgress{done, total});
        context.serveInteractive();
    };
    hooks.onLine = [&](const contract::ComparedLine& line) { lines.push_back(line); };
    contract::CompareResult result;
    result.summary = compare::compare(model.decoder(), model.encoder(), file.examples, side(request.before),
                                      side(request.after), options, hooks);
    if (request.examples) {
        result.lines = std::move(lines);
    } else {
        publish(request.out, lines, result);
    }
    return result;
}

}  // namespace

void bindCompare(HandlerTable& table, ServedModel& model)
{
    table.bind<contract::CompareRequest>(
        method::kCompare, Answered::InTurn,
        [&model](const contract::CompareRequest& request, const MethodContext& context) {
            return compareSides(model.model(), request, context);
        });
}

}  // namespace stet::serve
