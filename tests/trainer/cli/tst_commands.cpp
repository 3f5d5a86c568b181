// Every sub-command that reads a model and lines, as a person or a script runs it, on good input: what it prints,
// writes and says.
#include "tests/support/small_model_command.h"
#include "trainer/files/safetensors.h"

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

const std::string kLlama = "\xF0\x9F\xA6\x99";

}  // namespace

class CommandsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void describeReadsHeadersOnly()
    {
        const Ran ran = runTrainer(with("describe", {}));
        QCOMPARE(ran.exitCode, 0);
        const Json model = ran.lines().at(0);
        for (const char* field : {"architecture", "parameters", "layers", "hidden_size", "heads", "kv_heads",
                                  "vocab_size", "context_length", "dtype", "tied", "chat_template", "files", "bytes",
                                  "device", "device_reason", "memory"}) {
            QVERIFY2(model.contains(field), field);
        }
        QCOMPARE(model.at("parameters").get<int>(), 28960);
        QCOMPARE(model.at("memory").at("weights").get<int>(), 4 * 28960);
        QVERIFY(model.at("chat_template").is_boolean());
        QVERIFY(model.at("memory").at("round") > model.at("memory").at("score"));
    }

    // Counted again from what `score` says in the two dtypes.
    void precisionIsTheDistanceOfTwoScores()
    {
        const Ran exact = runTrainer(with("score", {"--in", smallExamples(), "--dtype", "float32"}));
        const Ran rounded = runTrainer(with("score", {"--in", smallExamples(), "--dtype", "bfloat16"}));
        QCOMPARE(exact.lines().size(), rounded.lines().size());
        double sum = 0;
        double largest = 0;
        int count = 0;
        int both = 0;
        int either = 0;
        for (std::size_t i = 0; i < exact.lines().size(); ++i) {
            const Json a = exact.lines().at(i);
            const Json b = rounded.lines().at(i);
            for (const char* context : {"plain", "judged"}) {
                for (std::size_t t = 0; t < a.at("logprob").at(context).size(); ++t) {
                    const double apart =
                        std::fabs(a["logprob"][context][t].get<double>() - b["logprob"][context][t].get<double>());
                    sum += apart;
                    largest = std::max(largest, apart);
                    ++count;
                }
            }
            for (std::size_t t = 0; t < a.at("flagged").size(); ++t) {
                both += a["flagged"][t].get<bool>() && b["flagged"][t].get<bool>() ? 1 : 0;
                either += a["flagged"][t].get<bool>() || b["flagged"][t].get<bool>() ? 1 : 0;
            }
        }
        QVERIFY(largest > 0);
        QVERIFY(both < either);
        const Ran ran = runTrainer({"precision", "--model", smallModel(), "--threads", "1", "--in", smallExamples()});
        QCOMPARE(ran.exitCode, 0);
        const Json line = ran.lines().at(0);
        QCOMPARE(line.at("dtype").get<std::string>(), std::string("bfloat16"));
        QCOMPARE(line.at("logprobs").get<int>(), count);
        QVERIFY(std::fabs(line.at("mean_difference").get<double>() - sum / count) < 1e-12);
        QCOMPARE(line.at("largest_difference").get<double>(), largest);
        QCOMPARE(line.at("flagged").get<int>(), either);
        QVERIFY(std::fabs(line.at("flagged_jaccard").get<double>() - double(both) / either) < 1e-12);
    }

    void mergeWritesAModelOfTheDtypeAskedFor()
    {
        QTemporaryDir dir;
        const std::string base = goldenDir() + "/transformers/gemma2";
        for (const auto& [dtype, bytesEach] : {std::pair{"auto", 2}, {"float32", 4}}) {
            const std::string out = dir.filePath(QString::fromLatin1(dtype)).toStdString();
            const Ran ran = runTrainer({"merge", "--model", base, "--adapter", base + "/lora", "--out", out, "--dtype",
                                        dtype, "--shard-size", "0.01"});
            QCOMPARE(ran.exitCode, 0);
            QVERIFY(ran.output.empty());
            const Json model = runTrainer({"describe", "--model", out}).lines().at(0);
            QVERIFY(model.at("files").get<int>() > 1);
            QCOMPARE(model.at("bytes").get<int>(), bytesEach * model.at("parameters").get<int>());
            QCOMPARE(model.at("dtype").get<std::string>(), std::string(bytesEach == 2 ? "bfloat16" : "float32"));
        }
    }

    void tokenizeCountsCodePoints()
    {
        QTemporaryDir dir;
        const std::string in =
            fileWith(dir, "in.jsonl", Json{{"text", kLlama + " he"}, {"note", 1}}.dump() + "\n{\"text\":\"\"}\n");
        const Ran ran = runTrainer(with("tokenize", {"--in", in}));
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(allJson(ran));
        const Json line = ran.lines().at(0);
        QCOMPARE(line.at("ids").size(), line.at("offsets").size());
        QCOMPARE(line.at("ids").front().get<int>(), 1);
        QVERIFY(line.at("offsets").at(1) == Json({0, 1}));
        QVERIFY(line.at("offsets").back().at(1) == 4);
        QCOMPARE(line.at("text").get<std::string>(), kLlama + " he");
        QVERIFY(ran.errors.contains(QStringLiteral("unknown field 'note'")));
        QCOMPARE(ran.lines().size(), std::size_t(2));
    }

    void tokenizeRendersConversations()
    {
        QTemporaryDir dir;
        const std::string model = dir.path().toStdString() + "/model";
        fs::copy(smallModel(), model);
        publishFile(model + "/chat_template.jinja",
                    "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
                    "{% if add_generation_prompt %}[assistant] {% endif %}");
        const Json question = {{{"role", "user"}, {"content", "He said</s>"}}};
        const std::string in = fileWith(dir, "in.jsonl", Json{{"messages", question}}.dump() + "\n");
        const Ran ran = runTrainer({"tokenize", "--chat", "--model", model, "--in", in});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.errors));
        const Json asked = ran.lines().at(0);
        QCOMPARE(asked.at("prompt").get<std::string>(), std::string("[user] He said</s>\n[assistant] "));
        QCOMPARE(asked.at("ids").size(), asked.at("offsets").size());
        for (const auto& id : asked.at("ids")) {
            QVERIFY(id != 2);  // what a person typed is no end of sequence
        }
        QCOMPARE(runTrainer({"tokenize", "--chat", "--model", smallModel(), "--in", in}).exitCode, 3);
        const std::string bad = fileWith(dir, "bad.jsonl", "{\"messages\":\"hello\"}\n");
        QCOMPARE(runTrainer({"tokenize", "--chat", "--model", model, "--in", bad}).exitCode, 3);
    }

    // A template that ends answers with <s>, in a folder whose configuration stops at </s>.
    void aTrainedEndThatIsNoConfiguredStopIsAWarning()
    {
        QTemporaryDir dir;
        const std::string model = dir.path().toStdString() + "/model";
        fs::copy(smallModel(), model);
        publishFile(model + "/chat_template.jinja", "{% for m in messages %}{{ m.content }}\n<s>{% endfor %}");
        const auto warned = [](const std::string& text) {
            return text.find("responses end with \"<s>\" (1), which neither") != std::string::npos;
        };
        const std::string in =
            fileWith(dir, "in.jsonl",
                     Json{{"id", 1}, {"instruction", "Count."}, {"output", "One."}, {"judgment", nullptr}}.dump());
        for (const std::string command : {"score", "generate"}) {
            std::vector<std::string> arguments = {command,     "--model", model,  "--device", "cpu",
                                                  "--threads", "1",       "--in", in};
            if (command == "generate") {
                arguments.insert(arguments.end(), {"--max-new-tokens", "2"});
            }
            const Ran ran = runTrainer(arguments);
            QVERIFY2(ran.exitCode == 0 && warned(ran.errors.toStdString()), qPrintable(ran.errors));
            if (command == "score") {
                QCOMPARE(ran.lines().at(0).at("tokens").back(), (Json{{"id", 1}, {"begin", 4}, {"end", 4}}));
            }
        }
        const std::string folder = makeRound(dir, "round", {{"model", model}, {"epochs", 1}});
        QCOMPARE(runTrainer({"round", folder}).exitCode, 0);
        const Json warnings = readJsonFile(folder + "/report.json").at("warnings");
        QVERIFY2(warnings.size() == 1 && warned(warnings.at(0).get<std::string>()), warnings.dump().c_str());
    }

    void logitsAreOneTensorAnId()
    {
        QTemporaryDir dir;
        const std::string in = fileWith(dir, "in.jsonl", "{\"id\":\"a\",\"ids\":[1,2,3]}\n{\"id\":7,\"ids\":[4]}\n");
        const std::string out = dir.path().toStdString() + "/out.safetensors";
        const Ran ran = runTrainer(with("logits", {"--in", in, "--out", out}));
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.output.empty());
        const auto header = files::readSafetensorsHeader(out);
        QCOMPARE(header.tensors.size(), std::size_t(2));
        QVERIFY(header.tensors.at("a").shape == (std::vector<std::int64_t>{3, 420}));
        QVERIFY(header.tensors.at("7").shape == (std::vector<std::int64_t>{1, 420}));
        QVERIFY(header.tensors.at("a").type == files::TensorType::F32);
        QVERIFY(runTrainer(with("logits", {"--in", in})).output == contentOf(out));
        QVERIFY(namesIn(dir.path().toStdString()) == (std::vector<std::string>{"in.jsonl", "out.safetensors"}));
    }

    // The control says what λ would have kept it quiet, and at that λ it is.
    void scoreProposesALambdaForARateOfFalseAlarms()
    {
        const auto summaryAt = [](double lambda) {
            const Ran ran = runTrainer(with("score",
                                            {"--in", smallExamples(), "--lambda", std::to_string(lambda),
                                             "--false-alarm-rate", "0.1", "--shuffles", "3"}));
            return ran.exitCode == 0 ? ran.lines().back().at("summary") : Json();
        };
        const Json first = summaryAt(1.0);
        QVERIFY(first.at("responses").get<int>() > 5);
        QCOMPARE(first.at("false_alarm_rate").get<double>(), 0.1);
        QVERIFY(first.at("false_alarm_share").get<double>() > 0.1);
        const double proposed = first.at("lambda_proposed").get<double>();
        const Json there = summaryAt(proposed);
        QVERIFY(there.at("false_alarm_share").get<double>() <= 0.1);
        QCOMPARE(there.at("lambda_proposed").get<double>(), proposed);
        QVERIFY(summaryAt(proposed - 0.01).at("false_alarm_share").get<double>() > 0.1 - 1e-9);
        QVERIFY(there.at("flagged_share").get<double>() < first.at("flagged_share").get<double>());
    }

    // What a round of the preset would penalise: its contrast, its truncation, the annotator's marks.
    void scoreDetectsAsARoundOfThePreset()
    {
        QTemporaryDir dir;
        Json example = {{"id", "a"},
                        {"instruction", "Write a long text about the sea and the ships on it."},
                        {"output", "The sea is wide. Ships go over it. They come from far away and bring good things."},
                        {"judgment", "It must name a harbour, and the text should be a little longer than it is."}};
        const std::string text = example.at("output").get<std::string>();
        example["marks"] = {{{"begin", text.size() - 6}, {"end", text.size()}, {"mark", "flag"}}};
        const std::string in = fileWith(dir, "in.jsonl", toLine(example) + "\n");
        const auto line = [&](const std::vector<std::string>& more) {
            std::vector<std::string> all = {"--in", in};
            all.insert(all.end(), more.begin(), more.end());
            const Ran ran = runTrainer(with("score", all));
            const auto lines = ran.lines();  // none: the response was left out
            return lines.empty() ? Json() : lines.front();
        };
        const Json paper = line({"--preset", "cut-paper"});
        QCOMPARE(paper.at("contrast").get<std::string>(), std::string("D2"));
        QVERIFY(paper.at("logprob").contains("praised"));
        QVERIFY(paper.at("penalised").at(paper.at("tokens").size() - 2).get<bool>());
        QVERIFY(line({"--marks", "ignore"}).at("penalised") == line({"--marks", "ignore"}).at("flagged"));
        QCOMPARE(line({"--preset", "cut-paper", "--contrast", "D1"}).at("contrast").get<std::string>(),
                 std::string("D1"));
        const int whole = static_cast<int>(paper.at("tokens").size());
        const std::vector<std::string> limit = {"--max-length", "120"};
        const Json tail = line(limit);
        const Json left = line({"--max-length", "120", "--preset", "cut-code"});
        QVERIFY(left.at("truncated").at("judged").get<int>() > 0);
        QCOMPARE(static_cast<int>(left.at("tokens").size()), whole);
        QVERIFY(tail.is_null() || static_cast<int>(tail.at("tokens").size()) < whole);
    }

    void scoreGivesEveryPromisedField()
    {
        QTemporaryDir dir;
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        const Ran ran = runTrainer(with("score",
                                        {"--in", smallExamples(), "--contexts", "plain,judged,praised,blank", "--top",
                                         "3", "--lambda", "1.5", "--out", out}));
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(ran.output.empty());
        QVERIFY(ran.errors.contains(QStringLiteral("device: cpu (asked for)")));
        std::ifstream file(out);
        int count = 0;
        for (std::string text; std::getline(file, text); ++count) {
            const Json line = Json::parse(text);
            const auto n = line.at("tokens").size();
            const bool judged = !line.at("log_ratio").is_null();
            QCOMPARE(line.at("logprob").at("plain").size(), n);
            QCOMPARE(line.at("top").at("plain").at(0).size(), std::size_t(3));
            QCOMPARE(line.at("rank").at("plain").size(), n);
            QCOMPARE(line.at("lambda").get<double>(), 1.5);
            QCOMPARE(line.at("contrast").get<std::string>(), std::string("D1"));
            QCOMPARE(line.at("prompt_style").get<std::string>(), std::string("alpaca"));
            QVERIFY(line.at("truncated").contains("plain"));
            QCOMPARE(line.at("flagged").is_null(), !judged);
            QCOMPARE(line.at("logprob").at("judged").is_null(), !judged);
            for (std::size_t i = 0; judged && i < n; ++i) {
                const double ratio = line.at("log_ratio").at(i).get<double>();
                QCOMPARE(ratio,
                         line.at("logprob").at("judged").at(i).get<double>() -
                             line.at("logprob").at("plain").at(i).get<double>());
                QCOMPARE(line.at("flagged").at(i).get<bool>(), ratio > std::log(1.5));
            }
        }
        QVERIFY(count >= 20);
    }

    void progressForProgramsIsJson()
    {
        const Ran ran = runTrainer(with("score", {"--in", smallExamples(), "--progress", "json"}));
        QCOMPARE(ran.exitCode, 0);
        int last = 0;
        for (const QString& text : ran.errors.split(QLatin1Char('\n'))) {
            const Json line = Json::parse(text.toStdString(), nullptr, false);
            if (line.is_object()) {
                QCOMPARE(line.at("phase").get<std::string>(), std::string("scoring"));
                last = line.at("done").get<int>();
                QCOMPARE(line.at("total").get<int>(), 26);
            }
        }
        QCOMPARE(last, 26);
    }

    void generateAnswersInInputOrderAndBySeed()
    {
        QTemporaryDir dir;
        std::string text;
        for (int i = 0; i < 11; ++i) {
            text += Json{{"id", i}, {"instruction", "Write about number " + std::to_string(i)}}.dump() + "\n";
        }
        const std::string in = fileWith(dir, "in.jsonl", text);
        const std::vector<std::string> sampled = {"--in", in, "--max-new-tokens", "6", "--temperature", "1"};
        const Ran ran = runTrainer(with("generate", sampled));
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(allJson(ran));
        for (int i = 0; i < 11; ++i) {
            const Json line = ran.lines().at(static_cast<std::size_t>(i));
            QCOMPARE(line.at("id").get<int>(), i);
            QVERIFY(line.at("stopped") == "eos" || line.at("stopped") == "length");
            QVERIFY(line.at("tokens").get<int>() <= 6);
        }
        auto other = sampled;
        other.insert(other.end(), {"--batch", "1"});
        QVERIFY(runTrainer(with("generate", other)).output == ran.output);
        other.insert(other.end(), {"--seed", "7"});
        QVERIFY(runTrainer(with("generate", other)).output != ran.output);
    }

    void compareEndsWithItsSummary()
    {
        const Ran ran = runTrainer(
            with("compare",
                 {"--in", smallExamples(), "--before", "base", "--after", startAdapter(), "--max-new-tokens", "4"}));
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(allJson(ran));
        const Json summary = ran.lines().back().at("summary");
        for (const char* field : {"criticised_flagged_logp", "praised_logp", "control_kl", "length", "repetition"}) {
            QVERIFY2(summary.contains(field), field);
        }
        QVERIFY(summary.at("criticised_flagged_logp").contains("before"));
        QVERIFY(summary.at("criticised_flagged_logp").contains("after"));
    }

    void benchMeasuresEverythingInOneRun()
    {
        const Ran ran = runTrainer(with("bench", {"--repetitions", "3", "--answer-tokens", "40"}));
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.errors));
        QCOMPARE(ran.lines().size(), std::size_t(1));
        const Json report = ran.lines().at(0);
        QVERIFY(report.at("answer_tokens").get<int>() >= 40);
        for (const char* name : {"gemm", "forward", "training", "score_cold", "score_cached", "decode_1", "decode_8",
                                 "live_rescore", "start_to_first_score"}) {
            const Json time = report.at("seconds").at(name);
            QVERIFY2(time.at("min").get<double>() > 0, name);
            QVERIFY2(time.at("min") <= time.at("median") && time.at("median") <= time.at("max"), name);
            QVERIFY2(ran.errors.contains(QString::fromUtf8(name)), name);
        }
        for (const char* name : {"score_cached_over_cold", "live_rescore_over_cached", "training_over_forward",
                                 "forward_over_gemm", "training_over_gemm", "decode_8_over_1"}) {
            QVERIFY2(report.at("ratios").at(name).get<double>() > 0, name);
        }
        QVERIFY(report.at("memory").at("peak_bytes") > report.at("memory").at("weights_bytes"));
    }
};

QTEST_GUILESS_MAIN(CommandsTest)
#include "tst_commands.moc"
