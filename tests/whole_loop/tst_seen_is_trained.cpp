// The words that light up are the words that are trained: what the window asks of the worker and paints of its answer
// is, token by token, the mask that a round of the same project pushes down. Every preset, every contrast, truncated
// and not, on the bundled example and on real judgments of another model.
#include "annotate/exchange/example_project.h"
#include "annotate/exchange/import.h"
#include "annotate/store/project.h"
#include "app/session/convert.h"
#include "app/session/score_params.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/presets.h"
#include "base/utf8.h"
#include "contract/message.h"
#include "tests/support/paths.h"
#include "trainer/dataset/calibration.h"
#include "trainer/dataset/example_reader.h"
#include "trainer/dataset/reference_pass.h"
#include "trainer/round/round_setup.h"
#include "trainer/serve/served_model.h"
#include "ui/score/heat_map_model.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

using namespace stet;
using annotate::Project;
using annotate::ResponseId;

namespace {

// Rows of a batch are rounded otherwise than a row alone: a ratio nearer to the threshold may fall on either side.
constexpr double kRounding = 1e-5;

struct Painted {
    std::vector<char> mask;
    std::vector<double> ratios;
    bool truncated = false;
};

std::string modelFolder()
{
    return test::exampleDir() + "/model";
}

}  // namespace

class SeenIsTrained : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whatLightsUpIsWhatIsTrained_data();
    void whatLightsUpIsWhatIsTrained();
    void marksCountAsTheRoundUsesThem_data();
    void marksCountAsTheRoundUsesThem();
    void whatIsTypedIsPaintedAsItWillBeTrained_data();
    void whatIsTypedIsPaintedAsItWillBeTrained();

private:
    // nullopt: the worker said that it can't be scored.
    std::optional<Painted> paint(const Project& project, ResponseId id, const std::string& preset,
                                 const std::string& judgment);
    // By data line of the round's examples; a line that was left out is missing.
    // λ that the round makes from a rate is noted in the project, as the window does.
    std::map<int, std::vector<char>> train(Project& project, const std::string& preset) const;
    void compare(Project& project, const std::string& preset);

    QTemporaryDir m_dir;
    std::unique_ptr<Project> m_example;
    std::unique_ptr<Project> m_online;
    serve::ServedModel m_served;
    serve::HandlerTable m_methods;
    serve::MethodContext m_context;
    files::ModelFolder m_folder;
    std::unique_ptr<model::Decoder> m_decoder;
    int m_truncated = 0;
    int m_tooLong = 0;  // too little of them would be left: neither painted nor trained
    int m_tokens = 0;
    int m_pushed = 0;
    int m_ties = 0;
};

void SeenIsTrained::initTestCase()
{
    const std::string dir = m_dir.path().toStdString();
    const Json computed = {{"model", modelFolder()}, {"device", "cpu"}, {"threads", 1}};
    bindModelMethods(m_methods, m_served);
    bindScore(m_methods, m_served);
    m_context.send = [](const char*, const Json&) {};
    m_context.cancelled = [] { return false; };
    m_context.serveInteractive = [] {};
    (void)m_methods.call(contract::method::kLoad, computed, m_context);
    m_folder = files::openModelFolder(modelFolder());
    m_decoder = model::Decoder::load(m_folder, model::resolveCompute({"cpu", "float32", 1}, m_folder.config.dtype));

    annotate::createExampleProject(test::exampleDir(), dir + "/example.stet");
    m_example = Project::open(dir + "/example.stet");
    // Every twelfth stays, so that the walk is quick. Of some a word is marked, of some the end.
    int number = 0;
    for (const auto id : m_example->ids(annotate::QueueFilter::Criticised)) {
        if (number++ % 12 != 0) {
            m_example->setTrashed(id, true);
            continue;
        }
        const auto item = *m_example->item(id);
        const auto length = static_cast<int>(codePointCount(item.output));
        const auto end = number % 24 == 1 ? annotate::MarkKind::Flag : annotate::MarkKind::Clear;
        if (number % 36 == 1) {
            m_example->setMarks(id,
                                {{0, std::min(4, length), annotate::MarkKind::Flag},
                                 {length / 2, length, annotate::MarkKind::Clear},
                                 {length, length, end}});
        }
    }
    if (test::sharedData().empty()) {
        return;
    }
    // A few dozen of them: short ones, which the model's context holds, and long ones.
    Json some = Json::array();
    int brief = 0;
    int lengthy = 0;
    for (const Json& row : readJsonFile(test::sharedData() + "/judgments/cut-online-iter1.json")) {
        const std::size_t size = row.at("instruction").get<std::string>().size() +
            row.at("output").get<std::string>().size() +
            (row.at("judgment").is_string() ? row.at("judgment").get<std::string>().size() : 0);
        const bool criticised = row.at("judgment").is_string() && !row.at("judgment").get<std::string>().empty();
        if (criticised && ((size < 400 && brief++ < 10) || (size > 700 && lengthy++ < 4))) {
            some.push_back(row);
        }
    }
    publishFile(dir + "/some.json", some.dump());
    m_online = Project::create(dir + "/online.stet", modelFolder());
    (void)annotate::importFile(*m_online, dir + "/some.json", "cut");
}

std::optional<Painted> SeenIsTrained::paint(const Project& project, ResponseId id, const std::string& preset,
                                            const std::string& judgment)
{
    const auto item = *project.item(id);
    const contract::Detection detection = project.detection(preset);
    const double lambda = detection.lambda.value_or(kDefaultLambda);
    const auto others = project.otherJudgments(id, preset);
    const Json params = app::scoreParams({item, judgment, {}, detection, lambda, others}, false);
    Json line;
    try {
        line = m_methods.call(contract::method::kScore, params, m_context);
    } catch (const Failure&) {
        return std::nullopt;
    }
    ui::HeatMapModel map;
    map.setLength(static_cast<int>(codePointCount(item.output)));
    map.setScores(app::scoresFrom(line));
    map.setMarks(item.marks);
    map.setLambda(lambda);
    Painted painted{map.pushedTokens(), map.scores()->logRatio, false};
    for (const auto& [context, cut] : line.at("truncated").items()) {
        painted.truncated = painted.truncated || cut.get<int>() > 0;
    }
    return painted;
}

std::map<int, std::vector<char>> SeenIsTrained::train(Project& project, const std::string& preset) const
{
    const std::string folder = project.folder() + "/rounds/preview";
    std::filesystem::create_directories(folder);
    project.writeInput(folder, preset, 0);
    round::RoundOptions options;
    options.decoder = m_decoder.get();
    options.decoderModel = project.setting("model");
    const round::RoundHooks silent;
    round::RoundReporter reporter(silent);
    auto settings = files::readRoundSettings(folder);
    settings.loraDropout = 0;
    round::RoundSetup setup = round::setUpRound(folder, settings, options, reporter);
    const auto context = setup.context({});
    round::referencePass(context, setup.set.examples);
    if (setup.settings.falseAlarmRate) {
        const double lambda = round::calibrate(setup.settings, *setup.settings.falseAlarmRate, setup.set.examples);
        project.noteCalibration(lambda, setup.set.criticised);
    }
    const auto& objective = *setup.objective;
    round::Group all;
    for (const auto& example : setup.set.examples) {
        if (example.criticised) {
            all.push_back(&example);
        }
    }
    std::map<int, std::vector<char>> masks;
    for (const auto& group : round::microBatches(all, context.microBatchTokens)) {
        const auto values = round::readForStep(context, group, 0);
        for (std::size_t i = 0; i < group.size(); ++i) {
            masks[group[i]->source.line] = objective.loss(*group[i], values[i]).pushed;
        }
    }
    return masks;
}

void SeenIsTrained::compare(Project& project, const std::string& preset)
{
    m_truncated = m_tooLong = m_tokens = m_pushed = m_ties = 0;
    const auto trained = train(project, preset);
    const auto ids = project.ids(annotate::QueueFilter::Criticised);
    QVERIFY(trained.size() > 2);
    for (std::size_t line = 0; line < ids.size(); ++line) {
        const auto painted = paint(project, ids[line], preset, project.item(ids[line])->judgment);
        const auto mask = trained.find(static_cast<int>(line));
        const QByteArray what = "response " + QByteArray::number(static_cast<qulonglong>(line));
        QVERIFY2(painted.has_value() == (mask != trained.end()), what);
        if (!painted) {
            ++m_tooLong;
            continue;
        }
        m_truncated += painted->truncated ? 1 : 0;
        QCOMPARE(painted->mask.size(), mask->second.size());
        const double threshold = std::log(project.detection(preset).lambda.value_or(kDefaultLambda));
        for (std::size_t t = 0; t < mask->second.size(); ++t) {
            ++m_tokens;
            m_pushed += mask->second[t];
            if (std::fabs(std::fabs(painted->ratios[t]) - threshold) < kRounding) {
                ++m_ties;
            } else {
                QVERIFY2(painted->mask[t] == mask->second[t],
                         what + ", token " + QByteArray::number(static_cast<qulonglong>(t)));
            }
        }
    }
    QVERIFY(m_tokens > 100);
    QVERIFY(m_pushed > 0);
    QVERIFY(m_pushed < m_tokens);
    QVERIFY2(m_ties * 200 <= m_tokens, QByteArray::number(m_ties));
}

void SeenIsTrained::whatLightsUpIsWhatIsTrained_data()
{
    QTest::addColumn<bool>("online");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("contrast");
    QTest::addColumn<bool>("truncated");
    for (const bool online : {false, true}) {
        for (const char* preset : {"stable", "cut-code", "cut-paper", "ftpo"}) {
            for (const char* contrast : {"D1", "D2", "D3", "D4", "D5", "D6"}) {
                for (const bool truncated : {false, true}) {
                    QTest::addRow("%s, %s, %s%s", online ? "online" : "example", preset, contrast,
                                  truncated ? ", truncated" : "")
                        << online << QString::fromLatin1(preset) << QString::fromLatin1(contrast) << truncated;
                }
            }
        }
    }
}

void SeenIsTrained::whatLightsUpIsWhatIsTrained()
{
    QFETCH(bool, online);
    QFETCH(QString, preset);
    QFETCH(QString, contrast);
    QFETCH(bool, truncated);
    if (online && !m_online) {
        QSKIP("the judgments of the paper's online rounds are not beside the project (../shared/data/judgments)");
    }
    Project& project = online ? *m_online : *m_example;
    project.setSetting("contrast", contrast.toStdString());
    project.chooseLambda(kDefaultLambda);
    if (contrast == QLatin1String("D6")) {
        project.chooseFalseAlarmRate(annotate::kDefaultFalseAlarmRate);
    }
    // 2048 is cut to the model's context of 256 tokens, which long records of the online judgments exceed. The shorter
    // limits leave something of every response, also behind the long prompt that D4 reads.
    const int limit = online ? 200 : contrast == QLatin1String("D4") ? 120 : 100;
    project.setSetting("round", Json{{"max_length", truncated ? limit : 2048}, {"positive_ratio", 0.1}}.dump());
    compare(project, preset.toStdString());
    if (!QTest::currentTestFailed()) {
        // The example's responses are short: cut at their end, most are left out rather than truncated.
        const int affected = m_truncated + m_tooLong;
        QVERIFY(affected > 0 || !truncated);
        QVERIFY(online || affected == 0 || truncated);
        const bool byRate = project.threshold(preset.toStdString()).falseAlarmRate.has_value();
        QCOMPARE(byRate, contrast == QLatin1String("D6") && !isReproduction(preset.toStdString()));
    }
}

void SeenIsTrained::marksCountAsTheRoundUsesThem_data()
{
    QTest::addColumn<QString>("use");
    for (const char* use : {"union", "only", "ignore"}) {
        QTest::newRow(use) << QString::fromLatin1(use);
    }
}

void SeenIsTrained::marksCountAsTheRoundUsesThem()
{
    QFETCH(QString, use);
    m_example->setSetting("contrast", "D1");
    m_example->setSetting("round", Json{{"marks", use.toStdString()}}.dump());
    compare(*m_example, "stable");
}

void SeenIsTrained::whatIsTypedIsPaintedAsItWillBeTrained_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("contrast");
    QTest::newRow("stable, D5") << "stable"
                                << "D5";
    QTest::newRow("cut-code, D1") << "cut-code"
                                  << "D1";
}

// Before it is submitted the response stands in no file: its place among the others is the one that it will have.
void SeenIsTrained::whatIsTypedIsPaintedAsItWillBeTrained()
{
    QFETCH(QString, preset);
    QFETCH(QString, contrast);
    const std::string judgment = "The answer begins with a word that nobody asked for.";
    const std::string chosen = preset.toStdString();
    m_example->setSetting("contrast", contrast.toStdString());
    m_example->setSetting("round", "{}");
    const ResponseId id = *m_example->firstOpen();
    const auto painted = paint(*m_example, id, chosen, judgment);
    QVERIFY(painted.has_value());
    m_example->submit(id, annotate::Verdict::Criticised, judgment);
    const auto ids = m_example->ids(annotate::QueueFilter::Criticised);
    const auto line = static_cast<int>(std::find(ids.begin(), ids.end(), id) - ids.begin());
    QCOMPARE(painted->mask, train(*m_example, chosen).at(line));
}

QTEST_GUILESS_MAIN(SeenIsTrained)
#include "tst_seen_is_trained.moc"
