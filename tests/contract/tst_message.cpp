// The envelope: every kind of message survives a line, and whatever isn't one is named together with the id it carried.
#include "contract/message.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace stet;
using namespace stet::contract;

namespace {

template <typename Kind> Kind decoded(const std::string& line)
{
    const auto result = decode(line);
    const auto* message = std::get_if<Message>(&result);
    if (message == nullptr || !std::holds_alternative<Kind>(*message)) {
        throw std::runtime_error("not the kind of message expected: " + line);
    }
    return std::get<Kind>(*message);
}

QString quoted(const std::string& text)
{
    return QString::fromStdString(text);
}

}  // namespace

class MessageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRequestSurvivesALine()
    {
        const Request request{7, method::kScore, {{"instruction", "two\nlines"}, {"judgment", nullptr}}};
        const std::string line = encode(request);
        QVERIFY(line.find('\n') == std::string::npos);
        QCOMPARE(quoted(line.substr(0, 17)), QStringLiteral("{\"jsonrpc\":\"2.0\","));
        const auto back = decoded<Request>(line);
        QCOMPARE(back.id, std::int64_t(7));
        QCOMPARE(quoted(back.method), QStringLiteral("score/run"));
        QVERIFY(back.params == request.params);
    }

    void aNotificationSurvivesALine()
    {
        const auto back = decoded<Notification>(encode(Notification{method::kCancel, {{"id", 3}}}));
        QCOMPARE(quoted(back.method), QStringLiteral("$/cancel"));
        QCOMPARE(back.params.at("id").get<int>(), 3);
    }

    void aResultAndAnErrorSurviveALine()
    {
        const auto result = decoded<Reply>(encode(Reply{1, Json{{"a", {1, 2}}}}));
        QCOMPARE(result.id, std::int64_t(1));
        QVERIFY(std::get<Json>(result.content) == (Json{{"a", {1, 2}}}));
        const auto error = decoded<Reply>(encode(Reply{2, Error{kCancelled, "Cancelled"}}));
        QCOMPARE(std::get<Error>(error.content).code, kCancelled);
        QCOMPARE(quoted(std::get<Error>(error.content).message), QStringLiteral("Cancelled"));
        const auto nothing = decoded<Reply>(encode(Reply{3, Json()}));
        QVERIFY(std::get<Json>(nothing.content).is_null());
    }

    void numbersThatAreNoneAreNull()
    {
        const Json params = {{"a", std::nan("")}, {"b", std::numeric_limits<double>::infinity()}};
        const auto back = decoded<Notification>(encode(Notification{"x", params}));
        QVERIFY(back.params.at("a").is_null());
        QVERIFY(back.params.at("b").is_null());
    }

    void brokenUtf8IsReplacedNotThrown()
    {
        const auto back = decoded<Notification>(encode(Notification{"x", {{"text", "a\xC3"}}}));
        QCOMPARE(quoted(back.params.at("text").get<std::string>()), QStringLiteral("a\uFFFD"));
    }

    void logProbabilitiesKeepAllTheirDigits()
    {
        const auto value = static_cast<double>(-1.2345678806304932F);
        const auto back = decoded<Reply>(encode(Reply{1, Json(value)}));
        QCOMPARE(std::get<Json>(back.content).get<double>(), value);
    }

    void paramsMayBeAbsent()
    {
        QVERIFY(decoded<Request>(R"({"id":1,"method":"m"})").params.is_object());
        QVERIFY(decoded<Notification>(R"({"method":"m"})").params.empty());
    }

    void whatIsNoMessageIsNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QByteArray>("id");
        const auto row = [](const char* name, const QByteArray& line, int code, const char* reason, const char* id) {
            QTest::newRow(name) << line << code << QString::fromUtf8(reason) << QByteArray(id);
        };
        row("no JSON", "hello", kParseError, "not valid JSON", "null");
        row("empty", "", kParseError, "not valid JSON", "null");
        row("two values", R"({"id":1}{"id":2})", kParseError, "not valid JSON", "null");
        row("not UTF-8", "{\"method\":\"\xFF\"}", kParseError, "UTF-8", "null");
        row("too deep", QByteArray(100, '[') + QByteArray(100, ']'), kParseError, "nested deeper", "null");
        row("a list", R"([{"id":1,"method":"m"}])", kInvalidRequest, "must be an object", "null");
        row("nothing in it", "{}", kInvalidRequest, "neither method nor id", "null");
        row("method is a number", R"({"id":4,"method":5})", kInvalidRequest, "'method' must be a text", "4");
        row("params is a list", R"({"id":4,"method":"m","params":[1]})", kInvalidRequest, "'params'", "4");
        row("id is a text", R"({"id":"four","method":"m"})", kInvalidRequest, "'id' must be a whole", "\"four\"");
        row("id is a fraction", R"({"id":1.5,"method":"m"})", kInvalidRequest, "'id' must be a whole", "1.5");
        row("id is null", R"({"id":null,"method":"m"})", kInvalidRequest, "'id' must be a whole", "null");
        row("id is a list", R"({"id":[1],"method":"m"})", kInvalidRequest, "'id' must be a whole", "null");
        row("id is too large", R"({"id":18446744073709551615,"method":"m"})", kInvalidRequest, "'id' must be a whole",
            "18446744073709551615");
        row("id is too long", R"({"id":")" + QByteArray(300, 'x') + R"(","method":"m"})", kInvalidRequest,
            "'id' must be a whole", "null");
        row("neither result nor error", R"({"id":9})", kInvalidRequest, "neither method, result nor error", "9");
        row("error without code", R"({"id":9,"error":{"message":"x"}})", kInvalidRequest, "neither method", "9");
    }

    void whatIsNoMessageIsNamed()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        QFETCH(QString, reason);
        QFETCH(QByteArray, id);
        const auto result = decode(line.toStdString());
        QVERIFY(std::holds_alternative<Malformed>(result));
        const auto& malformed = std::get<Malformed>(result);
        QCOMPARE(malformed.code, code);
        QVERIFY2(quoted(malformed.reason).contains(reason), malformed.reason.c_str());
        QCOMPARE(QByteArray::fromStdString(malformed.id.dump()), id);
        // Its answer is a well-formed error reply.
        const Json answer = Json::parse(encode(malformed));
        QVERIFY(answer.at("id") == malformed.id);
        QCOMPARE(answer.at("error").at("code").get<int>(), code);
        QVERIFY(!answer.contains("result"));
    }

    void kindsOfFailureHaveCodes()
    {
        for (const auto kind : {FailureKind::Internal, FailureKind::Usage, FailureKind::BadInput,
                                FailureKind::ModelRefused, FailureKind::OutOfMemory, FailureKind::Interrupted}) {
            QCOMPARE(failureKind(errorCode(kind)), kind);
        }
        QCOMPARE(errorCode(FailureKind::BadInput), -32003);
        for (const int other : {0, 3, -32000, -32007, kParseError, kMethodNotFound, kCancelled}) {
            QCOMPARE(failureKind(other), FailureKind::Internal);
        }
    }
};

QTEST_APPLESS_MAIN(MessageTest)
#include "tst_message.moc"
