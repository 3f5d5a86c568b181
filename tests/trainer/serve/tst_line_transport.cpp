// Messages over pipes: whole lines however they arrive, and an end in every case.
#include "trainer/serve/line_transport.h"

#include <QtTest>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace stet;

namespace {

class Pipe {
public:
    Pipe() { (void)!::pipe(m_ends.data()); }
    ~Pipe()
    {
        ::close(m_ends[0]);
        closeWriting();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int reading() const { return m_ends[0]; }
    int writing() const { return m_ends[1]; }
    void put(const std::string& bytes) const { (void)!::write(m_ends[1], bytes.data(), bytes.size()); }
    void closeWriting()
    {
        if (m_ends[1] >= 0) {
            ::close(m_ends[1]);
        }
        m_ends[1] = -1;
    }

private:
    std::array<int, 2> m_ends = {-1, -1};
};

struct Heard {
    std::vector<std::string> methods;
    std::vector<std::string> reasons;

    contract::Transport::Incoming incoming(std::function<bool()> leave)
    {
        return {[this](const contract::Message& message) {
                    methods.push_back(std::get<contract::Notification>(message).method);
                },
                [this](const contract::Malformed& malformed) { reasons.push_back(malformed.reason); },
                std::move(leave)};
    }
};

}  // namespace

class LineTransportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linesAreHandedOverInTheirOrderUntilTheInputEnds()
    {
        Pipe input;
        Pipe output;
        serve::LineTransport transport(input.reading(), output.writing());
        Heard heard;
        std::thread reader([&] { transport.loop(heard.incoming([] { return false; })); });
        input.put("{\"method\":\"a\"}\n{\"met");
        input.put("hod\":\"b\"}\nno message\n");
        input.put("{\"method\":\"c\"}\n{\"method\":\"half");
        input.closeWriting();
        reader.join();
        QCOMPARE(heard.methods, (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(heard.reasons.size(), std::size_t{1});
    }

    void itLeavesWhenToldToWithTheInputStillOpen()
    {
        Pipe input;
        Pipe output;
        serve::LineTransport transport(input.reading(), output.writing());
        Heard heard;
        int asked = 0;
        transport.loop(heard.incoming([&asked] { return ++asked > 1; }));
        QCOMPARE(asked, 2);
        QVERIFY(heard.methods.empty());
    }

    void whatIsSentFromManyThreadsStaysWholeLines()
    {
        Pipe input;
        Pipe output;
        serve::LineTransport transport(input.reading(), output.writing());
        constexpr int kThreads = 4;
        constexpr int kEach = 50;
        const std::string text(300, 'x');
        std::string received;
        std::thread reader([&] {
            std::array<char, 4096> piece = {};
            for (ssize_t got = 1; got > 0;) {
                got = ::read(output.reading(), piece.data(), piece.size());
                received.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            }
        });
        std::vector<std::thread> senders;
        for (int i = 0; i < kThreads; ++i) {
            senders.emplace_back([&] {
                for (int j = 0; j < kEach; ++j) {
                    transport.send(contract::Message(contract::Notification{"n", {{"text", text}}}));
                }
            });
        }
        for (auto& sender : senders) {
            sender.join();
        }
        output.closeWriting();
        reader.join();
        const std::string line =
            contract::encode(contract::Message(contract::Notification{"n", {{"text", text}}})) + "\n";
        QCOMPARE(received.size(), line.size() * kThreads * kEach);
        for (std::size_t at = 0; at < received.size(); at += line.size()) {
            QVERIFY(received.compare(at, line.size(), line) == 0);
        }
    }
};

QTEST_APPLESS_MAIN(LineTransportTest)
#include "tst_line_transport.moc"
