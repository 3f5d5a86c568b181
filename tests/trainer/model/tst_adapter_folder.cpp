// Adapter folders as other programs write them (patterns with look-around, other names, other models), and the plain
// form of those that are written here: one rank, lora_alpha = r, no patterns.
#include "base/files.h"
#include "base/json.h"
#include "tests/support/device.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/support/plain_adapter.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

namespace {

using Tensors = std::map<std::string, at::Tensor>;

files::ModelFolder baseFolder()
{
    return files::openModelFolder(test::goldenDir() + "/transformers/grouped-untied");
}

files::ModelConfig baseConfig()
{
    return baseFolder().config;
}

// Random matrices of a rank for the model's modules that end so, under PEFT's names.
Tensors pairsOf(const std::vector<std::string>& ends, std::int64_t rank)
{
    Tensors tensors;
    auto generator = at::detail::createCPUGenerator(static_cast<std::uint64_t>(rank));
    const auto random = [&](std::int64_t rows, std::int64_t columns) {
        return at::empty({rows, columns}, at::TensorOptions().dtype(at::kFloat)).normal_(0, 0.3, generator);
    };
    for (const auto& [module, shape] : files::linearModules(baseConfig())) {
        for (const auto& end : ends) {
            if (module.ends_with(end)) {
                tensors["base_model.model." + module + ".lora_A.weight"] = random(rank, shape.in);
                tensors["base_model.model." + module + ".lora_B.weight"] = random(shape.out, rank);
            }
        }
    }
    return tensors;
}

struct AdapterOnDisk {
    QTemporaryDir dir;
    std::string folder = dir.path().toStdString();

    AdapterOnDisk(const Json& config, const Tensors& tensors)
    {
        Json whole = {{"peft_type", "LORA"}, {"r", 3}, {"lora_alpha", 5}, {"base_model_name_or_path", "acme/small"}};
        whole.update(config);
        publishFile(folder + "/adapter_config.json", whole.dump());
        model::writeTensors(folder + "/adapter_model.safetensors", tensors);
    }

    model::Adapter load() const { return model::Adapter::load(folder, baseConfig(), at::kCPU); }
    std::string refusal() const
    {
        return test::messageOf([this] { (void)load(); });
    }
};

// The change of every layer, without a look at the settings: what a program sees that knows nothing but A, B and
// lora_alpha / r.
Tensors plainChanges(const std::string& folder)
{
    const Json config = test::adapterConfig(folder);
    const double scale = config.at("lora_alpha").get<double>() / config.at("r").get<double>();
    Tensors changes;
    const auto tensors = model::readTensors(folder + "/adapter_model.safetensors");
    for (const auto& [name, a] : tensors) {
        const auto at = name.find(".lora_A.weight");
        if (at != std::string::npos) {
            const at::Tensor b = tensors.at(name.substr(0, at) + ".lora_B.weight");
            changes[name.substr(17, at - 17)] = at::matmul(b.to(at::kDouble), a.to(at::kDouble)) * scale;
        }
    }
    return changes;
}

void addChanges(Tensors& sum, const model::Adapter& adapter)
{
    for (const auto& [module, pair] : adapter.modules) {
        const at::Tensor change = at::matmul(pair.b.to(at::kDouble), pair.a.to(at::kDouble)) * pair.scale;
        sum[module] = sum.contains(module) ? sum.at(module) + change : change;
    }
}

void areEqual(const Tensors& found, const Tensors& expected)
{
    QCOMPARE(found.size(), expected.size());
    for (const auto& [module, change] : expected) {
        QVERIFY2(found.contains(module), module.c_str());
        const double difference = (found.at(module) - change).abs().max().item<double>();
        QVERIFY2(difference < 1e-6, (module + ": " + std::to_string(difference)).c_str());
    }
}

}  // namespace

class AdapterFolderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenHasOneRankAndNoScale_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("alpha of its own") << QByteArray(R"({"target_modules": ["q_proj"]})");
        QTest::newRow("rank-stabilised") << QByteArray(R"({"target_modules": ["q_proj"], "use_rslora": true})");
        QTest::newRow("alphas by pattern")
            << QByteArray(R"({"target_modules": ["q_proj"], "alpha_pattern": {"layers.0.self_attn.q_proj": 7}})");
        QTest::newRow("rank by pattern") << QByteArray(
            R"({"target_modules": ["q_proj"], "r": 9, "rank_pattern": {"q_proj": 3}})");
    }

    void whatIsWrittenHasOneRankAndNoScale()
    {
        QFETCH(QByteArray, config);
        const AdapterOnDisk given(Json::parse(config.toStdString()), pairsOf({"q_proj"}, 3));
        const auto adapter = given.load();
        Tensors expected;
        addChanges(expected, adapter);
        const QTemporaryDir out;
        adapter.save(out.path().toStdString());
        test::isPlainAdapter(out.path().toStdString(), 3);
        areEqual(plainChanges(out.path().toStdString()), expected);
        // Read again it is the same adapter.
        Tensors again;
        addChanges(again, model::Adapter::load(out.path().toStdString(), baseConfig(), at::kCPU));
        areEqual(again, expected);
    }

    // The bytes of an adapter that is plain already stay.
    void whatIsPlainIsWrittenAsItIs()
    {
        const AdapterOnDisk given({{"target_modules", {"q_proj"}}, {"lora_alpha", 3}}, pairsOf({"q_proj"}, 3));
        const QTemporaryDir out;
        given.load().save(out.path().toStdString());
        const auto before = model::readTensors(given.folder + "/adapter_model.safetensors");
        for (const auto& [name, tensor] : model::readTensors(out.path().toStdString() + "/adapter_model.safetensors")) {
            QVERIFY2(at::equal(tensor, before.at(name)), name.c_str());
        }
    }

    void smallerRanksAreFilledUp()
    {
        Tensors tensors = pairsOf({"q_proj"}, 3);
        tensors.merge(pairsOf({"up_proj"}, 5));
        const AdapterOnDisk given({{"target_modules", {"q_proj", "up_proj"}}, {"rank_pattern", {{"up_proj", 5}}}},
                                  tensors);
        const auto adapter = given.load();
        Tensors expected;
        addChanges(expected, adapter);
        const QTemporaryDir out;
        adapter.save(out.path().toStdString());
        test::isPlainAdapter(out.path().toStdString(), 5);
        areEqual(plainChanges(out.path().toStdString()), expected);
    }

    // As LLaMA-Factory and ms-swift write them.
    void modulesThatAPatternCannotTellAreTakenFromTheFile_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("look-ahead, LLaMA-Factory")
            << QByteArray(R"x({"target_modules": "^(?!.*(?:patch_embed|visual)).*(?:q_proj|up_proj).*"})x");
        QTest::newRow("look-ahead, ms-swift")
            << QByteArray(R"x({"target_modules": "^(model(?=\\.).*\\.(q_proj|up_proj))$"})x");
        QTest::newRow("look-behind") << QByteArray(R"x({"target_modules": ".*(?<!visual)\\.(q_proj|up_proj)"})x");
        QTest::newRow("back-reference") << QByteArray(R"x({"target_modules": ".*(q|up)_proj(?:\\1)?"})x");
        QTest::newRow("left out by look-ahead") << QByteArray(
            R"x({"target_modules": ["q_proj", "up_proj", "v_proj"], "exclude_modules": ".*(?=v_proj).*"})x");
        QTest::newRow("all-linear, of which some are there") << QByteArray(R"x({"target_modules": "all-linear"})x");
    }

    void modulesThatAPatternCannotTellAreTakenFromTheFile()
    {
        QFETCH(QByteArray, config);
        const auto tensors = pairsOf({"q_proj", "up_proj"}, 3);
        const AdapterOnDisk given(Json::parse(config.toStdString()), tensors);
        const auto adapter = given.load();
        QCOMPARE(adapter.modules.size() * 2, tensors.size());
        const QTemporaryDir out;
        adapter.save(out.path().toStdString());
        const auto again = model::Adapter::load(out.path().toStdString(), baseConfig(), at::kCPU);
        QCOMPARE(again.modules.size(), adapter.modules.size());
        QCOMPARE(again.config.targets.names.size(), adapter.modules.size());
    }

    void aPatternDoesNotLetTheHeadIn()
    {
        auto tensors = pairsOf({"q_proj"}, 3);
        tensors["base_model.model.lm_head.lora_A.weight"] = at::zeros({3, 4});
        tensors["base_model.model.lm_head.lora_B.weight"] = at::zeros({4, 3});
        for (const char* pattern : {"^(?!.*visual).*", "all-linear", ".*"}) {
            const auto said = AdapterOnDisk({{"target_modules", pattern}}, tensors).refusal();
            QVERIFY2(said.find("'lm_head' is not supported") != std::string::npos, said.c_str());
            QVERIFY2(said.find("merge_and_unload") != std::string::npos, said.c_str());
        }
    }

    void otherNamesAreNamedBesideWhatIsNeeded_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("hint");
        QTest::newRow("of a model in memory")
            << QByteArray(".lora_A.weight") << QByteArray(".lora_A.default.weight") << QByteArray("save_pretrained");
        QTest::newRow("without PEFT's beginning")
            << QByteArray("base_model.model.") << QByteArray("") << QByteArray("save_pretrained");
        QTest::newRow("MLX") << QByteArray(".lora_A.weight") << QByteArray(".lora_a") << QByteArray("mlx_lm.fuse");
        QTest::newRow("of images") << QByteArray(".lora_A.weight") << QByteArray(".lora_down.weight")
                                   << QByteArray("LoRA for images");
    }

    void otherNamesAreNamedBesideWhatIsNeeded()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, hint);
        Tensors renamed;
        std::string one;
        for (const auto& [name, tensor] : pairsOf({"q_proj"}, 3)) {
            const auto other = QByteArray::fromStdString(name).replace(from, to).toStdString();
            one = one.empty() && other != name ? other : one;
            renamed[other] = tensor;
        }
        for (const char* targets : {R"(["q_proj"])", R"x("^(?!.*visual).*q_proj")x"}) {
            const auto said = AdapterOnDisk({{"target_modules", Json::parse(targets)}}, renamed).refusal();
            for (const std::string& word :
                 {one, std::string("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"),
                  hint.toStdString()}) {
                QVERIFY2(said.find(word) != std::string::npos, (word + " is not in: " + said).c_str());
            }
        }
    }

    void anAdapterOfAnotherModelNamesBoth()
    {
        Tensors tensors = pairsOf({"q_proj"}, 3);
        tensors["base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight"] = at::zeros({3, 4});
        auto said = AdapterOnDisk({{"target_modules", {"q_proj"}}}, tensors).refusal();
        for (const char* word :
             {"model.language_model.layers.0.self_attn.q_proj", "'model.layers.0.", "another model ('acme/small')"}) {
            QVERIFY2(said.find(word) != std::string::npos, said.c_str());
        }
        said = AdapterOnDisk({{"target_modules", {"q_proj"}}, {"r", 4}}, pairsOf({"q_proj"}, 3)).refusal();
        QVERIFY2(said.find("has shape [3, ") != std::string::npos && said.find("needed is [4, ") != std::string::npos,
                 said.c_str());
    }

    void aMissingTensorIsNamedBesideOneThatIsThere()
    {
        const auto said = AdapterOnDisk({{"target_modules", {"q_proj", "v_proj"}}}, pairsOf({"q_proj"}, 3)).refusal();
        QVERIFY2(said.find("v_proj.lora_A.weight' that its configuration calls for") != std::string::npos,
                 said.c_str());
        QVERIFY2(said.find("it has 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'") !=
                     std::string::npos,
                 said.c_str());
    }

    void anAdapterOfMlxIsNamed()
    {
        const QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        publishFile(
            folder + "/adapter_config.json",
            R"({"fine_tune_type": "lora", "model": "acme/small", "num_layers": 16, "lora_parameters": {"rank": 8, "scale": 20.0, "dropout": 0.0}})");
        model::writeTensors(folder + "/adapters.safetensors",
                            {{"model.layers.0.self_attn.q_proj.lora_a", at::zeros({4, 8})}});
        const auto said = test::messageOf([&] { (void)model::Adapter::load(folder, baseConfig(), at::kCPU); });
        for (const char* word : {"MLX", "lora_parameters", "peft_type", "mlx_lm.fuse"}) {
            QVERIFY2(said.find(word) != std::string::npos, said.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(AdapterFolderTest)
#include "tst_adapter_folder.moc"
