// A model folder that is damaged, lacks something or is none: one clear message with the next step, the right exit
// code, nothing on standard output, nothing half written.
#include "tests/support/round_folders.h"
#include "tests/trainer/cli/clear_refusal.h"

#include <sys/stat.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

using Damage = std::function<void(const std::string& folder)>;

void editJson(const std::string& path, const std::function<void(Json&)>& edit)
{
    Json json = readJsonFile(path);
    edit(json);
    publishFile(path, json.dump());
}

Damage inConfig(const std::function<void(Json&)>& edit)
{
    return [edit](const std::string& folder) { editJson(folder + "/config.json", edit); };
}

Damage weightsAre(const std::string& content)
{
    return [content](const std::string& folder) { publishFile(folder + "/model.safetensors", content); };
}

std::string littleEndian(std::uint64_t number)
{
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes += static_cast<char>(number >> (8 * i) & 0xFF);
    }
    return bytes;
}

struct BadModel {
    const char* name;
    Damage damage;
    int exitCode;
    const char* words;  // all of them, separated by |, stand in the message
};

// More than any computer has: two tensors of a sparse file.
void makeEnormous(const std::string& folder)
{
    const std::int64_t vocabulary = 4'000'000'000;
    editJson(folder + "/config.json", [vocabulary](Json& json) {
        json["vocab_size"] = vocabulary;
        json["num_hidden_layers"] = 1;
    });
    Json header = Json::object();
    std::uint64_t offset = 0;
    const auto add = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
        std::uint64_t bytes = 2;
        for (const auto n : shape) {
            bytes *= static_cast<std::uint64_t>(n);
        }
        header[name] = {{"dtype", "BF16"}, {"shape", shape}, {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    };
    const std::string layer = "model.layers.0.";
    add("model.embed_tokens.weight", {vocabulary, 32});
    add("model.norm.weight", {32});
    add(layer + "input_layernorm.weight", {32});
    add(layer + "post_attention_layernorm.weight", {32});
    add(layer + "self_attn.q_proj.weight", {32, 32});
    add(layer + "self_attn.k_proj.weight", {16, 32});
    add(layer + "self_attn.v_proj.weight", {16, 32});
    add(layer + "self_attn.o_proj.weight", {32, 32});
    add(layer + "mlp.gate_proj.weight", {48, 32});
    add(layer + "mlp.up_proj.weight", {48, 32});
    add(layer + "mlp.down_proj.weight", {32, 48});
    const std::string text = header.dump();
    const std::string path = folder + "/model.safetensors";
    publishFile(path, littleEndian(text.size()) + text);
    fs::resize_file(path, 8 + text.size() + offset);
}

const std::vector<BadModel>& theModels()
{
    static const std::vector<BadModel> models = {
        {"no folder", [](const std::string& folder) { fs::remove_all(folder); }, 3, "no model folder|check the path"},
        {"a file",
         [](const std::string& folder) {
             fs::remove_all(folder);
             publishFile(folder, "x");
         },
         3, "no model folder"},
        {"no model", [](const std::string& folder) { fs::remove(folder + "/config.json"); }, 3,
         "not a model folder|config.json"},
        {"no weights", [](const std::string& folder) { fs::remove(folder + "/model.safetensors"); }, 3,
         "no weights|model.safetensors"},
        {"a pickle alone",
         [](const std::string& folder) {
             fs::remove(folder + "/model.safetensors");
             // Opening it would wait for ever.
             ::mkfifo((folder + "/pytorch_model.bin").c_str(), 0600);
             ::mkfifo((folder + "/modeling_llama.py").c_str(), 0600);
         },
         3, "no weights|safetensors"},
        {"a Git-LFS pointer", weightsAre("version https://git-lfs.github.com/spec/v1\noid sha256:0f42\nsize 115840\n"),
         3, "model.safetensors|Git-LFS|git lfs pull"},
        {"truncated weights",
         [](const std::string& folder) {
             fs::resize_file(folder + "/model.safetensors", fs::file_size(folder + "/model.safetensors") / 2);
         },
         3, "model.safetensors"},
        {"empty weights", weightsAre(""), 3, "model.safetensors"},
        {"a header longer than the file", weightsAre(littleEndian(1000000) + "{}"), 3, "model.safetensors"},
        {"a header longer than anything", weightsAre(littleEndian(~std::uint64_t{0}) + "{}"), 3, "model.safetensors"},
        {"a header that is no JSON", weightsAre(littleEndian(8) + "{\"a\": [}"), 3, "model.safetensors"},
        {"a header of offsets outside",
         weightsAre(littleEndian(62) + R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,99999]}}    )"), 3,
         "model.safetensors"},
        {"a header that lacks tensors", weightsAre(littleEndian(2) + "{}"), 3, "lack"},
        {"another shape", inConfig([](Json& json) { json["intermediate_size"] = 64; }), 3, "shape|48"},
        {"an index that leaves the folder",
         [](const std::string& folder) {
             fs::rename(folder + "/model.safetensors", folder + "/other.safetensors");
             publishFile(folder + "/model.safetensors.index.json",
                         R"({"weight_map":{"model.norm.weight":"../x.safetensors"}})");
         },
         3, "../x.safetensors|bare name"},
        {"a shard that is missing",
         [](const std::string& folder) {
             fs::rename(folder + "/model.safetensors", folder + "/other.safetensors");
             publishFile(folder + "/model.safetensors.index.json",
                         R"({"weight_map":{"model.norm.weight":"model-00001-of-00002.safetensors"}})");
         },
         3, "model-00001-of-00002.safetensors|download"},
        {"config that is no JSON", [](const std::string& folder) { publishFile(folder + "/config.json", "{,"); }, 3,
         "config.json|not valid JSON"},
        {"config without sizes", inConfig([](Json& json) { json.erase("hidden_size"); }), 3,
         "config.json|'hidden_size'"},
        {"heads that don't divide", inConfig([](Json& json) { json["num_attention_heads"] = 5; }), 3, "5"},
        {"unknown architecture", inConfig([](Json& json) { json["architectures"] = {"MambaForCausalLM"}; }), 4,
         "MambaForCausalLM|LlamaForCausalLM"},
        {"unknown rope type", inConfig([](Json& json) {
             json["rope_parameters"] = {{"rope_type", "mrope"}, {"rope_theta", 1e4}};
         }),
         4, "mrope|default"},
        {"unknown activation", inConfig([](Json& json) { json["hidden_act"] = "relu2"; }), 4, "relu2|silu"},
        {"quantised", inConfig([](Json& json) {
             json["quantization_config"] = {{"quant_method", "gptq"}};
         }),
         4, "gptq|unquantised"},
        {"code of its own", inConfig([](Json& json) {
             json["auto_map"] = {{"AutoModel", "m.M"}};
         }),
         4, "auto_map"},
        {"weights in int8",
         [](const std::string& folder) {
             std::string bytes = contentOf(folder + "/model.safetensors");
             // Same length, another type: 4 bytes a number are 4 numbers.
             const auto at = bytes.find("\"F32\"");
             bytes.replace(at, 5, "\"I32\"");
             publishFile(folder + "/model.safetensors", bytes);
         },
         4, "I32"},
        {"no tokenizer", [](const std::string& folder) { fs::remove(folder + "/tokenizer.json"); }, 3,
         "tokenizer.json"},
        {"a broken tokenizer", [](const std::string& folder) { publishFile(folder + "/tokenizer.json", "{}"); }, 3,
         "tokenizer.json|not a usable tokenizer"},
        {"another model's tokenizer",
         [](const std::string& folder) {
             editJson(folder + "/tokenizer.json", [](Json& json) { json["model"]["vocab"]["another"] = 420; });
         },
         3, "420|419|another model"},
        // An added token may stand behind the vocabulary; what ends a response may not.
        {"an end behind the vocabulary",
         [](const std::string& folder) {
             editJson(folder + "/tokenizer.json", [](Json& json) {
                 json["added_tokens"].push_back({{"id", 420},
                                                 {"content", "<x>"},
                                                 {"single_word", false},
                                                 {"lstrip", false},
                                                 {"rstrip", false},
                                                 {"normalized", false},
                                                 {"special", true}});
             });
             editJson(folder + "/tokenizer_config.json", [](Json& json) { json["eos_token"] = "<x>"; });
         },
         3, "420|419|eos_token"},
        {"too large for any memory", makeEnormous, 5, "GB|smaller model"},
    };
    return models;
}

}  // namespace

class BadModelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void badModels_data()
    {
        QTest::addColumn<int>("which");
        for (std::size_t i = 0; i < theModels().size(); ++i) {
            QTest::newRow(theModels()[i].name) << static_cast<int>(i);
        }
    }

    void badModels()
    {
        QFETCH(int, which);
        const BadModel& bad = theModels().at(static_cast<std::size_t>(which));
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/model";
        fs::copy(smallModel(), folder);
        bad.damage(folder);
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, kGood + "\n");
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        const Ran ran = runTrainer({"score", "--model", folder, "--in", in, "--out", out});
        QVERIFY2(ran.exitCode == bad.exitCode, qPrintable(QString::number(ran.exitCode) + ran.errors));
        containsAll(ran.errors, QString::fromUtf8(bad.words));
        isClear(ran);
        QVERIFY(ran.output.empty());
        QVERIFY(!fs::exists(out));
    }
};

QTEST_GUILESS_MAIN(BadModelsTest)
#include "tst_bad_models.moc"
