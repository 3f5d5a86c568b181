#include "trainer/evaluate/alpaca_eval.h"

#include "base/failure.h"

namespace stet::evaluate {

namespace {

Json readArray(const std::string& path)
{
    try {
        return readJsonFile(path, std::size_t{256} << 20);
    } catch (const Failure& failure) {
        throw Failure(failure.kind(), std::string(failure.what()) + "; for JSON Lines leave out --format");
    }
}

}  // namespace

std::vector<AlpacaEvalTask> readAlpacaEval(const std::string& path, std::vector<std::string>& warnings)
{
    const Json file = readArray(path);
    if (!file.is_array() || file.empty()) {
        throw badInput(path + " must be a JSON array of at least one {\"instruction\": \"…\"}, as AlpacaEval's " +
                       "alpaca_eval.json; for JSON Lines leave out --format");
    }
    std::vector<AlpacaEvalTask> tasks;
    Json unknown = Json::object();
    for (const Json& entry : file) {
        const std::string where = path + ", entry " + std::to_string(tasks.size() + 1);
        if (!entry.is_object()) {
            throw badInput(where + ": expected an object with 'instruction', found " + std::string(entry.type_name()));
        }
        AlpacaEvalTask task;
        task.example.line = static_cast<int>(tasks.size());
        task.example.id = std::to_string(tasks.size());
        task.example.idIsNumber = true;
        task.example.instruction = requiredString(entry, "instruction", where);
        task.example.input = optionalString(entry, "input", where).value_or("");
        if (const auto dataset = optionalString(entry, "dataset", where)) {
            task.dataset = *dataset;
        }
        unknown.update(entry);
        tasks.push_back(std::move(task));
    }
    warnings = unknownFields(unknown, {"instruction", "input", "dataset", "output", "generator"}, path);
    return tasks;
}

Json alpacaEvalOutput(const AlpacaEvalTask& task, const std::string& output, const std::string& generator)
{
    Json entry = Json::object();
    if (!task.dataset.is_null()) {
        entry["dataset"] = task.dataset;
    }
    entry["instruction"] = task.example.instruction;
    if (!task.example.input.empty()) {
        entry["input"] = task.example.input;
    }
    entry["output"] = output;
    entry["generator"] = generator;
    return entry;
}

}  // namespace stet::evaluate
