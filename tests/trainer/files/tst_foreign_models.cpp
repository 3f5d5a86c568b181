// What people give for a model or adapter folder and what is none: another program's file, a folder of another kind,
// the name of a model on the hub. Each is named for what it is, with what is needed.
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/files/adapter_config.h"
#include "trainer/files/model_folder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include <sys/stat.h>

using namespace stet;
namespace fs = std::filesystem;

namespace {

using Make = std::function<void(const std::string& path)>;

Make file(const std::string& name, const std::string& bytes)
{
    return [name, bytes](const std::string& path) {
        fs::create_directory(path);
        publishFile(path + "/" + name, bytes);
    };
}

Make folderWith(const std::vector<std::string>& names)
{
    return [names](const std::string& path) {
        for (const auto& name : names) {
            const fs::path whole = fs::path(path) / name;
            fs::create_directories(whole.parent_path());
            publishFile(whole.string(), "{}");
        }
    };
}

struct Row {
    const char* name;
    Make make;
    const char* given;  // below the folder made
    FailureKind kind;
    std::vector<std::string> words;
};

const std::string kZip = std::string("PK\x03\x04", 4) + std::string(26, '\0');
const std::string kPickled = std::string("\x80\x02", 2) + "}q.";

const std::vector<Row>& models()
{
    static const std::vector<Row> rows = {
        {"a GGUF file", file("m.gguf", "GGUF\3"), "/m.gguf", FailureKind::BadInput, {"not a usable GGUF", "truncated"}},
        {"a GGUF file of Ollama's", file("sha256-00", "GGUF\3"), "/sha256-00", FailureKind::BadInput, {"GGUF"}},
        {"an old GGML file", file("m.bin", "tjgg\3"), "/m.bin", FailureKind::ModelRefused, {"GGML"}},
        {"a pickle",
         file("pytorch_model.bin", kPickled),
         "/pytorch_model.bin",
         FailureKind::BadInput,
         {"pickle", "never opened"}},
        {"a zipped pickle", file("model.pt", kZip), "/model.pt", FailureKind::BadInput, {"pickle"}},
        {"a NumPy archive", file("weights.npz", kZip), "/weights.npz", FailureKind::ModelRefused, {"NumPy", "MLX"}},
        {"a zip archive", file("model.zip", kZip), "/model.zip", FailureKind::BadInput, {"archive", "unpack"}},
        {"an ONNX file", file("model.onnx", "\b\7"), "/model.onnx", FailureKind::ModelRefused, {"ONNX"}},
        {"the weights alone",
         file("model.safetensors", "x"),
         "/model.safetensors",
         FailureKind::BadInput,
         {"give the folder"}},
        {"the settings alone", file("config.json", "{}"), "/config.json", FailureKind::BadInput, {"give the folder"}},
        {"a Git-LFS pointer",
         file("m.gguf", "version https://git-lfs.github.com/spec/v1\n"),
         "/m.gguf",
         FailureKind::BadInput,
         {"git lfs pull"}},
        {"a folder of a GGUF file",
         folderWith({"README.md", "m-Q4_K_M.gguf"}),
         "",
         FailureKind::BadInput,
         {"give its GGUF file", "/m-Q4_K_M.gguf"}},
        {"an adapter's folder",
         folderWith({"adapter_config.json", "adapter_model.safetensors"}),
         "",
         FailureKind::BadInput,
         {"adapter"}},
        {"a round's folder",
         folderWith({"round.json", "adapter/adapter_config.json"}),
         "",
         FailureKind::BadInput,
         {"round", "/adapter"}},
        {"an entry of the hub's cache",
         folderWith({"refs/main", "snapshots/0f42/config.json"}),
         "",
         FailureKind::BadInput,
         {"cache", "/snapshots/0f42"}},
        {"a folder above the model",
         folderWith({"smollm/config.json", "README.md"}),
         "",
         FailureKind::BadInput,
         {"config.json", "/smollm"}},
        {"Meta's own format",
         folderWith({"consolidated.00.pth", "params.json"}),
         "",
         FailureKind::ModelRefused,
         {"consolidated.00.pth", "Hugging Face"}},
        {"an adapter of MLX", folderWith({"adapters.npz"}), "", FailureKind::ModelRefused, {"MLX", "mlx_lm.fuse"}},
        {"no model folder",
         folderWith({"README.md"}),
         "",
         FailureKind::BadInput,
         {"not a model folder", "config.json"}},
        {"nothing", folderWith({"x"}), "/none", FailureKind::BadInput, {"no model folder", "check the path"}},
    };
    return rows;
}

const std::vector<Row>& adapters()
{
    static const std::vector<Row> rows = {
        {"a GGUF adapter",
         file("lora.gguf", "GGUF\3"),
         "/lora.gguf",
         FailureKind::ModelRefused,
         {"GGUF", "PEFT folder"}},
        {"a NumPy archive", file("adapters.npz", kZip), "/adapters.npz", FailureKind::ModelRefused, {"NumPy", "MLX"}},
        {"a pickle", file("adapter_model.bin", kPickled), "/adapter_model.bin", FailureKind::BadInput, {"pickle"}},
        {"the weights alone",
         file("adapter_model.safetensors", "x"),
         "/adapter_model.safetensors",
         FailureKind::BadInput,
         {"give the folder"}},
        {"a model's folder",
         folderWith({"config.json", "model.safetensors"}),
         "",
         FailureKind::BadInput,
         {"no adapter folder", "model's config.json"}},
        {"a round's folder",
         folderWith({"round.json", "adapter/adapter_config.json"}),
         "",
         FailureKind::BadInput,
         {"the round's is", "/adapter"}},
        {"a folder of MLX",
         folderWith({"adapters.safetensors"}),
         "",
         FailureKind::ModelRefused,
         {"MLX", "mlx_lm.fuse"}},
        {"a folder of nothing",
         folderWith({"README.md"}),
         "",
         FailureKind::BadInput,
         {"no adapter folder", "adapter_config.json"}},
        {"nothing", folderWith({"x"}), "/none", FailureKind::BadInput, {"no adapter folder", "check the path"}},
    };
    return rows;
}

void addRows(const std::vector<Row>& rows)
{
    QTest::addColumn<int>("which");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QTest::newRow(rows[i].name) << static_cast<int>(i);
    }
}

void isNamed(const Row& row, const std::function<void(const std::string&)>& open)
{
    const QTemporaryDir dir;
    const std::string folder = dir.path().toStdString() + "/given";
    row.make(folder);
    try {
        open(folder + row.given);
        QFAIL("it was taken");
    } catch (const Failure& failure) {
        const std::string said = failure.what();
        QVERIFY2(said.find(folder + row.given) != std::string::npos, said.c_str());
        for (const auto& word : row.words) {
            QVERIFY2(said.find(word) != std::string::npos, (word + " is not in: " + said).c_str());
        }
        QVERIFY2(failure.kind() == row.kind, said.c_str());
    }
}

}  // namespace

class ForeignFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoModelFolderIsNamed_data() { addRows(models()); }
    void whatIsNoModelFolderIsNamed()
    {
        QFETCH(int, which);
        isNamed(models().at(static_cast<std::size_t>(which)),
                [](const std::string& path) { (void)files::openModelFolder(path); });
    }

    void whatIsNoAdapterFolderIsNamed_data() { addRows(adapters()); }
    void whatIsNoAdapterFolderIsNamed()
    {
        QFETCH(int, which);
        isNamed(adapters().at(static_cast<std::size_t>(which)),
                [](const std::string& path) { (void)files::readAdapterConfig(path); });
    }

    void aNameOnTheHubIsNotDownloaded()
    {
        const auto said = test::messageOf([] { (void)files::openModelFolder("google/gemma-3-270m-it"); });
        QVERIFY2(said.find("hf download google/gemma-3-270m-it") != std::string::npos, said.c_str());
    }

    void aFifoIsNotWaitedFor()
    {
        const QTemporaryDir dir;
        const std::string path = dir.path().toStdString() + "/m.gguf";
        QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
        QVERIFY(!test::messageOf([&] { (void)files::openModelFolder(path); }).empty());
        QVERIFY(!test::messageOf([&] { (void)files::readAdapterConfig(path); }).empty());
    }

    void weightsOfAnotherKindAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("word");
        QTest::newRow("a pickle") << QStringLiteral("pytorch_model.bin") << QStringLiteral("pickle");
        QTest::newRow("pickles") << QStringLiteral("pytorch_model-00001-of-00002.bin") << QStringLiteral("pickle");
        QTest::newRow("GGUF") << QStringLiteral("m.gguf") << QStringLiteral("GGUF");
        QTest::newRow("NumPy") << QStringLiteral("weights.npz") << QStringLiteral("MLX");
        QTest::newRow("Flax") << QStringLiteral("flax_model.msgpack") << QStringLiteral("Flax");
        QTest::newRow("no index") << QStringLiteral("model-00001-of-00002.safetensors")
                                  << QStringLiteral("without an index");
    }

    void weightsOfAnotherKindAreNamed()
    {
        QFETCH(QString, file);
        QFETCH(QString, word);
        const QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/model";
        fs::copy(test::goldenDir() + "/cut/model", folder);
        fs::rename(folder + "/model.safetensors", folder + "/" + file.toStdString());
        const auto said = QString::fromStdString(test::messageOf([&] { (void)files::openModelFolder(folder); }));
        QVERIFY2(said.contains(QStringLiteral("has no weights")) && said.contains(file) && said.contains(word),
                 qPrintable(said));
    }
};

QTEST_APPLESS_MAIN(ForeignFilesTest)
#include "tst_foreign_models.moc"
