// What is large and honest is no runaway: real tokenizers' sizes and texts of a million letters.
#include "tests/support/bounded.h"
#include "tests/trainer/text/tokenizer_file.h"

#include <QtTest>

using namespace stet;
using namespace stet::test;
using text::Specials;

namespace {

constexpr double kSeconds = 10;
constexpr std::size_t kMebibytes = 1024;

}  // namespace

class LargeTokenizerTest : public QObject {
    Q_OBJECT

    TokenizerFile m_file;

private Q_SLOTS:
    // The shape of the largest real ones: 256,000 pieces, 500,000 merges.
    void aLargeTokenizerIsReadWithinItsAllowance()
    {
        Json json = good();
        auto& vocab = json["model"]["vocab"].get_ref<Json::object_t&>();
        Json merges = Json::array();
        const auto piece = [](int letters, int number) {
            std::string text;
            for (int i = 0; i < letters; ++i, number /= 26) {
                text.insert(text.begin(), static_cast<char>('A' + number % 26));
            }
            return text;
        };
        int id = 5;
        for (const auto& [letters, count] :
             {std::pair(1, 26), std::pair(2, 676), std::pair(3, 17'576), std::pair(4, 238'000)}) {
            for (int i = 0; i < count; ++i) {
                vocab.emplace_back(piece(letters, i), id++);
            }
        }
        for (int i = 0; i < 238'000; ++i) {
            merges.push_back({piece(3, i / 26), piece(1, i % 26)});
            merges.push_back({piece(2, i / 676), piece(2, i % 676)});
        }
        json["model"]["merges"] = merges;
        const std::string content = json.dump();
        json = nullptr;
        m_file.write(content);
        const Bounded bounded(kSeconds, kMebibytes);
        const auto tokenizer = m_file.load();
        QVERIFY2(bounded.broken().empty(), (bounded.broken() + std::to_string(content.size())).c_str());
        QCOMPARE(tokenizer->idOf("ABCD"), std::optional<std::int64_t>(5 + 26 + 676 + 17'576 + 26 * 26 + 2 * 26 + 3));
    }

    void aMillionLettersTakeTwoSeconds()
    {
        const std::string letters(1'000'000, 'a');
        for (const auto& pre :
             {Json(), parsed(R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})"),
              split("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+|[^\\s]+")}) {
            m_file.write(with("pre_tokenizer", pre).dump());
            const auto tokenizer = m_file.load();
            const Bounded bounded(2, kMebibytes);
            QCOMPARE(tokenizer->encode(letters, Specials::None).ids.size(), std::size_t{500'000});
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
        }
    }

    void aMillionBlanksAreNoRunaway()
    {
        m_file.write(with("pre_tokenizer", split("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")).dump());
        const auto tokenizer = m_file.load();
        const Bounded bounded(2, kMebibytes);
        (void)tokenizer->encode(std::string(1'000'000, ' ') + "a", Specials::None);
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }
};

QTEST_APPLESS_MAIN(LargeTokenizerTest)
#include "tst_large_tokenizer.moc"
