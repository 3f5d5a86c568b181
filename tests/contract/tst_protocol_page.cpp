// docs/protocol.md names the fields of every message as the code has them: the table there is this list.
#include "base/files.h"
#include "contract/compare.h"
#include "contract/generate.h"
#include "contract/message.h"
#include "contract/model.h"
#include "contract/round.h"
#include "contract/score.h"
#include "tests/support/paths.h"

#include <QtTest>

using namespace stet;
using namespace stet::contract;

namespace {

template <Fielded T> std::string row(const std::string& message)
{
    std::string names;
    for (const auto name : fieldNames<T>()) {
        names += (names.empty() ? "" : ", ") + std::string(name);
    }
    return "| " + message + " | " + (names.empty() ? "–" : names) + " |\n";
}

std::string table()
{
    return row<HelloRequest>("worker/hello") + row<Hello>("its result") + row<Nothing>("worker/shutdown, its result") +
        row<DescribeRequest>("model/describe") + row<LoadRequest>("model/load") +
        row<ModelDescription>("result of both") + row<LoadProgress>("model/progress") + row<ScoreRequest>("score/run") +
        row<ScoreLine>("its result") + row<GenerateRequest>("generate/run") + row<Example>("its items") +
        row<GenerateResult>("its result") + row<GeneratedLine>("generate/item") + row<GeneratedPiece>("generate/text") +
        row<RoundData>("round/preview, round/flags") + row<RoundPreview>("result of round/preview") +
        row<DetectionSummary>("result of round/flags") + row<RoundStart>("round/start") +
        row<RoundResult>("its result") + row<RoundReport>("its report") + row<RoundProgress>("round/progress") +
        row<RoundStop>("round/stop") + row<RoundSave>("round/save") + row<RoundsTold>("result of both") +
        row<CompareRequest>("compare/run") + row<CompareResult>("its result") + row<CompareSummary>("its summary") +
        row<ComparedLine>("its lines") + row<CompareProgress>("compare/progress") + row<Cancel>("$/cancel");
}

}  // namespace

class ProtocolPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTableOfFieldsIsTheCodes()
    {
        const std::string page = readFile(test::sourceDir() + "/docs/protocol.md", 1U << 20U);
        const std::string head = "| message | fields |\n|---|---|\n";
        const auto at = page.find(head);
        QVERIFY2(at != std::string::npos, "the table of fields was not found");
        const std::string found = page.substr(at + head.size(), table().size());
        QVERIFY2(found == table(), ("docs/protocol.md, Fields, should be:\n" + head + table()).c_str());
    }
};

QTEST_APPLESS_MAIN(ProtocolPageTest)
#include "tst_protocol_page.moc"
