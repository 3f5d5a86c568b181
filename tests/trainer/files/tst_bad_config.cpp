// config.json as an attacker writes it: every field out of its range or of another kind is refused by a message that
// names it, before anything is allocated by what it says.
#include "base/failure.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "trainer/files/model_config.h"

#include <QtTest>

using namespace stet;

namespace {

Json good(const std::string& architecture)
{
    return {{"architectures", {architecture}},
            {"hidden_size", 64},
            {"intermediate_size", 96},
            {"num_hidden_layers", 4},
            {"num_attention_heads", 4},
            {"num_key_value_heads", 2},
            {"head_dim", 16},
            {"vocab_size", 100},
            {"max_position_embeddings", 128},
            {"rms_norm_eps", 1e-6},
            {"tie_word_embeddings", false}};
}

// What stands in the way of reading `good` with the fields of `changes` in place of its own; null removes one.
std::string refusalOf(const std::string& architecture, const std::string& changes)
{
    try {
        const Json given = parseJson(changes, "config.json");
        Json json = good(architecture);
        for (const auto& [name, value] : given.items()) {
            json[name] = value;
        }
        (void)files::parseModelConfig(json, "config.json");
    } catch (const Failure& failure) {
        return failure.what();
    }
    return {};
}

}  // namespace

class BadConfigTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatCanNotBeIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("architecture");
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const QByteArray& changes, const char* said,
                            const char* architecture = "LlamaForCausalLM") {
            QTest::newRow((changes.left(120) + " " + architecture).constData())
                << QByteArray(architecture) << changes << QByteArray(said);
        };
        for (const char* size : {"hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
                                 "num_key_value_heads", "vocab_size", "max_position_embeddings", "head_dim"}) {
            for (const char* value : {"0", "-1", "1.5", "1e308", "9007199254740993", "9223372036854775807",
                                      "18446744073709551615", "\"8\"", "[8]", "{}", "true"}) {
                row("{\"" + QByteArray(size) + "\": " + value + "}", size);
            }
        }
        for (const char* size :
             {"hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "vocab_size"}) {
            row("{\"" + QByteArray(size) + "\": null}", size);
        }
        row(R"({"num_hidden_layers": 10001})", "num_hidden_layers");
        row(R"({"num_attention_heads": 5})", "num_attention_heads");
        row(R"({"num_key_value_heads": 3})", "num_key_value_heads");
        row(R"({"num_key_value_heads": 8})", "num_key_value_heads");
        row(R"({"head_dim": 15})", "even");
        row(R"({"head_dim": 4294967296})", "multiply");
        row(R"({"vocab_size": 4294967296, "hidden_size": 4294967296})", "multiply");
        row(R"({"intermediate_size": 4294967296, "hidden_size": 4294967296})", "multiply");
        for (const char* value : {"0", "-1e-6", "\"small\"", "[1e-6]", "true"}) {
            row("{\"rms_norm_eps\": " + QByteArray(value) + "}", "rms_norm_eps");
            row("{\"rope_theta\": " + QByteArray(value) + "}", "rope_theta");
        }
        row(R"({"rms_norm_eps": 1e999})", "not valid JSON");
        row(R"({"rms_norm_eps": NaN})", "not valid JSON");
        for (const char* flag : {"tie_word_embeddings", "attention_bias", "mlp_bias"}) {
            row("{\"" + QByteArray(flag) + "\": \"yes\"}", flag);
            row("{\"" + QByteArray(flag) + "\": 1}", flag);
        }
        for (const char* value : {"-1", "1.5", "\"x\"", "[1, \"x\"]", "{\"a\": 1}", "[[1]]", "9223372036854775808"}) {
            row("{\"eos_token_id\": " + QByteArray(value) + "}", "eos_token_id");
            row("{\"bos_token_id\": " + QByteArray(value) + "}", "bos_token_id");
        }
        for (const char* value : {"[]", "null", "5", "[5]", "\"LlamaForCausalLM\"", "{}"}) {
            row("{\"architectures\": " + QByteArray(value) + "}", "architecture");
        }
        row(R"({"architectures": ["MambaForCausalLM"]})", "MambaForCausalLM");
        row(R"({"hidden_act": 5})", "hidden_act");
        row(R"({"dtype": 5})", "dtype");
        row(R"({"torch_dtype": []})", "torch_dtype");
        row(R"({"auto_map": {"AutoModel": "m.M"}})", "auto_map");
        row(R"({"auto_map": "m.M"})", "auto_map");
        row(R"({"auto_map": {"AutoModelForCausalLM": 5}})", "AutoModelForCausalLM");
        row(R"({"quantization_config": {"quant_method": 5}})", "quant_method");
        row(R"({"quantization_config": 4})", "quantization_config");
        for (const char* value : {"5", "[1]", "\"linear\""}) {
            row("{\"rope_scaling\": " + QByteArray(value) + "}", "rope_scaling");
            row("{\"rope_parameters\": " + QByteArray(value) + "}", "rope_parameters");
        }
        row(R"({"rope_scaling": {"rope_type": 5}})", "rope_type");
        for (const char* value : {"0", "-2", "\"2\"", "[2]"}) {
            row("{\"rope_scaling\": {\"type\": \"linear\", \"factor\": " + QByteArray(value) + "}}", "factor");
        }
        row(R"({"rope_scaling": {"type": "longrope", "short_factor": 1, "long_factor": [1]}})", "short_factor");
        row(R"({"rope_scaling": {"type": "yarn", "factor": 2, "original_max_position_embeddings": -1}})",
            "original_max_position_embeddings");
        row(R"({"use_sliding_window": true, "layer_types": 5})", "layer_types", "Qwen3ForCausalLM");
        row(R"({"use_sliding_window": true, "layer_types": ["full_attention"]})", "layer_types", "Qwen3ForCausalLM");
        row(R"({"use_sliding_window": true, "layer_types": [1, 2, 3, 4]})", "layer", "Qwen3ForCausalLM");
        row(R"({"sliding_window": -1})", "sliding_window", "MistralForCausalLM");
        row(R"({"sliding_window": "all"})", "sliding_window", "MistralForCausalLM");
        row(R"({"sliding_window_pattern": 0})", "sliding_window_pattern", "Gemma3ForCausalLM");
        row(R"({"query_pre_attn_scalar": 0})", "query_pre_attn_scalar", "Gemma2ForCausalLM");
        row(R"({"attn_logit_softcapping": -1})", "attn_logit_softcapping", "Gemma2ForCausalLM");
        row(R"({"logits_scaling": 0})", "logits_scaling", "GraniteForCausalLM");
        row(R"({"partial_rotary_factor": 0.01})", "partial_rotary_factor", "Phi3ForCausalLM");
        row(R"({"partial_rotary_factor": 1e300})", "partial_rotary_factor", "Phi3ForCausalLM");
    }

    void whatCanNotBeIsRefusedByName()
    {
        QFETCH(QByteArray, architecture);
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, said);
        const test::Bounded bounded(2, 16);
        const auto refused = refusalOf(architecture.toStdString(), changes.toStdString());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
        QVERIFY2(refused.rfind("config.json", 0) == 0, refused.c_str());
        QVERIFY2(refused.find(said.toStdString()) != std::string::npos, refused.c_str());
        QVERIFY(isValidUtf8(refused));
    }

    void whatIsNoObjectIsRefused()
    {
        for (const char* text : {"[]", "5", "null", "\"x\"", "true", "[{\"architectures\":[\"LlamaForCausalLM\"]}]"}) {
            try {
                (void)files::parseModelConfig(parseJson(text, "config.json"), "config.json");
                QFAIL(text);
            } catch (const Failure& failure) {
                QVERIFY2(std::string(failure.what()).find("config.json") == 0, failure.what());
            }
        }
    }

    // The largest that is let through is described in no more memory than it takes to name its layers.
    void theLargestModelIsDescribedWithinBounds()
    {
        const test::Bounded bounded(2, 16);
        const auto refused = refusalOf(
            "LlamaForCausalLM", R"({"num_hidden_layers": 10000, "vocab_size": 4294967296, "hidden_size": 65536})");
        QVERIFY2(refused.empty(), refused.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }
};

QTEST_APPLESS_MAIN(BadConfigTest)
#include "tst_bad_config.moc"
