// A model folder whose names and small files are an attacker's: nothing outside of it is opened, nothing waits, every
// refusal names the file.
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/bounded.h"
#include "tests/support/paths.h"
#include "trainer/files/model_folder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace stet;
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

std::string refusalOf(const std::string& folder)
{
    try {
        (void)files::openModelFolder(folder);
    } catch (const Failure& failure) {
        return failure.what();
    }
    return {};
}

}  // namespace

class BadModelFolderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_folder;   // a good model
    std::string m_outside;  // beside it: weights that would be read if a name led there

    void writeIndex(const Json& weightMap) const
    {
        publishFile(m_folder + "/model.safetensors.index.json", toLine({{"weight_map", weightMap}}));
    }

    // A special file in the place of a file of the folder.
    void putSpecial(const QByteArray& kind, const std::string& path) const
    {
        fs::remove(path);
        if (kind == "FIFO") {
            QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
        } else if (kind == "link to a FIFO") {
            QCOMPARE(::mkfifo((m_outside + "/fifo").c_str(), 0600), 0);
            fs::create_symlink(m_outside + "/fifo", path);
        } else if (kind == "socket") {
            makeSocket(path);
        } else if (kind == "folder") {
            fs::create_directory(path);
        } else if (kind == "loop") {
            fs::create_symlink(path, path);
        } else if (kind == "link to nowhere") {
            fs::create_symlink(m_outside + "/none", path);
        } else if (kind == "link to a folder") {
            fs::create_symlink(m_outside, path);
        } else {
            fs::create_symlink(kind.toStdString(), path);  // a device or a file of the kernel
        }
    }

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_folder = m_dir->filePath(QStringLiteral("model")).toStdString();
        m_outside = m_dir->filePath(QStringLiteral("outside")).toStdString();
        fs::copy(test::goldenDir() + "/cut/model", m_folder);
        fs::create_directory(m_outside);
        fs::copy_file(m_folder + "/model.safetensors", m_outside + "/x.safetensors");
    }

    void theGoodModelIsGood()
    {
        const auto refused = refusalOf(m_folder);
        QVERIFY2(refused.empty(), refused.c_str());
        writeIndex({{"a", "model.safetensors"}, {"b", "model.safetensors"}});
        QCOMPARE(files::openModelFolder(m_folder).weightFiles.size(), std::size_t{1});
    }

    // Hugging Face's cache is folders of links to files elsewhere.
    void aLinkToAFileIsFollowed()
    {
        fs::remove(m_folder + "/model.safetensors");
        fs::create_symlink("../outside/x.safetensors", m_folder + "/model.safetensors");
        const Watched watched(m_outside);
        QVERIFY(refusalOf(m_folder).empty());
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
        name.replace("ABSOLUTE", QByteArray::fromStdString(m_outside).mid(1));
        fs::create_directory(m_folder + "/sub");
        fs::copy_file(m_outside + "/x.safetensors", m_folder + "/sub/x.safetensors");
        writeIndex({{"model.norm.weight", name.toStdString()}});
        const Watched outside(m_outside);
        const Watched sub(m_folder + "/sub");
        const test::Bounded bounded;
        const auto refused = refusalOf(m_folder);
        QVERIFY2(refused.find("model.safetensors.index.json") != std::string::npos &&
                     refused.find("bare name") != std::string::npos,
                 refused.c_str());
        QVERIFY(!outside.wasOpened() && !sub.wasOpened());
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
        writeIndex({{"model.norm.weight", name.toStdString()}});
        const Watched watched(m_outside);
        const auto refused = refusalOf(m_folder);
        QVERIFY2(refused.find(name.toStdString()) != std::string::npos &&
                     refused.find("is not there") != std::string::npos,
                 refused.c_str());
        QVERIFY(!watched.wasOpened());
    }

    void aSpecialFileIsRefusedWithoutWaiting_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("kind");
        for (const char* file : {"config.json", "generation_config.json", "tokenizer_config.json",
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
        putSpecial(kind, m_folder + "/" + file.toStdString());
        const test::Bounded bounded;
        const auto refused = refusalOf(m_folder);
        // A file of the kernel's has no size: an empty template is one.
        if (file != "chat_template.jinja" || kind != "/proc/self/mem") {
            QVERIFY2(refused.find(file.toStdString()) != std::string::npos, refused.c_str());
        }
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void aSmallFileOfAnotherShapeIsNamed_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("said");  // empty: it is passed over
        const auto row = [](const char* file, const char* content, const char* said) {
            QTest::addRow("%s: %s", file, content) << QByteArray(file) << QByteArray(content) << QByteArray(said);
        };
        const char* index = "model.safetensors.index.json";
        row(index, "[]", "weight_map");
        row(index, "5", "weight_map");
        row(index, "{}", "weight_map");
        row(index, R"({"weight_map": []})", "weight_map");
        row(index, R"({"weight_map": {}})", "weight_map");
        row(index, R"({"weight_map": {"a": 5}})", "not a text");
        row(index, R"({"weight_map": {"a": null}})", "not a text");
        row(index, R"({"weight_map": {"a": ["model.safetensors"]}})", "not a text");
        row(index, "{", "not valid JSON");
        const char* generation = "generation_config.json";
        row(generation, "[]", "expected an object");
        row(generation, "7", "expected an object");
        row(generation, R"({"eos_token_id": "x"})", "eos_token_id");
        row(generation, R"({"eos_token_id": {"a": 1}})", "eos_token_id");
        row(generation, R"({"eos_token_id": [[1]]})", "eos_token_id");
        row(generation, R"({"eos_token_id": -1})", "eos_token_id");
        row(generation, R"({"eos_token_id": 9223372036854775808})", "eos_token_id");
        row(generation, R"({"eos_token_id": 1.5})", "eos_token_id");
        const char* tokenizer = "tokenizer_config.json";
        row(tokenizer, "[]", "expected an object");
        row(tokenizer, "\"x\"", "expected an object");
        row(tokenizer, R"({"chat_template": 5})", "");
        row(tokenizer, R"({"chat_template": [{"name": 5, "template": "x"}]})", "");
        row(tokenizer, R"({"chat_template": [{"name": "default", "template": 5}]})", "");
        row(tokenizer, R"({"chat_template": {"default": "x"}})", "");
        row(tokenizer, R"({"chat_template": [5, null, [], {"name": "default", "template": "x"}]})", "");
        row(tokenizer, R"({"bos_token": 5, "eos_token": {"content": 5}, "unk_token": []})", "");
    }

    void aSmallFileOfAnotherShapeIsNamed()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, said);
        publishFile(m_folder + "/" + file.toStdString(), content.toStdString());
        const auto refused = refusalOf(m_folder);
        if (said.isEmpty()) {
            QVERIFY2(refused.empty(), refused.c_str());
            return;
        }
        QVERIFY2(refused.find(file.toStdString()) != std::string::npos &&
                     refused.find(said.toStdString()) != std::string::npos,
                 refused.c_str());
    }

    void anIndexOfManyNamesTakesNoLongerThanItsLength()
    {
        Json map = Json::object();
        auto& members = map.get_ref<Json::object_t&>();
        for (int i = 0; i < 300'000; ++i) {
            members.emplace_back("t" + std::to_string(i), "m" + std::to_string(i) + ".safetensors");
        }
        writeIndex(map);
        map = nullptr;
        const test::Bounded bounded;
        const auto refused = refusalOf(m_folder);
        QVERIFY2(refused.find("m0.safetensors") != std::string::npos, refused.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void whatIsTooLargeForItsKindIsNotRead()
    {
        for (const char* file : {"config.json", "tokenizer_config.json", "generation_config.json",
                                 "model.safetensors.index.json", "chat_template.jinja"}) {
            const std::string path = m_folder + "/" + file;
            const bool was = fs::exists(path);
            const std::string before = was ? readFile(path, 1U << 20U) : std::string();
            publishFile(path, "{");
            fs::resize_file(path, std::uintmax_t{4} << 30U);
            const test::Bounded bounded;
            const auto refused = refusalOf(m_folder);
            QVERIFY2(refused.find(path) != std::string::npos &&
                         refused.find("more than the limit") != std::string::npos,
                     refused.c_str());
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
            fs::remove(path);
            if (was) {
                publishFile(path, before);
            }
        }
    }

    void aTensorInTwoFilesIsNamed()
    {
        fs::copy_file(m_folder + "/model.safetensors", m_folder + "/second.safetensors");
        writeIndex({{"a", "model.safetensors"}, {"b", "second.safetensors"}});
        const auto refused = refusalOf(m_folder);
        QVERIFY2(refused.find("stands in two files") != std::string::npos, refused.c_str());
    }
};

QTEST_APPLESS_MAIN(BadModelFolderTest)
#include "tst_bad_model_folder.moc"
