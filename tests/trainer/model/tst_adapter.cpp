// PEFT's adapter folders: which modules a configuration means (patterns, layers, exclusions, ranks and scales by
// pattern), what PEFT-written folders give, what is refused by name, and that what is written can be read again.
#include "base/failure.h"
#include "base/json.h"
#include "tests/support/bounded.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/files/adapter_config.h"
#include "trainer/model/adapter.h"
#include "trainer/model/adapter_join.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/text/adapter_targets.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;

namespace {

const Json& goldenTargets()
{
    static const Json targets = readJsonFile(test::goldenDir() + "/adapters/targets.json");
    return targets;
}

std::unique_ptr<model::Decoder> base()
{
    return model::Decoder::load(files::openModelFolder(test::goldenDir() + "/transformers/grouped-untied"),
                                test::compute());
}

// On the CPU, [B, T, V].
at::Tensor logProbs(const model::Decoder& decoder, const model::Adapters& adapters, const at::Tensor& ids)
{
    const at::Tensor hidden = decoder.hiddenStates(ids.to(decoder.compute().device), adapters);
    const at::Tensor all = at::log_softmax(decoder.logits(hidden.flatten(0, 1)), -1).to(at::kCPU);
    return all.view({ids.size(0), ids.size(1), -1});
}

at::Tensor logProbs(const model::Decoder& decoder, const model::Adapter& adapter, const at::Tensor& ids)
{
    return logProbs(decoder, model::Adapters{{&adapter}, nullptr}, ids);
}

double largest(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

std::string refusalOf(const Json& changes, FailureKind kind)
{
    Json json = {{"peft_type", "LORA"}, {"r", 4}, {"target_modules", {"q_proj"}}};
    json.update(changes);
    try {
        const auto config = files::parseAdapterConfig(json, "adapter_config.json");
        (void)text::adaptedModules(config, goldenTargets().at("modules").get<std::vector<std::string>>(), "adapter");
    } catch (const Failure& failure) {
        return failure.kind() == kind ? failure.what() : "another kind: " + std::string(failure.what());
    }
    return "nothing was refused";
}

}  // namespace

class AdapterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void aConfigurationMeansWhatPeftSays_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < static_cast<int>(goldenTargets().at("rows").size()); ++row) {
            const Json& config = goldenTargets().at("rows")[static_cast<std::size_t>(row)].at("config");
            QTest::addRow("%s", config.dump().c_str()) << row;
        }
    }

    void aConfigurationMeansWhatPeftSays()
    {
        QFETCH(int, row);
        const Json& golden = goldenTargets().at("rows")[static_cast<std::size_t>(row)];
        const auto config = files::parseAdapterConfig(golden.at("config"), "golden");
        const auto modules = goldenTargets().at("modules").get<std::vector<std::string>>();
        Json found = Json::object();
        for (const auto& [name, rank, scale] : text::adaptedModules(config, modules, "golden")) {
            found[name] = {{"rank", rank}, {"scale", scale}};
        }
        QCOMPARE(QString::fromStdString(found.dump()), QString::fromStdString(golden.at("adapted").dump()));
        // What is written says the same again.
        const auto again = files::parseAdapterConfig(files::toJson(config), "again");
        QCOMPARE(text::adaptedModules(again, modules, "again").size(), found.size());
    }

    void aFolderOfPeftGivesItsLogProbabilities_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("pattern of modules, ranks and alphas by pattern") << QStringLiteral("patterns");
        QTest::newRow("some layers, one module left out") << QStringLiteral("layers");
        QTest::newRow("pattern with look-around, rank-stabilised") << QStringLiteral("look-around");
    }

    void aFolderOfPeftGivesItsLogProbabilities()
    {
        QFETCH(QString, name);
        const c10::InferenceMode inference;
        const auto decoder = base();
        const std::string folder = test::goldenDir() + "/adapters/" + name.toStdString();
        const auto golden = model::readTensors(folder + ".safetensors");
        const at::Tensor ids =
            model::readTensors(test::goldenDir() + "/transformers/grouped-untied.safetensors").at("ids");
        const auto adapter = model::Adapter::load(folder, *decoder);
        const double difference = largest(logProbs(*decoder, adapter, ids), golden.at("logprob"));
        qInfo("largest difference of a log-probability: %.2g", difference);
        QVERIFY(difference < test::tolerance(1e-4));
    }

    // A pattern may mean norms and whole layers, too, which PEFT refuses when it reads the folder.
    void aPatternOfSettingsIsWrittenAsTheLayersItMeans_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("perLayer");
        QTest::newRow("PEFT's word for all") << QStringLiteral("all-linear") << 7;
        QTest::newRow("everything in attention") << QStringLiteral(".*self_attn.*") << 4;
        QTest::newRow("projections alone") << QStringLiteral(".*\\.(gate|up)_proj") << 2;
    }

    void aPatternOfSettingsIsWrittenAsTheLayersItMeans()
    {
        QFETCH(QString, pattern);
        QFETCH(int, perLayer);
        const auto decoder = base();
        files::AdapterConfig config;
        config.targets = files::parseModuleChoice({{"targets", pattern.toStdString()}}, "targets", "round.json");
        const auto adapter = model::Adapter::create(*decoder, config, 1);
        QVERIFY(!adapter.config.targets.pattern);
        QCOMPARE(adapter.config.targets.names.size(), static_cast<std::size_t>(perLayer * decoder->config().layers));
        for (const auto& name : adapter.config.targets.names) {
            QVERIFY2(adapter.modules.count(name) == 1, name.c_str());
        }
        QTemporaryDir dir;
        adapter.save(dir.path().toStdString());
        QCOMPARE(model::Adapter::load(dir.path().toStdString(), *decoder).modules.size(), adapter.modules.size());
    }

    // Parents of different ranks, targets and layers become one folder that PEFT reads too (check_peft.sh).
    void parentsAreJoinedByRank()
    {
        const c10::InferenceMode inference;
        const auto decoder = base();
        const auto one = model::Adapter::load(test::goldenDir() + "/adapters/patterns", *decoder);
        const auto two = model::Adapter::load(test::goldenDir() + "/adapters/layers", *decoder);
        const at::Tensor ids =
            model::readTensors(test::goldenDir() + "/transformers/grouped-untied.safetensors").at("ids");
        const at::Tensor together = logProbs(*decoder, model::Adapters{{&one, &two}, nullptr}, ids);
        const QTemporaryDir folder;
        model::concatenate({&one, &two}).save(folder.path().toStdString());
        const auto joined = model::Adapter::load(folder.path().toStdString(), *decoder);
        QCOMPARE(joined.modules.size(), [&] {
            auto all = one.modules;
            all.insert(two.modules.begin(), two.modules.end());
            return all.size();
        }());
        const double difference = largest(logProbs(*decoder, joined, ids), together);
        qInfo("largest difference of a log-probability: %.2g", difference);
        QVERIFY(difference < test::tolerance(3e-5));
    }

    void whatPeftCanSayAndThisCannotIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* changes, const char* named) {
            QTest::newRow(named) << QByteArray(changes) << QByteArray(named);
        };
        row(R"({"peft_type": "IA3"})", "IA3");
        row(R"({"use_dora": true})", "use_dora");
        row(R"({"modules_to_save": ["lm_head"]})", "modules_to_save");
        row(R"({"bias": "lora_only"})", "lora_only");
        row(R"({"lora_bias": true})", "lora_bias");
        row(R"({"target_parameters": ["w"]})", "target_parameters");
        row(R"({"trainable_token_indices": [1]})", "trainable_token_indices");
        row(R"({"layer_replication": [[0, 1]]})", "layer_replication");
        row(R"({"alora_invocation_tokens": [1]})", "alora_invocation_tokens");
        row(R"({"init_lora_weights": "pissa_niter_16"})", "pissa_niter_16");
        row(R"({"target_modules": "(?!model).*"})", "look-around");
        row(R"({"target_modules": ["lm_head"]})", "target_modules");
        row(R"({"target_modules": []})", "target_modules");
    }

    void whatPeftCanSayAndThisCannotIsRefusedByName()
    {
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, named);
        const auto said = refusalOf(Json::parse(changes.toStdString()), FailureKind::ModelRefused);
        QVERIFY2(QByteArray::fromStdString(said).contains(named), said.c_str());
        QVERIFY2(said.find('\n') == std::string::npos, said.c_str());
    }

    void weightsOfAnotherTypeAreNamedWithTheirFile()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        const std::string path = folder + "/adapter_model.safetensors";
        const auto decoder = base();
        files::AdapterConfig config;
        config.targets.names = {"q_proj"};
        model::Adapter::create(*decoder, config, 1).save(folder);
        files::SafetensorsWriter writer(path, {{"a", files::TensorType::I8, {1}}});
        writer.write("x");
        writer.finish();
        try {
            model::Adapter::load(folder, *decoder);
            QFAIL("it was loaded");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::ModelRefused);
            QVERIFY2(std::string(failure.what()).find(path + " holds tensors of type I8") == 0, failure.what());
        }
    }

    // Some tools write a model's every layer into one pattern.
    void onePatternMayNameEveryLayer()
    {
        std::string pattern;
        for (int layer = 0; layer < 80; ++layer) {
            for (const char* module :
                 {"self_attn\\.q_proj", "self_attn\\.v_proj", "mlp\\.gate_proj", "mlp\\.up_proj", "mlp\\.down_proj"}) {
                pattern += (pattern.empty() ? "model\\.layers\\." : "|model\\.layers\\.") + std::to_string(layer) +
                    "\\." + module;
            }
        }
        QCOMPARE(refusalOf({{"target_modules", pattern}}, FailureKind::ModelRefused),
                 std::string("nothing was refused"));
    }

    // As many patterns as a file may have, each as large as one may be.
    void manyPatternsTakeLittle()
    {
        const test::Bounded bounds;
        Json patterns = Json::object();
        for (int i = 0; i < 2048; ++i) {
            patterns["(?:[a-z]{1,50}){1,20}x" + std::to_string(i)] = 4;
        }
        QCOMPARE(refusalOf({{"rank_pattern", patterns}}, FailureKind::BadInput), std::string("nothing was refused"));
        QCOMPARE(bounds.broken(), std::string());
        patterns["one more"] = 4;
        const Json names = std::vector<std::string>(2049, "q_proj");
        for (const Json& changes : {Json{{"rank_pattern", patterns}}, Json{{"alpha_pattern", patterns}},
                                    Json{{"layers_pattern", names}}, Json{{"target_modules", names}}}) {
            const auto said = refusalOf(changes, FailureKind::BadInput);
            QVERIFY2(said.find("2049 entries") != std::string::npos, said.c_str());
        }
    }

    void whatCannotBeIsNamed_data()
    {
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* changes, const char* named) {
            QTest::newRow(changes) << QByteArray(changes) << QByteArray(named);
        };
        row(R"({"rank_pattern": {"q_proj": 0}})", "rank_pattern");
        row(R"({"rank_pattern": {"q_proj": 4294967296}})", "rank_pattern");
        row(R"({"rank_pattern": [1]})", "rank_pattern");
        row(R"({"alpha_pattern": {"q_proj": "x"}})", "alpha_pattern");
        row(R"({"layers_to_transform": ["a"]})", "layers_to_transform");
        row(R"({"target_modules": [1]})", "target_modules");
    }

    void whatCannotBeIsNamed()
    {
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, named);
        const auto said = refusalOf(Json::parse(changes.toStdString()), FailureKind::BadInput);
        QVERIFY2(QByteArray::fromStdString(said).contains(named), said.c_str());
    }

    // What PEFT writes for a target outside the layers, and as it wrote adapters before safetensors.
    void aFolderOfPeftThatIsNotReadSaysWhy()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        const auto decoder = base();
        files::AdapterConfig config;
        config.targets.names = {"q_proj"};
        model::Adapter::create(*decoder, config, 1).save(folder);
        const auto refusal = [&](FailureKind kind) -> std::string {
            try {
                (void)model::Adapter::load(folder, *decoder);
            } catch (const Failure& failure) {
                return failure.kind() == kind ? failure.what() : "another kind: " + std::string(failure.what());
            }
            return "nothing was refused";
        };
        const std::string path = folder + "/adapter_model.safetensors";
        for (const std::string module : {"lm_head", "model.embed_tokens"}) {
            auto tensors = model::readTensors(path);
            tensors["base_model.model." + module + ".base_layer.weight"] = at::zeros({2, 2});
            std::filesystem::remove(path);
            model::writeTensors(path, tensors);
            const std::string said = refusal(FailureKind::ModelRefused);
            const std::string name = "'" + module.substr(module.find('.') + 1) + "' is not supported";
            QVERIFY2(said.find("adapter_config.json") != std::string::npos, said.c_str());
            QVERIFY2(said.find(name) != std::string::npos, said.c_str());
            tensors.erase("base_model.model." + module + ".base_layer.weight");
            std::filesystem::remove(path);
            model::writeTensors(path, tensors);
        }
        std::filesystem::rename(path, folder + "/adapter_model.bin");
        const std::string said = refusal(FailureKind::BadInput);
        QVERIFY2(said.find("adapter_model.bin alone") != std::string::npos, said.c_str());
        QVERIFY2(said.find("save it again") != std::string::npos, said.c_str());
    }

    // A pattern that would keep a backtracking engine busy for ever is linear here.
    void aRunawayPatternEnds()
    {
        const std::string modules(2000, 'a');
        files::AdapterConfig config;
        config.targets.pattern = "(a+)+b|a*";
        QCOMPARE(text::adaptedModules(config, {modules}, "x").size(), std::size_t(1));
    }
};

QTEST_APPLESS_MAIN(AdapterTest)
#include "tst_adapter.moc"
