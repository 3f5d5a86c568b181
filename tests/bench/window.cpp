// How fast the window feels, with the bundled model: last key → repaint of a 150-token response, start with 1,000
// responses → usable, worker start → first score. Prints a table and, with --json FILE, writes the numbers. Ratios are
// to the 200 ms for which the window waits for the next key. Not a test: numbers depend on the machine.
//   window_bench [--json FILE]
#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/app/session/live_window.h"
#include "tests/support/paths.h"
#include "ui/common/translation.h"
#include "ui/start/start_page.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <iostream>

using namespace stet;
using test::LiveWindow;
using test::waitFor;

namespace {

constexpr double kPauseMs = 200;

struct Row {
    std::string name;
    double median = 0;
    double worst = 0;
    double wanted = 0;
};

Row rowOf(std::string name, std::vector<double> values, double wanted)
{
    std::sort(values.begin(), values.end());
    return {std::move(name), values.at(values.size() / 2), values.back(), wanted};
}

// A thousand responses, the first of them of 150 tokens: one long line that the model itself would never write.
std::string makeProject(const QString& home)
{
    const std::string folder = home.toStdString() + "/bench.stet";
    const auto project = annotate::Project::create(folder, test::exampleDir() + "/model");
    std::vector<annotate::NewResponse> responses(1000);
    for (std::size_t i = 0; i < responses.size(); ++i) {
        responses[i].externalId = std::to_string(i);
        responses[i].instruction = "How many ml are " + std::to_string(i + 2) + " l?";
        responses[i].output = "Sure! " + std::to_string(i + 2) + " l are " + std::to_string(1000 * (i + 2)) + " ml.";
    }
    while (responses.front().output.size() < 350) {
        responses.front().output += " There are 3 words. It is 12 ml.";
    }
    const auto batch = project->beginBatch("bench");
    project->addResponses(batch, responses);
    project->publishBatch(batch);
    return folder;
}

bool usable(LiveWindow& live)
{
    return live.shownId() >= 0 && live.judgment()->isVisible() && live.judgment()->isEnabled();
}

}  // namespace

int main(int argc, char** argv)
{
    const QTemporaryDir home;
    test::useHome(home.path());
    const QApplication application(argc, argv);
    ui::installTranslator(*qApp, QStringLiteral("en"));
    const std::string folder = makeProject(home.path());
    std::vector<double> start;
    std::vector<double> firstScore;
    std::vector<double> repaint;
    int tokens = 0;
    for (int run = 0; run < 5; ++run) {
        QElapsedTimer clock;
        clock.start();
        LiveWindow live;
        Q_EMIT live.window().startPage()->openRequested(QString::fromStdString(folder));
        if (!waitFor([&] { return usable(live); })) {
            return 1;
        }
        start.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        if (!waitFor([&] { return live.scored(); })) {
            return 1;
        }
        firstScore.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        tokens = static_cast<int>(live.heatMap()->model().cells().size());
        for (int key = 0; key < 6; ++key) {
            live.type(QString(QChar(u'a' + key)));
            clock.restart();
            if (!waitFor([&] { return live.scored(); })) {
                return 1;
            }
            live.heatMap()->viewport()->repaint();
            repaint.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        }
    }
    const std::vector<Row> rows = {rowOf("last key to repaint, " + std::to_string(tokens) + " tokens", repaint, 300),
                                   rowOf("start to usable, 1,000 responses", start, 1000),
                                   rowOf("start to first score (worker included)", firstScore, 2000)};
    Json json = Json::array();
    std::printf("%-44s %9s %9s %9s %10s\n", "", "median ms", "worst ms", "wanted ms", "of pause");
    for (const Row& row : rows) {
        std::printf("%-44s %9.0f %9.0f %9.0f %10.2f\n", row.name.c_str(), row.median, row.worst, row.wanted,
                    row.median / kPauseMs);
        json.push_back(
            {{"name", row.name}, {"median_ms", row.median}, {"worst_ms", row.worst}, {"wanted_ms", row.wanted}});
    }
    if (argc > 2 && std::string_view(argv[1]) == "--json") {
        publishFile(argv[2], json.dump(2) + "\n");
    }
    return 0;
}
