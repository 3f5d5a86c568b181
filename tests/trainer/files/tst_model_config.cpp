// config.json of every family: today's and yesterday's spelling mean the same, defaults are the family's, and what is
// not supported is refused by its name before any weight is read.
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/sha256.h"
#include "tests/support/paths.h"
#include "trainer/files/model_config.h"
#include "trainer/files/model_folder.h"
#include "trainer/files/weight_layout.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace stet;
using files::ModelConfig;

namespace {

Json sizes(const std::string& architecture)
{
    return {{"architectures", {architecture}},
            {"hidden_size", 64},
            {"intermediate_size", 96},
            {"num_hidden_layers", 4},
            {"num_attention_heads", 4},
            {"num_key_value_heads", 2},
            {"vocab_size", 100}};
}

Json with(Json json, const Json& changes)
{
    json.update(changes);
    return json;
}

ModelConfig parsed(const Json& json)
{
    return files::parseModelConfig(json, "config.json");
}

std::vector<int> slidingOf(const ModelConfig& model)
{
    return {model.sliding.begin(), model.sliding.end()};
}

}  // namespace

class ModelConfigTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothSpellingsMeanTheSame()
    {
        const Json today = with(sizes("LlamaForCausalLM"),
                                {{"dtype", "bfloat16"},
                                 {"max_position_embeddings", 128},
                                 {"rope_parameters", {{"rope_type", "yarn"}, {"rope_theta", 5e5}, {"factor", 4}}}});
        const Json yesterday = with(sizes("LlamaForCausalLM"),
                                    {{"torch_dtype", "bfloat16"},
                                     {"max_position_embeddings", 128},
                                     {"rope_theta", 5e5},
                                     {"rope_scaling", {{"type", "yarn"}, {"factor", 4}}}});
        for (const Json& json : {today, yesterday}) {
            const auto model = parsed(json);
            QCOMPARE(model.dtype, std::string("bfloat16"));
            QCOMPARE(int(model.rope.type), int(files::RopeType::Yarn));
            QCOMPARE(model.rope.theta, 5e5);
            QCOMPARE(model.rope.originalContext, std::int64_t(128));
            QCOMPARE(model.rope.attentionFactor, 0.1 * std::log(4.0) + 1);
            QCOMPARE(model.contextLength, std::int64_t(512));
        }
    }

    void aNestedTextConfigIsRead()
    {
        Json inner = sizes("LlamaForCausalLM");
        inner.erase("architectures");
        const auto model =
            parsed({{"architectures", {"LlamaForCausalLM"}}, {"eos_token_id", {1, 106}}, {"text_config", inner}});
        QCOMPARE(model.hiddenSize, std::int64_t(64));
        QCOMPARE(model.eosIds, (std::vector<std::int64_t>{1, 106}));
    }

    void defaultsAreTheFamilys()
    {
        const auto gemma = parsed(sizes("Gemma2ForCausalLM"));
        QVERIFY(gemma.tiedEmbeddings);
        QCOMPARE(gemma.headDim, std::int64_t(256));
        QCOMPARE(gemma.attentionScale, 1.0 / 16);
        QCOMPARE(gemma.attentionCap, 50.0);
        QCOMPARE(gemma.logitCap, 30.0);
        QCOMPARE(slidingOf(gemma), (std::vector<int>{1, 0, 1, 0}));
        QCOMPARE(int(gemma.activation), int(files::Activation::GeluTanh));
        const auto mistral = parsed(sizes("MistralForCausalLM"));
        QCOMPARE(mistral.window, std::int64_t(4096));
        QCOMPARE(mistral.contextLength, std::int64_t(131072));
        QCOMPARE(parsed(with(sizes("MistralForCausalLM"), {{"sliding_window", nullptr}})).window, std::int64_t(0));
        QCOMPARE(parsed(sizes("Qwen2ForCausalLM")).window, std::int64_t(0));
        QCOMPARE(parsed(sizes("Qwen3ForCausalLM")).headDim, std::int64_t(128));
        const auto gemma3 = parsed(with(sizes("Gemma3ForCausalLM"), {{"sliding_window_pattern", 3}}));
        QCOMPARE(gemma3.rope.theta, 1e6);
        QCOMPARE(gemma3.slidingRope.theta, 1e4);
        QCOMPARE(slidingOf(gemma3), (std::vector<int>{1, 1, 0, 1}));
        QCOMPARE(gemma3.logitCap, 0.0);
    }

    void windowsFollowTheLayers()
    {
        const Json used = {{"use_sliding_window", true}, {"sliding_window", 8}, {"max_window_layers", 3}};
        QCOMPARE(slidingOf(parsed(with(sizes("Qwen2ForCausalLM"), used))), (std::vector<int>{0, 0, 0, 1}));
        Json named = used;
        named["layer_types"] = {"sliding_attention", "full_attention", "sliding_attention", "full_attention"};
        QCOMPARE(slidingOf(parsed(with(sizes("Qwen3ForCausalLM"), named))), (std::vector<int>{1, 0, 1, 0}));
    }

    void aFoldersOwnCodeIsPassedOverOnlyWhereItIsKnown()
    {
        const Json known = {{"auto_map", {{"AutoModelForCausalLM", "modeling_phi3.Phi3ForCausalLM"}}}};
        QVERIFY(parsed(with(sizes("Phi3ForCausalLM"), known)).fusedProjections);
        const Json other = {{"auto_map", {{"AutoModelForCausalLM", "modeling_phi3.Phi3Tuned"}}}};
        QVERIFY_EXCEPTION_THROWN(parsed(with(sizes("Phi3ForCausalLM"), other)), Failure);
        const Json llama = {{"auto_map", {{"AutoModelForCausalLM", "modeling_llama.LlamaForCausalLM"}}}};
        QVERIFY_EXCEPTION_THROWN(parsed(with(sizes("LlamaForCausalLM"), llama)), Failure);
    }

    // Transformers runs none of it either where a model that writes text is asked for.
    void ownCodeForAnotherTaskIsPassedOver()
    {
        const Json others = {{"auto_map",
                              {{"AutoConfig", "configuration_reward.RewardConfig"},
                               {"AutoModelForSequenceClassification", "modeling_reward.RewardModel"},
                               {"AutoTokenizer", {nullptr, "tokenization_own.OwnTokenizer"}}}}};
        QCOMPARE(parsed(with(sizes("LlamaForCausalLM"), others)).architecture, std::string("LlamaForCausalLM"));
    }

    void theLayoutNamesEveryTensor()
    {
        const auto names = [](const ModelConfig& model) {
            std::vector<std::string> all;
            for (const auto& weight : files::weightLayout(model)) {
                all.push_back(weight.name);
            }
            return all;
        };
        const auto has = [&](const ModelConfig& model, const std::string& name) {
            const auto all = names(model);
            return std::count(all.begin(), all.end(), name) == 1;
        };
        const auto phi = parsed(sizes("Phi3ForCausalLM"));
        QVERIFY(has(phi, "model.layers.3.self_attn.qkv_proj.weight"));
        QVERIFY(!has(phi, "model.layers.3.self_attn.q_proj.weight"));
        const auto olmo = parsed(sizes("Olmo2ForCausalLM"));
        QVERIFY(has(olmo, "model.layers.0.post_feedforward_layernorm.weight"));
        QVERIFY(!has(olmo, "model.layers.0.input_layernorm.weight"));
        QVERIFY(has(parsed(sizes("Qwen2ForCausalLM")), "model.layers.0.self_attn.k_proj.bias"));
        QVERIFY(!has(parsed(sizes("Qwen2ForCausalLM")), "model.layers.0.self_attn.o_proj.bias"));
        // 100·64·2 + 64 + 4·(64·64·2 + 64·32·2 + 3·64·96 + 2·64)
        QCOMPARE(files::parameterCount(parsed(sizes("LlamaForCausalLM"))), std::int64_t(136256));
    }

    // Untied after training, with settings that still say tied: Transformers uses the head that is there.
    void aHeadOfItsOwnIsUsedThoughTheSettingsTieIt()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/model";
        std::filesystem::copy(test::goldenDir() + "/transformers/grouped-untied", folder);
        const auto untied = files::openModelFolder(folder).config;
        Json settings = readJsonFile(folder + "/config.json");
        settings["tie_word_embeddings"] = true;
        publishFile(folder + "/config.json", settings.dump());
        const auto config = files::openModelFolder(folder).config;
        QVERIFY(!config.tiedEmbeddings);
        QCOMPARE(files::parameterCount(config), files::parameterCount(untied));
        QVERIFY(files::openModelFolder(test::goldenDir() + "/transformers/tied").config.tiedEmbeddings);
    }

    // Settings of published models as they spell them: tensors, shapes, parameters and windows are Transformers'
    // (tests/golden/make_layout_goldens.py).
    void publishedModelsHaveTheirTensors_data()
    {
        QTest::addColumn<int>("row");
        const Json goldens = readJsonFile(test::goldenDir() + "/layouts.json");
        for (int row = 0; row < static_cast<int>(goldens.size()); ++row) {
            QTest::newRow(goldens[static_cast<std::size_t>(row)].at("name").get<std::string>().c_str()) << row;
        }
    }

    void publishedModelsHaveTheirTensors()
    {
        QFETCH(int, row);
        const Json golden = readJsonFile(test::goldenDir() + "/layouts.json")[static_cast<std::size_t>(row)];
        const auto model = parsed(golden.at("config"));
        std::vector<std::string> lines;
        for (const auto& [name, shape] : files::weightLayout(model)) {
            std::string line = name + " [";
            for (std::size_t i = 0; i < shape.size(); ++i) {
                line += (i > 0 ? ", " : "") + std::to_string(shape[i]);
            }
            lines.push_back(line + "]");
        }
        std::sort(lines.begin(), lines.end());
        std::string all;
        for (const auto& line : lines) {
            all += (all.empty() ? "" : "\n") + line;
        }
        QCOMPARE(lines.size(), golden.at("tensors").get<std::size_t>());
        QCOMPARE(toHex(sha256(all)), golden.at("sha256").get<std::string>());
        QCOMPARE(files::parameterCount(model), golden.at("parameters").get<std::int64_t>());
        QCOMPARE(std::count(model.sliding.begin(), model.sliding.end(), true),
                 golden.at("sliding_layers").get<std::int64_t>());
    }

    void whatIsNotSupportedIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("architecture");
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* what, const char* architecture, const char* changes, const char* named) {
            QTest::newRow(what) << QByteArray(architecture) << QByteArray(changes) << QByteArray(named);
        };
        const char* llama = "LlamaForCausalLM";
        row("architecture", "MambaForCausalLM", "{}", "MambaForCausalLM");
        row("every supported one is named", "MambaForCausalLM", "{}", "GraniteForCausalLM");
        row("mixture of experts", "MixtralForCausalLM", R"({"num_local_experts": 8})", "mixture of experts");
        row("experts of Qwen", "Qwen3MoeForCausalLM", R"({"num_experts": 128})", "num_experts");
        row("vision", "Gemma3ForConditionalGeneration", R"({"vision_config": {"hidden_size": 8}})", "vision_config");
        row("GPTQ", llama, R"({"quantization_config": {"quant_method": "gptq"}})", "gptq");
        row("AWQ", llama, R"({"quantization_config": {"quant_method": "awq"}})", "awq");
        row("bitsandbytes", llama, R"({"quantization_config": {"quant_method": "bitsandbytes"}})", "bitsandbytes");
        row("MLX", llama, R"({"quantization": {"bits": 4, "group_size": 64}})", "MLX");
        row("MLX, said twice", llama,
            R"({"quantization": {"bits": 4, "group_size": 64}, "quantization_config": {"bits": 4, "group_size": 64}})",
            "MLX");
        row("bitsandbytes without its name", llama, R"({"quantization_config": {"load_in_8bit": true}})",
            "bitsandbytes");
        row("own code", llama, R"({"auto_map": {"AutoModel": "m.M"}})", "auto_map");
        row("own code, named", llama, R"({"auto_map": {"AutoModelForCausalLM": "m.M"}})",
            "AutoModelForCausalLM is 'm.M'");
        row("own code, and what is needed", llama, R"({"auto_map": {"AutoModel": "m.M"}})", "plain LlamaForCausalLM");
        row("a classifier", "LlamaForSequenceClassification", "{}", "another task than writing text");
        row("encoder", llama, R"({"is_encoder_decoder": true})", "encoder");
        row("activation", llama, R"({"hidden_act": "relu"})", "relu");
        row("rope type", llama, R"({"rope_scaling": {"type": "mrope"}})", "mrope");
        row("part of a head", llama, R"({"partial_rotary_factor": 0.5})", "partial_rotary_factor");
        row("layer type", "Qwen2ForCausalLM",
            R"({"use_sliding_window": true, "layer_types": ["a", "a", "a", "chunked_attention"]})", "layer type");
        row("both ways", "Gemma3ForCausalLM", R"({"use_bidirectional_attention": true})",
            "use_bidirectional_attention");
        row("rope of Phi-3", "Phi3ForCausalLM", R"({"rope_scaling": {"type": "linear", "factor": 2}})", "longrope");
    }

    void whatIsNotSupportedIsRefusedByName()
    {
        QFETCH(QByteArray, architecture);
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, named);
        try {
            (void)parsed(with(sizes(architecture.toStdString()), Json::parse(changes.toStdString())));
            QFAIL("nothing was refused");
        } catch (const Failure& failure) {
            QCOMPARE(int(failure.kind()), int(FailureKind::ModelRefused));
            QVERIFY2(QByteArray(failure.what()).contains(named), failure.what());
        }
    }

    void whatCannotBeIsNamed_data()
    {
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* what, const char* changes, const char* named) {
            QTest::newRow(what) << QByteArray(changes) << QByteArray(named);
        };
        row("no factor", R"({"rope_scaling": {"type": "linear"}})", "factor");
        row("a factor of 0", R"({"rope_scaling": {"type": "dynamic", "factor": 0}})", "factor");
        row("frequencies crossed",
            R"({"rope_scaling": {"type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4}})",
            "high_freq_factor");
        row("too few factors", R"({"rope_scaling": {"type": "longrope", "short_factor": [1], "long_factor": [1]}})",
            "short_factor");
        row("rope is a text", R"({"rope_scaling": "linear"})", "rope_scaling");
        row("theta of 1 for yarn", R"({"rope_theta": 1, "rope_scaling": {"type": "yarn", "factor": 2}})", "rope_theta");
        row("heads", R"({"num_key_value_heads": 3})", "num_key_value_heads");
        row("odd heads", R"({"head_dim": 15})", "even");
        row("huge", R"({"vocab_size": 4294967296, "hidden_size": 4294967296})", "more than can be");
    }

    void whatCannotBeIsNamed()
    {
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, named);
        try {
            (void)parsed(with(sizes("LlamaForCausalLM"), Json::parse(changes.toStdString())));
            QFAIL("nothing was refused");
        } catch (const Failure& failure) {
            QCOMPARE(int(failure.kind()), int(FailureKind::BadInput));
            QVERIFY2(QByteArray(failure.what()).contains(named), failure.what());
        }
    }
};

QTEST_APPLESS_MAIN(ModelConfigTest)
#include "tst_model_config.moc"
