// Everything that can be wrong with what a sub-command is given: one clear message with the next step, the right exit
// code, nothing on standard output, nothing half written.
#include "tests/trainer/serve/round_folders.h"
#include "tests/trainer/serve/trainer_command.h"

#include <QtTest>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

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
             editJson(folder + "/tokenizer.json", [](Json& json) {
                 json["added_tokens"].push_back({{"id", 420},
                                                 {"content", "<x>"},
                                                 {"single_word", false},
                                                 {"lstrip", false},
                                                 {"rstrip", false},
                                                 {"normalized", false},
                                                 {"special", true}});
             });
         },
         3, "420|419|another model"},
        {"too large for any memory", makeEnormous, 5, "GiB|smaller model"},
    };
    return models;
}

void containsAll(const QString& message, const QString& words)
{
    for (const QString& word : words.split(QLatin1Char('|'))) {
        QVERIFY2(message.contains(word), qPrintable(word + QStringLiteral(" is not in: ") + message));
    }
}

// One sentence of ours, no stack, no type name.
void isClear(const Ran& ran)
{
    QVERIFY2(ran.errors.contains(QStringLiteral("stet-trainer: ")), qPrintable(ran.errors));
    QVERIFY2(!ran.errors.contains(QStringLiteral("A fault of ours")), qPrintable(ran.errors));
    QVERIFY2(!ran.errors.contains(QStringLiteral("Exception")), qPrintable(ran.errors));
}

const std::string kGood = R"({"id":1,"instruction":"a","output":"a fine answer","judgment":"b"})";

bool canLoseCapabilities()
{
    return ::geteuid() != 0 || ::prctl(PR_CAPBSET_READ, CAP_SETPCAP) == 1;
}

// Root may write everywhere; without these capabilities a read-only folder is one for root as well.
void loseCapabilities()
{
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
}

class ReadOnly {
public:
    explicit ReadOnly(const std::string& folder) : m_folder(folder) { ::chmod(folder.c_str(), 0555); }
    ~ReadOnly() { ::chmod(m_folder.c_str(), 0755); }

private:
    std::string m_folder;
};

void limitFileSize(rlim_t bytes)
{
    const rlimit limit = {bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

class BadInputTest : public QObject {
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

    void badLines_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("words");
        const QByteArray good = QByteArray::fromStdString(kGood) + "\n";
        const auto row = [](const char* name, const QByteArray& content, const char* words) {
            QTest::newRow(name) << content << QString::fromUtf8(words);
        };
        row("broken JSON in line 3", good + good + "{\"id\": 3,\n", "in.jsonl, line 3|not valid JSON");
        row("a list in line 2", good + "[1]\n", "in.jsonl, line 2|object");
        row("not UTF-8", good + "{\"id\":2,\"instruction\":\"\xFF\",\"output\":\"a\"}\n", "line 2|UTF-8");
        row("no id", good + "{\"instruction\":\"a\",\"output\":\"b\"}\n", "line 2|'id'");
        row("no instruction", "{\"id\":1,\"output\":\"b\"}\n", "line 1|'instruction'");
        row("judgment without answer", "{\"id\":1,\"instruction\":\"a\",\"judgment\":\"b\"}\n", "line 1|'output'");
        row("judgment is a number", "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"judgment\":5}\n",
            "line 1|'judgment' must be a text");
        row("a mark backwards",
            "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"marks\":[{\"begin\":4,\"end\":1,\"mark\":\"flag\"}]}\n",
            "line 1|mark");
        row("too deep", "{\"id\":1,\"instruction\":" + QByteArray(200, '[') + QByteArray(200, ']') + "}\n",
            "line 1|nested deeper");
        row("empty", "", "in.jsonl|holds no line");
        row("blank lines alone", "\n\n\n", "in.jsonl|holds no line");
    }

    void badLines()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, words);
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, content.toStdString());
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        const Ran ran = runTrainer({"score", "--model", smallModel(), "--in", in, "--out", out});
        QVERIFY2(ran.exitCode == 3, qPrintable(ran.errors));
        containsAll(ran.errors, words);
        isClear(ran);
        QVERIFY(ran.output.empty());
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"in.jsonl"});
    }

    void aPipeOrAFolderIsNoInput()
    {
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        ::mkfifo((base + "/pipe").c_str(), 0600);
        for (const std::string& in : {base + "/pipe", base, base + "/none"}) {
            const Ran ran = runTrainer({"score", "--model", smallModel(), "--in", in});
            QCOMPARE(ran.exitCode, 3);
            containsAll(ran.errors, QString::fromStdString(in) + QStringLiteral("|Cannot"));
            isClear(ran);
        }
    }

    void aPathThatCanNotBeIsNamed()
    {
        const std::string path = "/" + std::string(5000, 'x');
        for (const auto& arguments :
             {std::vector<std::string>{"round", path}, std::vector<std::string>{"verify", path},
              std::vector<std::string>{"describe", "--model", path},
              std::vector<std::string>{"score", "--model", smallModel(), "--in", path},
              std::vector<std::string>{"score", "--model", smallModel(), "--in", smallExamples(), "--out", path},
              std::vector<std::string>{"score", "--model", smallModel(), "--in", smallExamples(), "--adapter", path}}) {
            const Ran ran = runTrainer(arguments);
            QVERIFY2(ran.exitCode == 3, qPrintable(QString::fromStdString(arguments.front()) + ran.errors.right(80)));
            isClear(ran);
        }
    }

    void badRounds_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* file, const QByteArray& content, int exitCode,
                            const char* words) {
            QTest::newRow(name) << QByteArray(file) << content << exitCode << QString::fromUtf8(words);
        };
        const QByteArray model = "{\"model\":\"" + QByteArray::fromStdString(smallModel()) + "\",\"device\":\"cpu\"";
        const QByteArray accepted = "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"judgment\":null}\n";
        row("empty data", "examples.jsonl", "", 3, "examples.jsonl|judge some responses");
        row("all accepted", "examples.jsonl", accepted + accepted, 3, "examples.jsonl|every response is accepted");
        row("broken line", "examples.jsonl", accepted + "{\"id\"\n", 3, "examples.jsonl, line 2");
        row("judgment without answer", "examples.jsonl",
            accepted + "{\"id\":2,\"instruction\":\"a\",\"judgment\":\"b\"}\n", 3, "line 2|'output'");
        row("broken settings", "round.json", "{\"model\":", 3, "round.json|not valid JSON");
        row("no model named", "round.json", "{}", 3, "round.json|'model'");
        row("unknown preset", "round.json", model + ",\"preset\":\"best\"}", 3, "'preset'|best|stable");
        row("wrong type", "round.json", model + ",\"lambda\":\"much\"}", 3, "'lambda' must be a number");
        row("out of range", "round.json", model + ",\"batch_size\":0}", 3, "'batch_size' must be 1 to");
        row("nothing preferred", "round.json", model + ",\"objective\":\"dpo\"}", 3, "dpo|revision|demonstration");
        row("no such parent", "round.json", model + ",\"parent\":{\"adapter\":\"../none\",\"how\":\"merge\"}}", 3,
            "none");
        row("a layer that isn't there", "round.json", model + ",\"lora\":{\"targets\":[\"wheel_proj\"]}}", 4,
            "wheel_proj");
    }

    void badRounds()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(int, exitCode);
        QFETCH(QString, words);
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        publishFile(folder + "/" + file.toStdString(), content.toStdString());
        const Ran ran = runTrainer({"round", folder});
        QVERIFY2(ran.exitCode == exitCode, qPrintable(QString::number(ran.exitCode) + ran.errors));
        containsAll(ran.errors, words);
        isClear(ran);
        QVERIFY(ran.output.empty());
        for (const auto& name : namesIn(folder)) {
            QVERIFY2(name == "examples.jsonl" || name == "round.json" || name == "lock", name.c_str());
        }
    }

    void aGpuThatIsNotThereIsNamed()
    {
        const Ran described = runTrainer({"describe", "--model", smallModel()});
        if (described.lines().at(0).at("device") != "cpu") {
            QSKIP("this computer has a GPU");
        }
        QTemporaryDir dir;
        const Json gpu = {{"device", "cuda"}};
        for (const auto& arguments :
             {std::vector<std::string>{"score", "--model", smallModel(), "--in", smallExamples(), "--device", "cuda"},
              std::vector<std::string>{"describe", "--model", smallModel(), "--device", "cuda:1"},
              std::vector<std::string>{"round", makeRound(dir, "round", gpu)}}) {
            const Ran ran = runTrainer(arguments);
            QCOMPARE(ran.exitCode, 3);
            containsAll(ran.errors, QStringLiteral("A GPU was asked for|use --device auto or cpu"));
            QVERIFY(ran.output.empty());
        }
    }

    void outputsThatCannotBeAreRefusedBeforeTheWork()
    {
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        ::mkfifo((base + "/pipe").c_str(), 0600);
        for (const std::string& out : {base + "/none/out.jsonl", base, base + "/pipe"}) {
            for (const char* command : {"score", "generate", "tokenize", "logits"}) {
                const Ran ran = runTrainer({command, "--model", smallModel(), "--in", smallExamples(), "--out", out});
                QCOMPARE(ran.exitCode, 3);
                containsAll(ran.errors, QStringLiteral("Cannot write|") + QString::fromStdString(out));
                isClear(ran);
            }
        }
        QVERIFY(namesIn(base) == std::vector<std::string>{"pipe"});
        QVERIFY(fs::is_fifo(base + "/pipe"));
    }

    // In a safetensors header the name means something else: the file could not be read.
    void anIdThatCannotNameATensorIsRefused()
    {
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, R"({"id":"__metadata__","ids":[1]})");
        const Ran ran = runTrainer({"logits", "--model", smallModel(), "--in", in, "--out", in + ".safetensors"});
        QCOMPARE(ran.exitCode, 3);
        containsAll(ran.errors, QStringLiteral("line 1|__metadata__|another id"));
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"in.jsonl"});
    }

    void whatIsReadIsNotOverwritten_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("out");
        for (const char* command : {"score", "generate", "compare", "precision", "tokenize", "logits", "evaluate"}) {
            QTest::newRow(command) << QByteArray(command) << QByteArray("in.jsonl");
        }
        QTest::newRow("another spelling") << QByteArray("score") << QByteArray("./in.jsonl");
        QTest::newRow("a link") << QByteArray("score") << QByteArray("link.jsonl");
    }

    // The examples hold a person's judgments: results never take their place, also not by another name of the file.
    void whatIsReadIsNotOverwritten()
    {
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, out);
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString() + "/";
        const bool task = command == "evaluate";
        const std::string content = task ? R"({"id":1,"reference":"a","output":"a"})" : kGood;
        publishFile(base + "in.jsonl", content);
        fs::create_symlink(base + "in.jsonl", base + "link.jsonl");
        std::vector<std::string> arguments = {command.toStdString(),
                                              task ? "--task" : "--in",
                                              base + "in.jsonl",
                                              "--out",
                                              base + out.toStdString(),
                                              "--model",
                                              smallModel()};
        if (command == "compare") {
            arguments.insert(arguments.end(), {"--before", "base", "--after", "base"});
        }
        const Ran ran = runTrainer(arguments);
        QCOMPARE(ran.exitCode, 3);
        containsAll(ran.errors, QStringLiteral("Cannot write|is read|another|") + QString::fromUtf8(out));
        isClear(ran);
        QVERIFY(readFile(base + "in.jsonl", 1000) == content);
        QVERIFY(fs::is_symlink(base + "link.jsonl"));
    }

    void aReadOnlyFolderIsNamed()
    {
        if (!canLoseCapabilities()) {
            QSKIP("root here may write everywhere and can't give that up");
        }
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        const ReadOnly locked(folder);
        const Ran scored = runTrainer(
            {"score", "--model", smallModel(), "--in", smallExamples(), "--out", folder + "/out"}, loseCapabilities);
        QCOMPARE(scored.exitCode, 3);
        containsAll(scored.errors, QStringLiteral("Cannot write|not allowed"));
        const Ran round = runTrainer({"round", folder}, loseCapabilities);
        QCOMPARE(round.exitCode, 3);
        containsAll(round.errors, QStringLiteral("round|not allowed"));
        QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "round.json"}));
    }

    // A limit on a file's size stands in for a full disk: writes fail half-way.
    void aFullDiskLeavesNothingHalfWritten_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("at once") << 0;
        QTest::newRow("in the results") << 5000;
        QTest::newRow("in the weights") << 60000;
    }

    void aFullDiskLeavesNothingHalfWritten()
    {
        QFETCH(int, bytes);
        QTemporaryDir dir;
        const auto limited = [bytes] { limitFileSize(static_cast<rlim_t>(bytes)); };
        const std::string out = dir.path().toStdString() + "/out";
        const std::string ids = dir.path().toStdString() + "/ids";
        publishFile(
            ids,
            "{\"id\":1,\"ids\":[" +
                [] {
                    std::string list = "1";
                    for (int i = 0; i < 99; ++i) {
                        list += ",1";
                    }
                    return list;
                }() +
                "]}\n");
        const Ran logits = runTrainer({"logits", "--model", smallModel(), "--in", ids, "--out", out}, limited);
        QVERIFY2(logits.exitCode == 3, qPrintable(logits.errors));
        isClear(logits);
        if (bytes < 60000) {
            const Ran scored =
                runTrainer({"score", "--model", smallModel(), "--in", smallExamples(), "--out", out}, limited);
            QVERIFY2(scored.exitCode == 3, qPrintable(scored.errors));
            containsAll(scored.errors, QStringLiteral("Cannot write"));
        }
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"ids"});
        const std::string folder = makeRound(dir, "round");
        const Ran round = runTrainer({"round", folder}, limited);
        QVERIFY2(round.exitCode == 3, qPrintable(round.errors));
        isClear(round);
        QVERIFY(!fs::exists(folder + "/adapter"));
        QVERIFY(!fs::exists(folder + "/report.json"));
        // With room again it goes on.
        QCOMPARE(runTrainer({"round", folder}).exitCode, 0);
    }

    void aVerifyThatFindsSomethingNamesIt()
    {
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        const Ran nothing = runTrainer({"verify", base});
        QCOMPARE(nothing.exitCode, 3);
        isClear(nothing);
        const std::string adapter = base + "/adapter";
        fs::copy(goldenDir() + "/cut/start", adapter);
        std::string bytes = contentOf(adapter + "/adapter_model.safetensors");
        bytes.replace(bytes.size() - 4, 4, std::string("\x00\x00\xC0\x7F", 4));  // not a number
        publishFile(adapter + "/adapter_model.safetensors", bytes);
        const Ran ran = runTrainer({"verify", adapter});
        QCOMPARE(ran.exitCode, 3);
        QCOMPARE(ran.lines().at(0).at("sound").get<bool>(), false);
        containsAll(ran.errors, QStringLiteral("not finite"));
        const Ran refused =
            runTrainer({"score", "--model", smallModel(), "--in", smallExamples(), "--adapter", adapter});
        QCOMPARE(refused.exitCode, 3);
        QVERIFY(refused.output.empty());
    }
};

QTEST_GUILESS_MAIN(BadInputTest)
#include "tst_bad_input.moc"
