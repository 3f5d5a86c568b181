// `stet-trainer evaluate` and `generate --format alpaca-eval` as a person or a script runs them.
#include "tests/support/patience.h"
#include "tests/support/small_model_command.h"

#include <QtTest>

#include <cmath>
#include <csignal>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

const std::string kGoldens = goldenDir() + "/evaluate/";
const std::string kChoice = R"({"id":"a","question":"Who?","choices":["Tom","a cat"],"answer":1})";

std::vector<std::string> evaluate(const std::vector<std::string>& more)
{
    std::vector<std::string> all = {"evaluate", "--device", "cpu", "--threads", "1"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::vector<std::string> withModel(const std::vector<std::string>& more)
{
    auto all = evaluate({"--model", smallModel()});
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace

class EvaluateCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPublishedFormEndToEnd()
    {
        QTemporaryDir dir;
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        const Ran ran = runTrainer(withModel({"--task", kGoldens + "arc.jsonl", "--form", "arc", "--out", out}));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.errors));
        QVERIFY(ran.output.empty());
        QVERIFY2(!ran.errors.contains(QStringLiteral("unknown field")), qPrintable(ran.errors));
        Ran written;
        written.output = readFile(out, 1U << 20U);
        const auto lines = written.lines();
        const Json golden = readJsonFile(kGoldens + "choices.json").at("arc");
        QCOMPARE(lines.size(), golden.at("items").size() + 1);
        for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
            const Json& wanted = golden.at("items")[i];
            QCOMPARE(lines[i].at("id").get<std::string>(), "q" + std::to_string(i));
            QVERIFY(lines[i].at("acc_norm") == wanted.at("acc_norm"));
            for (std::size_t k = 0; k < wanted.at("loglikelihoods").size(); ++k) {
                const double ours = lines[i].at("loglikelihood").at(k).get<double>();
                QVERIFY(std::abs(ours - wanted.at("loglikelihoods").at(k).get<double>()) < 1e-4);
            }
        }
        const Json& summary = lines.back().at("summary");
        QCOMPARE(summary.at("form").get<std::string>(), std::string("arc"));
        QCOMPARE(summary.at("n").get<int>(), 14);
        QCOMPARE(summary.at("acc").at("mean").get<double>(), golden.at("summary").at("acc").get<double>());
    }

    void anEmptyContextAndTheAdapter()
    {
        const Json golden = readJsonFile(kGoldens + "choices.json");
        const Ran plain = runTrainer(withModel({"--task", kGoldens + "plain.jsonl"}));
        QVERIFY2(plain.exitCode == 0, qPrintable(plain.errors));
        const auto lines = plain.lines();
        QCOMPARE(lines.size(), golden.at("plain").at("items").size() + 1);
        int empty = 0;
        for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
            const Json& wanted = golden.at("plain").at("items")[i];
            empty += wanted.at("context") == "" ? 1 : 0;
            QVERIFY(std::abs(lines[i].at("loglikelihood").at(0).get<double>() -
                             wanted.at("loglikelihoods").at(0).get<double>()) < 1e-4);
        }
        QVERIFY(empty > 0);
        QVERIFY(lines.back().at("summary").at("shortened").get<int>() == 2);

        const Ran adapted = runTrainer(
            withModel({"--adapter", goldenDir() + "/cut/start", "--task", kGoldens + "arc.jsonl", "--form", "arc"}));
        QVERIFY2(adapted.exitCode == 0, qPrintable(adapted.errors));
        QVERIFY(std::abs(adapted.lines().at(0).at("loglikelihood").at(0).get<double>() -
                         golden.at("arc-adapted").at("items")[0].at("loglikelihoods").at(0).get<double>()) < 1e-4);
    }

    void publishedLinesWithoutAnIdGetTheirNumber()
    {
        const Ran mmlu = runTrainer(withModel({"--task", kGoldens + "mmlu.jsonl", "--form", "mmlu"}));
        QVERIFY(mmlu.lines().at(1).at("id") == 2);
        const Ran swag = runTrainer(withModel({"--task", kGoldens + "hellaswag.jsonl", "--form", "hellaswag"}));
        QVERIFY(swag.lines().at(1).at("id") == 10);
    }

    void rougeNeedsNoModel()
    {
        QTemporaryDir dir;
        const std::string task = fileWith(dir, "pairs.jsonl",
                                          R"({"id":1,"reference":"the cats sat","output":"the cat sat"})"
                                          "\n"
                                          R"({"id":"b","reference":"","output":"x","note":1})"
                                          "\n");
        const Ran plain = runTrainer(evaluate({"--task", task}));
        QVERIFY2(plain.exitCode == 0, qPrintable(plain.errors));
        QVERIFY(plain.errors.contains(QStringLiteral("unknown field 'note' is ignored")));
        QCOMPARE(plain.lines().size(), std::size_t{3});
        QVERIFY(std::abs(plain.lines().at(0).at("rouge1").at("f").get<double>() - 2.0 / 3) < 1e-15);
        QVERIFY(plain.lines().at(2).at("summary").at("task") == "rouge");
        const Ran stemmed = runTrainer(evaluate({"--task", task, "--stemmer"}));
        QCOMPARE(stemmed.lines().at(0).at("rougeL").at("f").get<double>(), 1.0);
        QCOMPARE(stemmed.lines().at(2).at("summary").at("rougeLsum").at("recall").at("mean").get<double>(), 0.5);
    }

    void wrongUsageIsTwo()
    {
        QTemporaryDir dir;
        const std::string task = fileWith(dir, "task.jsonl", kChoice + "\n");
        const Ran without = runTrainer(evaluate({"--task", task}));
        QCOMPARE(without.exitCode, 2);
        QVERIFY(without.errors.contains(QStringLiteral("--model DIR")));
        const Ran form = runTrainer(withModel({"--task", task, "--form", "arx"}));
        QCOMPARE(form.exitCode, 2);
        QVERIFY(form.errors.contains(QStringLiteral("'arx'")));
        QVERIFY(form.errors.contains(QStringLiteral("hellaswag")));
        QCOMPARE(runTrainer(withModel({})).exitCode, 2);
    }

    void badLines_data()
    {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* form, const char* line, const char* words) {
            QTest::newRow(name) << QString::fromLatin1(form) << QByteArray(line) << QString::fromUtf8(words);
        };
        row("no id", "plain", R"({"question":"q","choices":["a"],"answer":0})", "'id' is missing");
        row("id is a list", "plain", R"({"id":[],"question":"q","choices":["a"],"answer":0})", "'id'|whole number");
        row("no question", "plain", R"({"id":1,"choices":["a"],"answer":0})", "'question' is missing");
        row("question and context", "plain", R"({"id":1,"question":"q","context":"c","choices":["a"],"answer":0})",
            "'context'|exclude each other");
        row("context is a number", "plain", R"({"id":1,"context":5,"choices":["a"],"answer":0})", "'context'|text");
        row("no choices", "plain", R"({"id":1,"question":"q","answer":0})", "'choices' is missing");
        row("choices empty", "plain", R"({"id":1,"question":"q","choices":[],"answer":0})", "'choices'|at least one");
        row("choices a text", "plain", R"({"id":1,"question":"q","choices":"a","answer":0})", "'choices'|list");
        row("a choice is null", "plain", R"({"id":1,"question":"q","choices":["a",null],"answer":0})",
            "'choices'|number 2|null");
        row("a choice is empty", "plain", R"({"id":1,"question":"q","choices":["a",""],"answer":0})",
            "'choices'|number 2 is empty");
        row("no answer", "plain", R"({"id":1,"question":"q","choices":["a"]})", "'answer' is missing|'labels'");
        row("answer out of range", "plain", R"({"id":1,"question":"q","choices":["a","b"],"answer":2})",
            "'answer' is 2|from 0 to 1");
        row("answer negative", "plain", R"({"id":1,"question":"q","choices":["a","b"],"answer":-1})", "'answer' is -1");
        row("answer huge", "plain", R"({"id":1,"question":"q","choices":["a"],"answer":18446744073709551615})",
            "'answer'|out of range");
        row("answer is no choice", "plain", R"({"id":1,"question":"q","choices":["a","b"],"answer":"c"})",
            "'answer'|\"c\"|copy one");
        row("answer is a fraction", "plain", R"({"id":1,"question":"q","choices":["a"],"answer":0.5})",
            "'answer' must be an index");
        row("answers empty", "plain", R"({"id":1,"question":"q","choices":["a"],"answers":[]})", "'answers'|at least");
        row("answer twice", "plain", R"({"id":1,"question":"q","choices":["a"],"answer":0,"labels":[1]})",
            "more than one|give one of them");
        row("labels too few", "plain", R"({"id":1,"question":"q","choices":["a","b"],"labels":[1]})",
            "'labels'|1 labels for 2");
        row("labels all wrong", "plain", R"({"id":1,"question":"q","choices":["a","b"],"labels":[0,0]})",
            "'labels'|no choice as right");
        row("labels are texts", "plain", R"({"id":1,"question":"q","choices":["a"],"labels":["yes"]})", "\"yes\"");
        row("arc without labels", "arc", R"({"id":1,"question":"q","choices":{"text":["a"]},"answerKey":"A"})",
            "choices: field 'label' is missing");
        row("arc with plain choices", "arc", R"({"id":1,"question":"q","choices":["a"],"answerKey":"A"})",
            "'choices' must be an object");
        row("arc's unknown key", "arc",
            R"({"id":1,"question":"q","choices":{"text":["a"],"label":["A"]},"answerKey":"Z"})", "'answerKey' is 'Z'");
        row("truthfulqa without targets", "truthfulqa-mc2", R"({"question":"q"})", "'mc2_targets' is missing");
        row("hellaswag's test part", "hellaswag",
            R"({"activity_label":"a","ctx_a":"b","ctx_b":"c","endings":["d"],"label":""})", "'label'|validation");
        row("hellaswag's label", "hellaswag",
            R"({"activity_label":"a","ctx_a":"b","ctx_b":"c","endings":["d"],"label":"4"})", "'label' is 4");
        row("mmlu's answer", "mmlu", R"({"question":"q","choices":["a","b"],"answer":"E"})", "'answer'|\"E\"");
        row("no JSON", "plain", "{\"id\":", "not valid JSON");
        row("a list", "plain", "[]", "object");
    }

    void badLines()
    {
        QFETCH(QString, form);
        QFETCH(QByteArray, line);
        QFETCH(QString, words);
        QTemporaryDir dir;
        // As the second line where the first may be ours.
        const std::string before = form == QStringLiteral("plain") ? kChoice + "\n" : "\n";
        const std::string task = fileWith(dir, "task.jsonl", before + line.toStdString() + "\n");
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        const Ran ran = runTrainer(withModel({"--task", task, "--form", form.toStdString(), "--out", out}));
        QVERIFY2(ran.exitCode == 3, qPrintable(QString::number(ran.exitCode) + ran.errors));
        for (const QString& word : (words + QStringLiteral("|task.jsonl, line 2")).split(QLatin1Char('|'))) {
            QVERIFY2(ran.errors.contains(word), qPrintable(word + QStringLiteral(" is not in: ") + ran.errors));
        }
        QVERIFY(ran.output.empty());
        QVERIFY(!fs::exists(out));
    }

    void badPairs()
    {
        QTemporaryDir dir;
        const std::string good = R"({"id":1,"reference":"a","output":"b"})";
        const auto fails = [&](const std::string& second, const QString& word) {
            const std::string task = fileWith(dir, "task.jsonl", good + "\n" + second + "\n");
            const Ran ran = runTrainer(evaluate({"--task", task}));
            return ran.exitCode == 3 && ran.output.empty() &&
                ran.errors.contains(QStringLiteral("task.jsonl, line 2")) && ran.errors.contains(word);
        };
        QVERIFY(fails(R"({"id":2,"reference":"a"})", QStringLiteral("'output' is missing")));
        QVERIFY(fails(R"({"id":2,"output":"a"})", QStringLiteral("'reference' is missing")));
        QVERIFY(fails(R"({"id":2,"reference":3,"output":"a"})", QStringLiteral("'reference' must be a text")));
        QVERIFY(fails(kChoice, QStringLiteral("'reference' is missing")));  // one kind a file
        std::string words;
        for (int i = 0; i < 40'000; ++i) {
            words += "a ";
        }
        QVERIFY(fails(Json{{"id", 2}, {"reference", words}, {"output", words}}.dump(), QStringLiteral("40000 words")));
        const Ran empty = runTrainer(evaluate({"--task", fileWith(dir, "empty.jsonl", "\n")}));
        QCOMPARE(empty.exitCode, 3);
        QVERIFY(empty.errors.contains(QStringLiteral("holds no line")));
    }

    void aStopLeavesNothingHalfWritten()
    {
        QTemporaryDir dir;
        std::string lines;
        for (int i = 0; i < 60'000; ++i) {
            lines += kChoice + "\n";
        }
        const std::string task = fileWith(dir, "task.jsonl", lines);
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        QProcess process;
        process.start(QString::fromStdString(trainerProgram()),
                      words(withModel({"--task", task, "--out", out, "--progress", "json"})));
        QVERIFY(
            QTest::qWaitFor([&] { return process.readAllStandardError().contains("\"done\":"); }, test::kPatienceMs));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 6);
        QVERIFY(!fs::exists(out));
    }

    void alpacaEvalIsItsOwnJson()
    {
        QTemporaryDir dir;
        const std::string in = fileWith(
            dir, "eval.json",
            R"([{"dataset":"helpful_base","instruction":"Write about Tom.","output":"x","generator":"davinci"},)"
            R"({"instruction":"Say it","input":"again"}])");
        const std::vector<std::string> common = {
            "generate",    "--model",   smallModel(), "--device",         "cpu", "--in", in, "--format",
            "alpaca-eval", "--threads", "1",          "--max-new-tokens", "12"};
        const Ran ran = runTrainer(common);
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.errors));
        const Json outputs = Json::parse(ran.output);
        QVERIFY(outputs.is_array());
        QVERIFY(outputs.size() == 2);
        QVERIFY(outputs[0].at("dataset") == "helpful_base");
        QVERIFY(!outputs[1].contains("dataset"));
        QVERIFY(outputs[0].at("instruction") == "Write about Tom.");
        QVERIFY(outputs[1].at("input") == "again");
        QVERIFY(outputs[0].at("generator") == "model");  // the folder's name
        // The same answers as from lines.
        const std::string lines = fileWith(dir, "in.jsonl",
                                           "{\"id\":0,\"instruction\":\"Write about Tom.\"}\n"
                                           "{\"id\":1,\"instruction\":\"Say it\",\"input\":\"again\"}\n");
        const Ran same = runTrainer({"generate", "--model", smallModel(), "--device", "cpu", "--threads", "1", "--in",
                                     lines, "--max-new-tokens", "12"});
        for (std::size_t i = 0; i < 2; ++i) {
            QVERIFY(outputs[i].at("output") == same.lines().at(i).at("output"));
        }
        auto named = common;
        named.insert(named.end(), {"--adapter", goldenDir() + "/cut/start/", "--out", dir.path().toStdString() + "/o"});
        QCOMPARE(runTrainer(named).exitCode, 0);
        QVERIFY(readJsonFile(dir.path().toStdString() + "/o")[0].at("generator") == "model+start");
        named.insert(named.end(), {"--generator", "round 3"});
        QCOMPARE(runTrainer(named).exitCode, 0);
        QVERIFY(readJsonFile(dir.path().toStdString() + "/o")[1].at("generator") == "round 3");
    }

    void badAlpacaEvalFiles()
    {
        QTemporaryDir dir;
        const auto fails = [&](const std::string& content, const QString& word) {
            const std::string in = fileWith(dir, "eval.json", content);
            const Ran ran = runTrainer({"generate", "--model", smallModel(), "--in", in, "--format", "alpaca-eval"});
            return ran.exitCode == 3 && ran.output.empty() && ran.errors.contains(QStringLiteral("eval.json")) &&
                ran.errors.contains(word);
        };
        QVERIFY(fails("[]", QStringLiteral("at least one")));
        QVERIFY(fails("{\"instruction\":\"a\"}", QStringLiteral("JSON array")));
        QVERIFY(fails("[{\"instruction\":\"a\"},{}]", QStringLiteral("entry 2: field 'instruction'")));
        QVERIFY(fails("[{\"instruction\":5}]", QStringLiteral("entry 1: field 'instruction' must be a text")));
        QVERIFY(fails("[7]", QStringLiteral("entry 1")));
        QVERIFY(fails("[", QStringLiteral("not valid JSON")));
    }
};

QTEST_GUILESS_MAIN(EvaluateCommandTest)
#include "tst_evaluate_command.moc"
