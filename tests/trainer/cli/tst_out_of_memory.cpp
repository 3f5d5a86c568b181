// Out of memory, for real: a limit is laid on the running worker, one request after another asks for more than it
// leaves, and the worker answers each with the typed error and then goes on.
#include "tests/support/device.h"
#include "tests/support/round_folders.h"
#include "tests/support/served_trainer.h"
#include "trainer/files/model_config.h"
#include "trainer/files/weight_layout.h"

#include <ATen/ATen.h>
#include <c10/core/CachingDeviceAllocator.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include <sys/resource.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

constexpr int kOutOfMemory = -32005;
constexpr std::int64_t kVocabulary = 250000;  // a position's logits take 1 MB

// The goldens' small model with so large a vocabulary that a response's distributions are what takes memory.
std::string makeModel(const QTemporaryDir& dir)
{
    const std::string folder = dir.path().toStdString() + "/model";
    fs::copy(smallModel(), folder);
    Json config = readJsonFile(folder + "/config.json");
    config["vocab_size"] = kVocabulary;
    publishFile(folder + "/config.json", config.dump(1));
    Json header = Json::object();
    std::uint64_t end = 0;
    for (const auto& [name, shape] : files::weightLayout(files::parseModelConfig(config, folder))) {
        std::uint64_t bytes = 4;
        for (const auto size : shape) {
            bytes *= static_cast<std::uint64_t>(size);
        }
        header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {end, end + bytes}}};
        end += bytes;
    }
    const std::string text = header.dump();
    const std::uint64_t size = text.size();
    std::string content(8 + text.size() + end, '\0');
    std::memcpy(content.data(), &size, 8);
    std::memcpy(content.data() + 8, text.data(), text.size());
    auto* numbers = content.data() + 8 + text.size();
    for (std::uint64_t i = 0; i < end / 4; ++i) {
        const float number = 0.01F * static_cast<float>(i % 7);
        std::memcpy(numbers + 4 * i, &number, 4);
    }
    publishFile(folder + "/model.safetensors", content);
    return folder;
}

Json example(int words)
{
    std::string output = "ben";
    for (int i = 1; i < words; ++i) {
        output += " ben";
    }
    return {{"id", 1}, {"instruction", "Name him."}, {"output", output}, {"judgment", "Once is enough."}};
}

std::uint64_t addressSpace(std::int64_t process)
{
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmSize:", 0) == 0) {
            return std::stoull(line.substr(7)) << 10U;
        }
    }
    return 0;
}

// How much more the worker may take: of a CPU's memory its address space is limited, a GPU's is filled up from here.
class Room {
public:
    explicit Room(const ServedTrainer& worker) : m_worker(worker) { }

    void leave(std::uint64_t mebibytes)
    {
        if (test::compute().device.is_cpu()) {
            const rlimit most = {addressSpace(m_worker.processId()) + (mebibytes << 20U), RLIM_INFINITY};
            QCOMPARE(::prlimit(static_cast<pid_t>(m_worker.processId()), RLIMIT_AS, &most, nullptr), 0);
            return;
        }
        m_ballast.reset();
        c10::getDeviceAllocator(c10::kCUDA)->emptyCache();
        const auto free = model::freeMemory(test::compute().device);
        const auto taken = static_cast<std::int64_t>(free - std::min(free, mebibytes << 20U));
        m_ballast = at::empty({taken}, at::TensorOptions().dtype(c10::kByte).device(test::compute().device));
    }

private:
    const ServedTrainer& m_worker;
    at::Tensor m_ballast;
};

Json errorOf(ServedTrainer& worker, const std::string& method, const Json& params)
{
    const Json reply = worker.replyTo(worker.send(method, params));
    return reply.is_object() && reply.contains("error") ? reply.at("error") : Json{{"code", 0}, {"message", ""}};
}

}  // namespace

class OutOfMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void everyRequestIsAnsweredAndTheWorkerGoesOn()
    {
#if defined(__SANITIZE_ADDRESS__)
        QSKIP("AddressSanitizer needs terabytes of addresses");
#endif
        QTemporaryDir dir;
        const std::string model = makeModel(dir);
        ServedTrainer worker;
        Room room(worker);
        const std::string device = test::compute().device.str();
        const Json load = {
            {"model", model}, {"device", device}, {"dtype", "float32"}, {"threads", 1}, {"prompt_style", "alpaca"}};
        QVERIFY(worker.result("model/load", load).contains("parameters"));
        const Json before = worker.result("score/run", example(3));
        QVERIFY(before.contains("logprob"));
        room.leave(120);

        // A response of 180 tokens: some 60 of its distributions at once, and as much again.
        const Json scored = errorOf(worker, "score/run", example(90));
        QCOMPARE(scored.at("code").get<int>(), kOutOfMemory);
        const auto said = scored.at("message").get<std::string>();
        QVERIFY2(said.find("more could not be had. Close other programs") != std::string::npos, said.c_str());
        QVERIFY(worker.result("score/run", example(3)) == before);

        Json items = Json::array();
        for (int i = 0; i < 200; ++i) {
            items.push_back({{"id", i}, {"instruction", "Name him."}});
        }
        const Json generate = {{"items", items}, {"max_new_tokens", 2}, {"batch", 200}};
        QCOMPARE(errorOf(worker, "generate/run", generate).at("code").get<int>(), kOutOfMemory);
        Json fewer = generate;
        fewer["batch"] = 2;
        fewer["items"] = {items[0], items[1]};
        QCOMPARE(worker.result("generate/run", fewer).at("count").get<int>(), 2);

        // On the CPU beforehand nothing speaks against the round: the computer has the memory, the worker may not take
        // it. On a GPU it is refused beforehand, by what is free. This objective compares whole distributions.
        const std::string folder =
            makeRound(dir, "round", {{"model", model}, {"device", device}, {"objective", "self-distillation"}});
        publishFile(folder + "/examples.jsonl", example(90).dump() + "\n");
        const Json round = errorOf(worker, "round/start", {{"dir", folder}});
        QCOMPARE(round.at("code").get<int>(), kOutOfMemory);
        QVERIFY(!fs::exists(folder + "/adapter"));
        QVERIFY(worker.result("score/run", example(3)) == before);

        // Given what it needs, the same worker does what it could not.
        room.leave(4096);
        QVERIFY(worker.result("score/run", example(90)).contains("logprob"));
        QCOMPARE(worker.result("round/start", {{"dir", folder}}).value("outcome", ""), std::string("finished"));
        QVERIFY(fs::exists(folder + "/adapter"));
        worker.closeWriteChannel();
        QVERIFY(worker.waitForEnd());
        QCOMPARE(worker.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(OutOfMemoryTest)
#include "tst_out_of_memory.moc"
