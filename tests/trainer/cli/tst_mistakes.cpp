// Every sub-command in the hands of somebody who mistypes: the message names what was typed and the next step, and an
// option that would change nothing is not passed over in silence.
#include "tests/support/round_folders.h"
#include "tests/support/trainer_command.h"

#include <QtTest>

using namespace stet;
using namespace stet::test;

class MistakesTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string fileWith(const std::string& name, const std::string& content) const
    {
        const std::string path = m_dir.path().toStdString() + "/" + name;
        publishFile(path, content);
        return path;
    }

    // A finished round's folder, as far as its adapter.
    std::string roundOf(const std::string& adapter) const
    {
        const std::string folder = m_dir.path().toStdString() + "/round";
        std::filesystem::create_directories(folder);
        std::filesystem::copy(adapter, folder + "/adapter");
        return folder;
    }

private Q_SLOTS:
    void mistakesAreNamedWithTheNextStep_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        const QString in = QString::fromStdString(smallExamples());
        const QString array =
            QString::fromStdString(fileWith("array.json", "[{\"id\":1,\"instruction\":\"a\",\"output\":\"b\"}]\n"));
        const QString empty = QString::fromStdString(fileWith("empty.jsonl", "\n"));
        const QString choice = QString::fromStdString(
            fileWith("choice.jsonl", "{\"id\":1,\"question\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":0}\n"));
        const QString pair =
            QString::fromStdString(fileWith("pair.jsonl", "{\"id\":1,\"reference\":\"a\",\"output\":\"b\"}\n"));
        const auto row = [](const char* name, const char* words, int code, const char* said) {
            QTest::newRow(name) << QString::fromUtf8(words).split(QLatin1Char(' ')) << code << QString::fromUtf8(said);
        };
        row("unknown option", "score --model M --in IN --lamda 1.2", 2, "stet-trainer score has no option '--lamda'");
        row("one word too many", "round a b", 2, "stet-trainer round does not take 'b'");
        row("a negative seed", "generate --model M --in IN --seed -3", 2, "-3");
        row("no length", "score --model M --in IN --max-length 0", 2, "2147483647");
        row("no new tokens", "generate --model M --in IN --max-new-tokens 0", 2, "2147483647");
        row("shuffles of nothing", "score --model M --in IN --shuffles 3", 2, "--false-alarm-rate");
        row("a generator of nothing", "generate --model M --in IN --generator me", 2, "--format alpaca-eval");
        row("stems of choices", "evaluate --model M --task CHOICE --stemmer", 2, "--stemmer");
        row("an adapter of no model", "evaluate --task PAIR --adapter x", 2, "--model");
        row("no texts", "tokenize --model M --in EMPTY", 3, "holds no line");
        row("a JSON list", "score --model M --in ARRAY", 3, "jq -c");
        row("JSON Lines as a list", "generate --model M --in IN --format alpaca-eval", 3, "leave out --format");
        row("a round in the place of its adapter", "score --model M --in IN --adapter ROUND", 3, "/adapter");
        row("an adapter in no folder of one", "score --model M --in IN --adapter M", 3, "no adapter folder");
        row("an unknown set", "compare --model M --before base --after base --in SET", 3, "\"control\"");
        row("no folder for the results", "score --model M --in IN --out /nowhere/x.jsonl", 3, "no folder /nowhere");
        row("no folder for a merged model", "merge --model M --adapter START --out /nowhere/x", 3,
            "no folder /nowhere");
        row("a merged model without a name", "merge --model M --adapter START --out NOTHING", 2, "--out DIR");
        row("results without a name", "score --model M --in IN --out NOTHING", 3, "--out is empty");
        for (const auto& [name, place] : {std::pair("IN", in), std::pair("ARRAY", array), std::pair("EMPTY", empty),
                                          std::pair("CHOICE", choice), std::pair("PAIR", pair)}) {
            m_places[QString::fromLatin1(name)] = place;
        }
        m_places[QStringLiteral("SET")] = QString::fromStdString(
            fileWith("set.jsonl", "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"set\":\"kontrol\"}\n"));
        m_places[QStringLiteral("ROUND")] = QString::fromStdString(roundOf(startAdapter()));
        m_places[QStringLiteral("NOTHING")] = QString();
        m_places[QStringLiteral("START")] = QString::fromStdString(startAdapter());
        m_places[QStringLiteral("M")] = QString::fromStdString(smallModel());
    }

    void mistakesAreNamedWithTheNextStep()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, said);
        std::vector<std::string> typed;
        for (const QString& word : arguments) {
            typed.push_back(m_places.value(word, word).toStdString());
        }
        const Ran ran = runTrainer(typed);
        QVERIFY2(ran.exitCode == code, qPrintable(QStringLiteral("%1: %2").arg(ran.exitCode).arg(ran.errors)));
        QVERIFY2(ran.errors.contains(said), qPrintable(ran.errors));
        QVERIFY2(ran.errors.size() < 600, qPrintable(ran.errors));
        QVERIFY(ran.output.empty());
    }

    void aFolderToMakeMayEndInASlash()
    {
        const std::string out = m_dir.path().toStdString() + "/merged";
        const Ran ran = runTrainer({"merge", "--model", smallModel(), "--adapter", startAdapter(), "--out", out + "/"});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.errors));
        QVERIFY(std::filesystem::exists(out + "/config.json"));
    }

    void whatChangesNothingIsSaid()
    {
        const std::string one =
            fileWith("one.jsonl", "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"judgment\":\"no\"}\n");
        const Ran greedy =
            runTrainer({"generate", "--model", smallModel(), "--in", one, "--max-new-tokens", "2", "--top-p", "0.9"});
        QCOMPARE(greedy.exitCode, 0);
        QVERIFY2(greedy.errors.contains(QStringLiteral("--top-p changes nothing")), qPrintable(greedy.errors));
        const Ran alone = runTrainer({"score", "--model", smallModel(), "--in", one, "--false-alarm-rate", "0.1"});
        QCOMPARE(alone.exitCode, 0);
        QVERIFY2(alone.errors.contains(QStringLiteral("no rate of false alarms")), qPrintable(alone.errors));
        const std::string tasks = fileWith("tasks.json", "[{\"instruction\":\"a\",\"instuction\":\"b\"}]");
        const Ran evaluated = runTrainer(
            {"generate", "--model", smallModel(), "--in", tasks, "--max-new-tokens", "2", "--format", "alpaca-eval"});
        QCOMPARE(evaluated.exitCode, 0);
        QVERIFY2(evaluated.errors.contains(QStringLiteral("'instuction' is ignored")), qPrintable(evaluated.errors));
    }

    // One conversation of many that the template does not take.
    void aRefusedConversationIsNamed()
    {
        const std::string model = m_dir.path().toStdString() + "/chatty";
        std::filesystem::copy(smallModel(), model);
        publishFile(model + "/chat_template.jinja",
                    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No system') }}{% endif %}"
                    "{{ m.content }}{% endfor %}");
        const std::string in =
            fileWith("talks.jsonl",
                     "{\"id\":\"good\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"output\":\"b\"}\n"
                     "{\"id\":\"bad\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\","
                     "\"content\":\"a\"}],\"output\":\"b\"}\n");
        for (const char* command : {"score", "generate"}) {
            const Ran ran = runTrainer({command, "--model", model, "--in", in, "--prompt-style", "chat"});
            QCOMPARE(ran.exitCode, 3);
            QVERIFY2(ran.errors.contains(QStringLiteral("'bad': ")) && ran.errors.contains(QStringLiteral("No system")),
                     qPrintable(ran.errors));
        }
    }

    void aRoundNamesWhatItsSettingsMistype()
    {
        const std::string folder = makeRound(m_dir, "typed", {{"dtype", "fp16"}});
        const Ran ran = runTrainer({"round", folder, "--dry-run"});
        QCOMPARE(ran.exitCode, 3);
        QVERIFY2(ran.errors.contains(QStringLiteral("round.json: field 'dtype' is 'fp16'; known: auto, float32")),
                 qPrintable(ran.errors));
    }

    void aPromptFilesUnknownTextIsNamed()
    {
        const std::string style = fileWith(
            "style.json",
            R"({"plain": "{instruction}", "judged": "{instruction} {judgment}", "corection": "{instruction} {judgment}"})");
        const Ran ran =
            runTrainer({"score", "--model", smallModel(), "--in", smallExamples(), "--prompt-style", style});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.errors.contains(QStringLiteral("unknown field 'corection' is ignored")), qPrintable(ran.errors));
    }

    // A bit too small for the log-probabilities to tell.
    void oneChangedByteOfARoundsAdapterIsFound()
    {
        const std::string folder = makeRound(m_dir, "changed", {{"epochs", 1}});
        QCOMPARE(runTrainer({"round", folder}).exitCode, 0);
        QCOMPARE(runTrainer({"verify", folder, "--threads", "1"}).exitCode, 0);
        const std::string path = folder + "/adapter/adapter_model.safetensors";
        std::string weights = readFile(path, 1U << 30U);
        weights[weights.size() - 4] = static_cast<char>(weights[weights.size() - 4] ^ 1);
        publishFile(path, weights);
        const Ran changed = runTrainer({"verify", folder, "--threads", "1"});
        QCOMPARE(changed.exitCode, 3);
        QVERIFY2(changed.errors.contains(QStringLiteral("is not the file the round wrote")),
                 qPrintable(changed.errors));
    }

    // The time left is that of steps, not of what came before the first one.
    void theFirstStepsSayNoTimeOrATrueOne()
    {
        const std::string folder = makeRound(m_dir, "timed", {{"epochs", 2}, {"micro_batch_tokens", 1}});
        const Ran ran = runTrainer({"round", folder});
        QCOMPARE(ran.exitCode, 0);
        const auto begin = ran.errors.indexOf(QStringLiteral("training 1 of "));
        QVERIFY2(begin >= 0, qPrintable(ran.errors));
        const QString line = ran.errors.mid(begin, ran.errors.indexOf(QLatin1Char('\n'), begin) - begin);
        QVERIFY2(!line.contains(QStringLiteral("left")), qPrintable(line));
    }

private:
    QHash<QString, QString> m_places;
};

QTEST_GUILESS_MAIN(MistakesTest)
#include "tst_mistakes.moc"
