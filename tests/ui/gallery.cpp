// Not a test: fills every page with realistic values and saves pictures of them, light and dark, two sizes, two
// languages. Run with QT_QPA_PLATFORM=offscreen; the folder to write to is the only argument.
#include "tests/ui/sample_findings.h"
#include "tests/ui/sample_formats.h"
#include "tests/ui/samples.h"
#include "ui/annotate/annotate_page.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"
#include "ui/compare/compare_page.h"
#include "ui/main_window/main_window.h"
#include "ui/project/project_page.h"
#include "ui/round/baselines_panel.h"
#include "ui/round/plan_panel.h"
#include "ui/round/rounds_page.h"
#include "ui/round/settings_panel.h"
#include "ui/round/take_along_panel.h"
#include "ui/round/talk_panel.h"
#include "ui/score/heat_map_view.h"
#include "ui/start/start_page.h"

#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace stet;
using namespace stet::ui;

namespace {

class Gallery {
public:
    Gallery(MainWindow& window, const QString& folder) : m_window(window), m_folder(folder) { }

    void setVariant(const QString& variant) { m_variant = variant; }

    void save(const QString& name) { save(name, m_window); }

    void save(const QString& name, QWidget& widget)
    {
        for (int i = 0; i < 4; ++i) {
            QCoreApplication::processEvents();
        }
        widget.grab().save(QStringLiteral("%1/%2-%3.png").arg(m_folder, name, m_variant));
    }

private:
    MainWindow& m_window;
    QString m_folder;
    QString m_variant;
};

void fillFrame(MainWindow& window)
{
    window.setSaved({SavedState::Kind::Saved, QTime(14, 2, 11), {}});
    window.setModelLine(QStringLiteral("Qwen2.5-0.5B"), 2);
    window.setDevice(QStringLiteral("CPU"), QStringLiteral("float32"), QStringLiteral("no GPU driver found"));
    window.setWorker(WorkerState::Ready);
}

void fillStart(MainWindow& window)
{
    StartPage* page = window.startPage();
    page->setRecent({{QStringLiteral("/home/you/ledger-example.stet"), QStringLiteral("ledger-example"), 218, 0,
                      QDateTime::currentDateTime(), false},
                     {QStringLiteral("/home/you/clinic-letters.stet"), QStringLiteral("clinic-letters"), 1312, 3,
                      QDateTime::currentDateTime().addDays(-1), false},
                     {QStringLiteral("/media/stick/old.stet"), QStringLiteral("old"), 40, 1,
                      QDateTime::currentDateTime().addDays(-90), true}});
    page->setHardware(
        QStringLiteral("CPU, 2 cores, 21 GB free · no GPU: no NVIDIA driver found"),
        QStringLiteral(
            "libcuda.so.1 was not found. With an NVIDIA driver of version 525 or newer and the runtime pack, "
            "rounds run on the GPU. Small models work well on the CPU."));
    page->setDefaultFolder(QStringLiteral("/home/you/Stet"));
}

void fillAnnotate(MainWindow& window)
{
    AnnotatePage* page = window.annotatePage();
    annotate::QueueCounts counts{96, 2, 7, 82, 34, 4, 3, 5, 218};
    page->setQueueCounts(counts);
    page->setQueue(test::sampleQueue(218), false);
    page->setProgress(36, 12);
    page->setGuidelines(
        QStringLiteral("A response starts with the answer.\nIt names every fact once.\nIt invents nothing."));
    page->setItem(test::sampleItem(), 37, 218);
    page->setLambda(1.2);
    page->setScores({37}, test::sampleScores());
    page->setSaved({SavedState::Kind::Saved, QTime(14, 2, 11), {}});
}

void fillHard(MainWindow& window)
{
    AnnotatePage* page = window.annotatePage();
    annotate::ResponseItem item;
    item.id = {39};
    item.instruction = "Übersetze ins Arabische, Hebräische und Chinesische, mit Emoji 🦙: good morning, everyone.";
    item.output = "صباح الخير جميعا! This is Arabic.\nבוקר טוב לכולם 🦙🦙 "
                  "hello.\n大家早上好，今天天气很好。\n"
                  "café e\u0301te\u0301 👩‍👩‍👧  two  spaces\tand a tab\n\n1. item one\n2. item two";
    item.marks = {{0, 4, annotate::MarkKind::Flag}, {37, 41, annotate::MarkKind::Clear}};
    item.judgedBy = {annotate::AuthorKind::Program, "programmatic judge", {}, {}};
    item.stoppedByLength = true;
    item.draft = "The Arabic is fine, but the greeting is missing.";
    page->setItem(item, 39, 218);
    const auto ends = test::wordEnds(item.output);
    std::vector<double> ratios(ends.size());
    for (std::size_t i = 0; i < ratios.size(); ++i) {
        ratios[i] = std::exp(1.8 * std::sin(0.9 * static_cast<double>(i)));
    }
    page->setScores({39}, test::scoresFor(ends, ratios));
}

// With a corrected response, then with a judgment that a model drafted.
void fillCorrection(MainWindow& window)
{
    annotate::ResponseItem item = test::sampleItem();
    item.id = {40};
    item.revision = "Mara Velt is a baker from Lunden. She likes rye bread, and she has two cats.\n"
                    "She opens her shop at five in the morning and closes it when the last loaf is sold.";
    item.revisedBy = annotate::ownPerson();
    window.annotatePage()->setItem(item, 40, 218);
    window.annotatePage()->setScores({40}, test::sampleScores());
}

void fillDrafted(MainWindow& window)
{
    annotate::ResponseItem item = test::sampleItem();
    item.id = {41};
    item.verdict = annotate::Verdict::Open;
    item.judgment.clear();
    item.hint = "\"three cats\" is wrong: she has two.";
    item.hintedBy = {annotate::AuthorKind::Model, {}, "/models/Qwen2.5-0.5B-Instruct", 2};
    window.annotatePage()->setItem(item, 41, 218);
    window.annotatePage()->setScores({41}, test::sampleScores());
}

// As preset ftpo would train it: of a run that lights up its first word alone is pushed down.
void fillBeginnings(MainWindow& window)
{
    annotate::ResponseItem item = test::sampleItem();
    item.id = {42};
    const auto ends = test::wordEnds(item.output);
    std::vector<double> ratios(ends.size(), 1.02);
    for (const std::size_t flagged : {0U, 1U, 6U, 7U, 8U, 9U, 17U}) {
        ratios[flagged] = 4;
    }
    auto scores = test::scoresFor(ends, ratios);
    scores.push = Push::Beginnings;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        scores.words.push_back(static_cast<int>(i));
    }
    window.annotatePage()->setItem(item, 42, 218);
    window.annotatePage()->setScores({42}, scores);
}

// What is quoted stays dark: it can be marked.
void fillQuoted(MainWindow& window)
{
    annotate::ResponseItem item = test::sampleItem();
    item.id = {43};
    item.judgment = "\"three cats\" is wrong, the instruction says two.";
    window.annotatePage()->setItem(item, 43, 218);
    window.annotatePage()->setScores({43}, test::sampleScores());
}

annotate::RoundRecord adoptedRound(int criticised, int accepted, int steps)
{
    annotate::RoundRecord one;
    one.number = 1;
    one.state = annotate::RoundState::Finished;
    one.adopted = true;
    one.preset = "stable";
    one.criticised = criticised;
    one.accepted = accepted;
    one.steps = one.stepsDone = steps;
    one.finishedAt = "2026-03-02T14:20:00Z";
    return one;
}

void fillRounds(MainWindow& window)
{
    RoundsPage* page = window.roundsPage();
    const annotate::RoundRecord one = adoptedRound(48, 12, 45);
    annotate::RoundRecord two = one;
    two.number = 2;
    two.parent = 1;
    two.state = annotate::RoundState::Running;
    two.criticised = 64;
    two.accepted = 16;
    two.steps = 60;
    two.stepsDone = 31;
    two.finishedAt.clear();
    page->setRounds({one, two}, 1);
    page->setPlan(test::sampleRoundPlan());
    page->setProgress(RoundProgress{2, RoundPhase::Training, 31, 60, 64, false});
    page->setSteps(2, test::sampleSteps(60, 31));
    window.setRoundBar(RoundBar{2, phaseInWords(RoundPhase::Training), 31, 60, 64, false});
}

// A round that did what a real small model's did (docs/evidence.md).
void fillAlerts(MainWindow& window)
{
    using annotate::AlertKind;
    annotate::RoundRecord one = adoptedRound(83, 21, 39);
    one.alerts = {{AlertKind::CriticisedLikelier, true, 0.31, 0.36, 0, 0, {}},
                  {AlertKind::OneOpening, true, 0.04, 0.72, 0, 0, "I am"},
                  {AlertKind::LearntByHeart, false, 1.42, 0.04, 0, 0, {}}};
    window.roundsPage()->setProgress(std::nullopt);
    window.roundsPage()->setRounds({one}, 1);
}

void fillBaselines(BaselinesPanel& panel)
{
    panel.setChoices({{QStringLiteral("sft"), true, {}, {}},
                      {QStringLiteral("hindsight"), true, {}, {}},
                      {QStringLiteral("dpo"),
                       false,
                       QStringLiteral("No criticised response has a revision or a demonstration to prefer."),
                       {}}});
    panel.setResults({{QStringLiteral("cut"),
                       {QStringLiteral("104"), QStringLiteral("14 s"), QStringLiteral("−0.94 → −4.32"),
                        QStringLiteral("−0.33 → −0.11"), QStringLiteral("0.003"), QStringLiteral("100 %"),
                        QStringLiteral("11.2 → 8.9")}},
                      {QStringLiteral("sft"),
                       {QStringLiteral("104"), QStringLiteral("6 s"), QStringLiteral("−0.94 → −5.48"),
                        QStringLiteral("−0.33 → −0.04"), QStringLiteral("0.077"), QStringLiteral("100 %"),
                        QStringLiteral("11.2 → 8.7")}}});
    panel.setRunning(QStringLiteral("hindsight (3 of 3): training"), 0.4);
    panel.open();
}

void fillTakeAlong(TakeAlongPanel& panel)
{
    panel.setChoices({{QStringLiteral("gguf-q8_0"), false, true}},
                     {{QStringLiteral("ollama"), QStringLiteral("Ollama"), {QStringLiteral("gguf-q8_0")}, {}}});
    panel.open(1);
    panel.setDone(
        TakeAlongPanel::tr("Saved as %1.").arg(QStringLiteral("/home/you/ledger-round-1.gguf")),
        QStringLiteral("ollama create ledger-round-1 -f '/home/you/ledger-round-1.gguf.Modelfile' && ollama run "
                       "ledger-round-1"));
}

void fillTalk(TalkPanel& panel)
{
    panel.open(1);
    panel.ask(QStringLiteral("Introduce: name Mara Velt, job baker, city Lunden."));
    panel.setAnswer(TalkPanel::Base, QStringLiteral("Sure! Mara Velt is a baker from Lunden. She likes tea."));
    panel.setAnswer(TalkPanel::Round, QStringLiteral("Mara Velt is a baker from Lunden."));
    panel.setEnded({});
    panel.setKept(TalkPanel::Base);
}

void fillCompare(MainWindow& window)
{
    ComparePage* page = window.comparePage();
    page->setRound(1, 7);
    std::vector<annotate::ComparedItem> items;
    for (int i = 0; i < 100; ++i) {
        items.push_back({std::to_string(i), "Introduce: name Oda Pryce, job tailor, city Brill, likes tea.",
                         "Sure! Oda Pryce is a tailor from Brill. She likes tea.",
                         "Oda Pryce is a tailor from Brill. She likes tea."});
    }
    std::map<QString, Preference> choices;
    for (int i = 0; i < 11; ++i) {
        choices[QString::number(i)] = i % 4 == 3 ? Preference::Before : Preference::After;
    }
    page->setChoices(choices);
    page->setItems(items);
    annotate::CompareSummary summary;
    summary.criticisedFlaggedBefore = 0.61;
    summary.criticisedFlaggedAfter = 0.04;
    summary.praisedLogProbBefore = -0.31;
    summary.praisedLogProbAfter = -0.32;
    summary.controlKl = 0.012;
    summary.lengthBefore = 27;
    summary.lengthAfter = 24;
    summary.repetitionBefore = 0.02;
    summary.repetitionAfter = 0.02;
    page->setSummary(summary);
    page->setMeasures(
        {{QStringLiteral("Responses that open with “Sure!”"), QStringLiteral("61 %"), QStringLiteral("4 %"), true}});
}

void fillProject(MainWindow& window)
{
    ProjectPage* page = window.projectPage();
    page->setFormats(test::sampleFormats());
    page->setProjectName(QStringLiteral("ledger-example"), QStringLiteral("/home/you/Stet/ledger-example.stet"));
    page->setModel({QStringLiteral("/home/you/models/ledger-nano"),
                    QStringLiteral("LlamaForCausalLM, 1.1 M parameters, 4 layers"), QStringLiteral("512 tokens"),
                    QStringLiteral("CPU, float32"), QStringLiteral("no NVIDIA driver found"),
                    QStringLiteral("weights 4 MB, a round about 0.4 GB"), QStringLiteral("round 2 adopted")});
    page->setImportProgress(0, 0, QStringLiteral("1,000 responses imported: 713 accepted, 287 criticised."));
    page->setFindings(test::sampleFindings());
    page->setUndoable(true);
}

void showFailure(MainWindow& window)
{
    RoundFailure failure;
    failure.round = 3;
    failure.cause = QStringLiteral("Memory");
    failure.message = QStringLiteral("The round needs about 9.1 GB and 6.2 GB are free. Train with shorter texts, or "
                                     "close other programs and try again.");
    failure.logLines = {QStringLiteral("14:20:01 round 3: 80 examples, 60 steps"),
                        QStringLiteral("14:20:04 loading the model"),
                        QStringLiteral("14:20:09 out of memory: 1,204 MB asked for")};
    failure.remedies = {{QStringLiteral("short"), QStringLiteral("Try again with half the length")},
                        {QStringLiteral("again"), QStringLiteral("Try again as it is")}};
    window.roundsPage()->setFailure(failure);
    window.roundsPage()->setProgress(std::nullopt);
    window.notify({QStringLiteral("n"),
                   Notice::Level::Good,
                   QStringLiteral("214 responses are judged. Train on them?"),
                   {{QStringLiteral("train"), QStringLiteral("Go to Rounds")}}});
}

void walk(MainWindow& window, Gallery& gallery)
{
    window.showStart();
    gallery.save(QStringLiteral("start"));
    window.startPage()->findChild<QPushButton*>(QStringLiteral("new-project"))->click();
    gallery.save(QStringLiteral("start-new"));
    window.showProject(QStringLiteral("ledger-example"));
    gallery.save(QStringLiteral("annotate-empty"));
    window.roundsPage()->setPlan(std::nullopt, QStringLiteral("No response is criticised yet: judge a few first."));
    window.setPage(Page::Rounds);
    gallery.save(QStringLiteral("rounds-empty"));
    window.setPage(Page::Compare);
    gallery.save(QStringLiteral("compare-empty"));
    window.setPage(Page::Annotate);
    fillAnnotate(window);
    gallery.save(QStringLiteral("annotate"));
    if (auto* heatMap = window.findChild<HeatMapView*>()) {
        heatMap->setFocus(Qt::TabFocusReason);
        gallery.save(QStringLiteral("annotate-token"));
    }
    window.setSeenHints({});
    window.showHint(QStringLiteral("judge"));
    gallery.save(QStringLiteral("annotate-judge"));
    window.showHint(QStringLiteral("lit"));
    gallery.save(QStringLiteral("annotate-hint"));
    fillHard(window);
    gallery.save(QStringLiteral("annotate-hard"));
    fillCorrection(window);
    gallery.save(QStringLiteral("annotate-corrected"));
    fillDrafted(window);
    gallery.save(QStringLiteral("annotate-drafted"));
    fillBeginnings(window);
    gallery.save(QStringLiteral("annotate-beginnings"));
    fillQuoted(window);
    gallery.save(QStringLiteral("annotate-quoted"));
    window.annotatePage()->showKeys();
    gallery.save(QStringLiteral("annotate-keys"));
    QTest::keyClick(QApplication::focusWidget() != nullptr ? QApplication::focusWidget() : &window, Qt::Key_Escape);
    fillRounds(window);
    window.setPage(Page::Rounds);
    gallery.save(QStringLiteral("rounds"));
    for (auto* toggle : window.roundsPage()->findChild<RoundPlanPanel*>()->findChildren<QToolButton*>()) {
        toggle->setChecked(toggle->text().startsWith(toggle->accessibleName()));
    }
    window.roundsPage()->settings()->setChosen({{"optimizer.lr", "0.0003"}, {"max_steps", "40"}});
    gallery.save(QStringLiteral("rounds-settings"));
    for (auto* toggle : window.roundsPage()->findChild<RoundPlanPanel*>()->findChildren<QToolButton*>()) {
        toggle->setChecked(false);
    }
    fillTakeAlong(*window.roundsPage()->takeAlong());
    gallery.save(QStringLiteral("rounds-use"));
    window.roundsPage()->takeAlong()->hide();
    fillTalk(*window.roundsPage()->talk());
    gallery.save(QStringLiteral("rounds-talk"));
    window.roundsPage()->talk()->clear();
    fillAlerts(window);
    gallery.save(QStringLiteral("rounds-alerts"));
    auto& baselines = *window.roundsPage()->findChild<BaselinesPanel*>();
    fillBaselines(baselines);
    gallery.save(QStringLiteral("rounds-baselines"));
    baselines.clear();
    fillRounds(window);
    showFailure(window);
    gallery.save(QStringLiteral("rounds-failed"));
    window.dismiss(QStringLiteral("n"));
    window.roundsPage()->setFailure(std::nullopt);
    fillCompare(window);
    window.setPage(Page::Compare);
    gallery.save(QStringLiteral("compare"));
    fillProject(window);
    window.setPage(Page::Project);
    gallery.save(QStringLiteral("project"));
    window.projectPage()->setImportProgress(0, 0, {});
    window.projectPage()->setUndoable(false);
    window.projectPage()->askAbout(test::sampleFindings());
    gallery.save(QStringLiteral("project-check"));
    window.setRoundBar(std::nullopt);
    AboutDialog about(
        {QStringLiteral("0.1.0 (commit 0123456789ab)"), QStringLiteral(STET_SOURCE_DIR "/resources/licences")},
        QString(), &window);
    about.show();
    gallery.save(QStringLiteral("about"), about);
}

}  // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    const QString folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral("gallery");
    QDir().mkpath(folder);
    for (const QString& language : {QStringLiteral("en"), QStringLiteral("zh_CN")}) {
        installTranslator(app, language);
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            applyTheme(app, theme);
            for (const QSize size : {QSize(1280, 800), QSize(1920, 1080), QSize(1000, 700)}) {
                MainWindow window;
                window.resize(size);
                window.show();
                fillFrame(window);
                fillStart(window);
                Gallery gallery(window, folder);
                gallery.setVariant(
                    QStringLiteral("%1-%2-%3")
                        .arg(language, theme == ThemeChoice::Light ? QStringLiteral("light") : QStringLiteral("dark"))
                        .arg(size.width()));
                walk(window, gallery);
            }
        }
    }
    return 0;
}
