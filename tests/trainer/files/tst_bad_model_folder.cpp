// A model folder whose names are an attacker's: nothing outside of it is opened, nothing waits, every refusal names the
// file.
#include "tests/support/bounded.h"
#include "tests/trainer/files/bad_model.h"

#include <QtTest>

#include <memory>

#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

// Tells whether a file of a folder was opened since.
class Watched {
public:
    explicit Watched(const std::string& folder) : m_fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    {
        m_watching = ::inotify_add_watch(m_fd, folder.c_str(), IN_OPEN | IN_ACCESS) >= 0;
    }
    ~Watched() { ::close(m_fd); }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

    bool watching() const { return m_watching; }
    bool wasOpened() const
    {
        char events[4096];
        return ::read(m_fd, events, sizeof events) > 0;
    }

private:
    int m_fd;
    bool m_watching;
};

void makeSocket(const std::string& path)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::close(fd);
}

}  // namespace

class BadModelFolderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<BadModel> m_model;

    // A special file in the place of a file of the folder.
    void putSpecial(const QByteArray& kind, const std::string& path) const
    {
        fs::remove(path);
        if (kind == "FIFO") {
            QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
        } else if (kind == "link to a FIFO") {
            QCOMPARE(::mkfifo((m_model->outside + "/fifo").c_str(), 0600), 0);
            fs::create_symlink(m_model->outside + "/fifo", path);
        } else if (kind == "socket") {
            makeSocket(path);
        } else if (kind == "folder") {
            fs::create_directory(path);
        } else if (kind == "loop") {
            fs::create_symlink(path, path);
        } else if (kind == "link to nowhere") {
            fs::create_symlink(m_model->outside + "/none", path);
        } else if (kind == "link to a folder") {
            fs::create_symlink(m_model->outside, path);
        } else {
            fs::create_symlink(kind.toStdString(), path);  // a device or a file of the kernel
        }
    }

private Q_SLOTS:
    void init() { m_model = std::make_unique<BadModel>(); }

    void theGoodModelIsGood()
    {
        const auto refused = m_model->refusal();
        QVERIFY2(refused.empty(), refused.c_str());
        m_model->writeIndex({{"a", "model.safetensors"}, {"b", "model.safetensors"}});
        const auto opened = files::openModelFolder(m_model->folder);
        QCOMPARE(opened.weightFiles.size(), std::size_t{1});
        QVERIFY(opened.warnings.empty());
    }

    // An index that was left behind when the model was saved anew in one file: as in Transformers, that one is read.
    void theSingleFileWinsOverAnIndex()
    {
        const std::string shard = m_model->folder + "/model-00001-of-00001.safetensors";
        const auto saysBoth = [&] {
            const auto opened = files::openModelFolder(m_model->folder);
            QCOMPARE(opened.weightFiles, std::vector<std::string>{m_model->folder + "/model.safetensors"});
            QCOMPARE(opened.warnings.size(), std::size_t{1});
            for (const char* word : {"model.safetensors;", "model.safetensors.index.json", "model-00001-of-00001"}) {
                QVERIFY2(opened.warnings[0].find(word) != std::string::npos, opened.warnings[0].c_str());
            }
        };
        Json map = Json::object();
        for (const auto& [name, entry] : files::openModelFolder(m_model->folder).tensors) {
            map[name] = "model-00001-of-00001.safetensors";
        }
        m_model->writeIndex(map);
        saysBoth();  // the shards are gone
        fs::copy_file(m_model->folder + "/model.safetensors", shard);
        saysBoth();
        // Without the single file the shards are the model.
        m_model->dropSingleFile();
        const auto opened = files::openModelFolder(m_model->folder);
        QCOMPARE(opened.weightFiles, std::vector<std::string>{shard});
        QVERIFY(opened.warnings.empty());
    }

    void anIndexThatIsPassedOverMayBeAnything()
    {
        for (const char* kind : {"FIFO", "folder", "link to nowhere", "/dev/zero"}) {
            putSpecial(kind, m_model->folder + "/model.safetensors.index.json");
            const Bounded bounded;
            QVERIFY(m_model->refusal().empty());
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
            fs::remove_all(m_model->folder + "/model.safetensors.index.json");
        }
    }

    void aResizedVocabularyIsNamedWithBothNumbers()
    {
        Json config = readJsonFile(m_model->folder + "/config.json");
        const auto rows = config.at("vocab_size").get<std::int64_t>();
        config["vocab_size"] = rows - 3;
        publishFile(m_model->folder + "/config.json", config.dump());
        const auto refused = m_model->refusal();
        for (const std::string& word : {"model.embed_tokens.weight' has " + std::to_string(rows) + " rows",
                                        "vocab_size " + std::to_string(rows - 3), std::string("was resized")}) {
            QVERIFY2(refused.find(word) != std::string::npos, refused.c_str());
        }
    }

    // Hugging Face's cache is folders of links to files elsewhere.
    void aLinkToAFileIsFollowed()
    {
        m_model->dropSingleFile();
        fs::create_symlink("../outside/x.safetensors", m_model->folder + "/model.safetensors");
        const Watched watched(m_model->outside);
        QVERIFY(m_model->refusal().empty());
        QVERIFY(!watched.watching() || watched.wasOpened());  // the watch works
    }

    void aNameThatIsNoBareNameIsNeverOpened_data()
    {
        QTest::addColumn<QByteArray>("name");
        const auto row = [](const char* what, const QByteArray& name) { QTest::newRow(what) << name; };
        row("above", "../outside/x.safetensors");
        row("above from here", "./../outside/x.safetensors");
        row("above from a folder", "a/../../outside/x.safetensors");
        row("far above", QByteArray("../").repeated(40) + "etc/x.safetensors");
        row("absolute", "ABSOLUTE/x.safetensors");
        row("absolute, twice", "/ABSOLUTE/x.safetensors");
        row("the kernel's", "/proc/self/cwd/x.safetensors");
        row("memory", "/proc/self/mem");
        row("descriptor", "/dev/fd/0");
        row("folder", "sub/x.safetensors");
        row("slash behind", "model.safetensors/");
        row("slash before", "/model.safetensors");
        row("here", "./model.safetensors");
        row("dot", ".");
        row("two dots", "..");
        row("empty", "");
        row("backslash", "..\\outside\\x.safetensors");
        row("drive", "C:\\x.safetensors");
        row("network", "\\\\host\\x.safetensors");
        row("address", "https://example.org/x.safetensors");
        row("file address", "file:///x.safetensors");
        row("home", "~/x.safetensors");
        row("NUL", QByteArray("../outside/x.safetensors\0.safetensors", 38));
        row("NUL within a bare name", QByteArray("model.safetensors\0.safetensors", 30));
        row("pickle", "pytorch_model.bin");
        row("python", "x.safetensors.py");
        row("no ending", "model");
        row("ending in capitals", "model.SAFETENSORS");
        row("blank behind", "model.safetensors ");
        row("newline behind", "model.safetensors\n");
        row("4 KiB", QByteArray(4096, 'n') + ".safetensors");
        row("300 bytes", QByteArray(300, 'n') + ".safetensors");
    }

    void aNameThatIsNoBareNameIsNeverOpened()
    {
        QFETCH(QByteArray, name);
        name.replace("ABSOLUTE", QByteArray::fromStdString(m_model->outside).mid(1));
        fs::create_directory(m_model->folder + "/sub");
        fs::copy_file(m_model->outside + "/x.safetensors", m_model->folder + "/sub/x.safetensors");
        m_model->dropSingleFile();
        m_model->writeIndex({{"model.norm.weight", name.toStdString()}});
        const Watched outside(m_model->outside);
        const Watched sub(m_model->folder + "/sub");
        const Bounded bounded;
        const auto refused = m_model->refusal();
        QVERIFY2(refused.find("model.safetensors.index.json") != std::string::npos &&
                     refused.find("bare name") != std::string::npos,
                 refused.c_str());
        QVERIFY(!outside.wasOpened());
        QVERIFY(!sub.wasOpened());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    // Bare, but not the name of anything there.
    void aNameThatOnlyLooksLikeAnotherIsMissing_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"Model.safetensors", "%2e%2e%2foutside%2fx.safetensors",
                                 "..\xEF\xBC\x8Foutside\xEF\xBC\x8Fx.safetensors", "*.safetensors", "-r.safetensors",
                                 "$(id).safetensors", ".safetensors", "model-00001-of-00002.safetensors"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }

    void aNameThatOnlyLooksLikeAnotherIsMissing()
    {
        QFETCH(QByteArray, name);
        m_model->dropSingleFile();
        m_model->writeIndex({{"model.norm.weight", name.toStdString()}});
        const Watched watched(m_model->outside);
        const auto refused = m_model->refusal();
        QVERIFY2(refused.find(name.toStdString()) != std::string::npos &&
                     refused.find("is not there") != std::string::npos,
                 refused.c_str());
        QVERIFY(!watched.wasOpened());
    }

    void aSpecialFileIsRefusedWithoutWaiting_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("kind");
        for (const char* file :
             {"config.json", "generation_config.json", "tokenizer_config.json", "special_tokens_map.json",
              "chat_template.jinja", "model.safetensors", "model.safetensors.index.json"}) {
            for (const char* kind : {"FIFO", "link to a FIFO", "socket", "folder", "loop", "link to nowhere",
                                     "link to a folder", "/dev/zero", "/dev/full", "/proc/self/mem"}) {
                QTest::addRow("%s: %s", file, kind) << QByteArray(file) << QByteArray(kind);
            }
        }
    }

    void aSpecialFileIsRefusedWithoutWaiting()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, kind);
        if (file == "model.safetensors.index.json") {
            m_model->dropSingleFile();
        }
        putSpecial(kind, m_model->folder + "/" + file.toStdString());
        const Bounded bounded;
        const auto refused = m_model->refusal();
        // A file of the kernel's has no size: an empty template is one.
        if (file != "chat_template.jinja" || kind != "/proc/self/mem") {
            QVERIFY2(refused.find(file.toStdString()) != std::string::npos, refused.c_str());
        }
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }
};

QTEST_APPLESS_MAIN(BadModelFolderTest)
#include "tst_bad_model_folder.moc"
