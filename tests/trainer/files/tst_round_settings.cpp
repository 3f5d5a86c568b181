// round.json: presets, what wins over them, and what is refused with which words.
#include "base/failure.h"
#include "trainer/files/round_settings.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using namespace stet::files;

namespace {

RoundSettings parse(Json json)
{
    json["model"] = json.value("model", "m");
    return parseRoundSettings(json, "/rounds/1");
}

}  // namespace

class RoundSettingsTest : public QObject {
    Q_OBJECT

    static void refused(const Json& json, FailureKind kind, const std::string& word)
    {
        try {
            parse(json);
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), kind);
            QVERIFY2(std::string(failure.what()).find(word) != std::string::npos, failure.what());
            return;
        }
        QFAIL(("accepted: " + json.dump()).c_str());
    }

private Q_SLOTS:
    void stableIsTheDefault()
    {
        const auto s = parse(Json::object());
        QCOMPARE(s.preset, std::string("stable"));
        QCOMPARE(s.contrast, Contrast::D1);
        QCOMPARE(s.lambda, 1.1);
        QCOMPARE(s.imitate, 0.25);
        QCOMPARE(s.loraDropout, 0.0);
        QVERIFY(s.flags == FlagTime::Start);
        QVERIFY(s.emptyFlags == EmptyFlags::Skip);
        QVERIFY(s.combine == Combine::Half);
        QVERIFY(s.truncate == TruncateSide::Tail);
        QVERIFY(!s.warmupFromZero);
        QVERIFY(std::fabs(resolvedLearningRate(s, 128) - 4e-4 * std::sqrt(40.0)) < 1e-12);
        QCOMPARE(resolvedEpochs(s, 358), std::int64_t(1));
        QCOMPARE(resolvedEpochs(s, 100), std::int64_t(3));
        QCOMPARE(resolvedEpochs(s, 8), std::int64_t(8));
        QCOMPARE(resolvedWarmup(s, 45), std::int64_t(5));
        QCOMPARE(s.model, std::string("/rounds/1/m"));
    }

    void aRateOfFalseAlarmsStandsInForLambda()
    {
        const auto s = parse({{"contrast", "D6"}, {"false_alarm_rate", 0.02}});
        QVERIFY(s.falseAlarmRate == 0.02);
        const Json written = toJson(s);
        QVERIFY(written.at("lambda").is_null());
        QCOMPARE(toJson(parse(written)).dump(), written.dump());
        QVERIFY(!toJson(parse(Json::object())).contains("false_alarm_rate"));
        refused({{"contrast", "D6"}, {"false_alarm_rate", 0.02}, {"lambda", 1.5}}, FailureKind::BadInput, "lambda");
        refused({{"objective", "sft"}, {"false_alarm_rate", 0.02}}, FailureKind::BadInput, "objective cut");
        refused({{"contrast", "D6"}, {"false_alarm_rate", 0.02}, {"flags", "current"}}, FailureKind::BadInput,
                "flags 'start'");
        refused({{"contrast", "D6"}, {"false_alarm_rate", 0.7}}, FailureKind::BadInput, "false_alarm_rate");
        refused({{"contrast", "D7"}}, FailureKind::BadInput, "D1 to D6");
    }

    void theReleasedCodesPreset()
    {
        const auto s = parse({{"preset", "cut-code"}});
        QCOMPARE(s.contrast, Contrast::D1);
        QVERIFY(s.gamma == 0);
        QVERIFY(s.alpha == 1);
        QVERIFY(s.imitate == 1);
        QVERIFY(s.loraDropout == 0.05);
        QVERIFY(s.flags == FlagTime::Current);
        QVERIFY(s.emptyFlags == EmptyFlags::Imitate);
        QVERIFY(s.combine == Combine::Half);
        QVERIFY(s.truncate == TruncateSide::Left);
        QVERIFY(s.warmupFromZero);
        QCOMPARE(resolvedLearningRate(s, 128), 4e-4);
        QCOMPARE(resolvedEpochs(s, 8), std::int64_t(1));
        QCOMPARE(resolvedWarmup(s, 45), std::int64_t(100));
    }

    void thePapersPreset()
    {
        const auto s = parse({{"preset", "cut-paper"}});
        QCOMPARE(s.contrast, Contrast::D2);
        QVERIFY(s.gamma == 1);
        QVERIFY(s.combine == Combine::Sum);
        QVERIFY(s.imitate == 1);
    }

    void ftposPresetLeavesAloneWhatIsNotFlagged()
    {
        const auto s = parse({{"preset", "ftpo"}});
        QVERIFY(s.objective == Objective::Ftpo);
        QCOMPARE(s.imitate, 0.0);
        QCOMPARE(s.ftpo.epsilon, 2.0);
        QCOMPARE(resolvedLearningRate(s, 576), 1.5e-4);
        QVERIFY(std::fabs(resolvedLearningRate(s, 2304) - 1.5e-4 / 8) < 1e-12);
        QCOMPARE(resolvedLearningRate(parse({{"preset", "ftpo"}, {"optimizer", {{"lr", 0.001}}}}), 576), 0.001);
        QCOMPARE(s.ftpo.topK, std::int64_t(20));
        QVERIFY(s.flags == FlagTime::Start);
        QVERIFY(parse({{"preset", "ftpo"}, {"objective", "cut"}}).objective == Objective::Cut);
        QVERIFY(parse({{"preset", "ftpo"}, {"false_alarm_rate", 0.02}}).falseAlarmRate == 0.02);
        QCOMPARE(parse({{"preset", "ftpo"}, {"ftpo", {{"epsilon", 3}, {"rest", 0}}}}).ftpo.epsilon, 3.0);
        const auto warned = parse({{"preset", "ftpo"}, {"ftpo", {{"epsilom", 3}}}}).warnings;
        QCOMPARE(warned.size(), std::size_t(1));
        QVERIFY(warned[0].find("epsilom") != std::string::npos);
        refused({{"objective", "ftpo"}, {"flags", "current"}}, FailureKind::BadInput, "flags 'start'");
        refused({{"preset", "cut-code"}, {"objective", "ftpo"}}, FailureKind::BadInput, "flags 'start'");
        for (const Json& wrong :
             {Json{{"epsilon", 0}}, Json{{"tau", -1}}, Json{{"top_p", 1.5}}, Json{{"top_p", 0}}, Json{{"top_k", 0}},
              Json{{"others", -1}}, Json{{"targets", -0.1}}, Json{{"grace", -1}}, Json{{"rest", "all"}}}) {
            refused({{"preset", "ftpo"}, {"ftpo", wrong}}, FailureKind::BadInput, wrong.begin().key());
        }
        refused({{"preset", "ftpo"}, {"ftpo", 3}}, FailureKind::BadInput, "'ftpo' must be an object");
    }

    // What only one objective knows stands in no other's settings, by which a checkpoint knows its round.
    void settingsOfOneObjectiveAreWrittenForIt()
    {
        const Json cut = toJson(parse({{"signal_clip", 3}, {"ftpo", {{"tau", 2}}}}));
        QVERIFY(!cut.contains("ftpo"));
        QVERIFY(!cut.contains("signal_clip"));
        const Json ftpo = toJson(parse({{"preset", "ftpo"}, {"ftpo", {{"tau", 2}, {"top_k", 4}}}}));
        QCOMPARE(ftpo.at("ftpo").at("tau").get<double>(), 2.0);
        QCOMPARE(toJson(parse(ftpo)).dump(), ftpo.dump());
        const Json offline = toJson(parse({{"objective", "offline-self-distillation"}, {"signal_clip", 3}}));
        QCOMPARE(offline.at("signal_clip").get<double>(), 3.0);
        refused({{"signal_clip", 0}}, FailureKind::BadInput, "signal_clip");
    }

    void aFieldGivenBesideThePresetWins()
    {
        const auto s = parse({{"preset", "cut-code"},
                              {"gamma", 0.5},
                              {"flags", "start"},
                              {"lora", {{"dropout", 0}}},
                              {"schedule", {{"warmup_ratio", 0.2}}},
                              {"optimizer", {{"lr", 0.001}}},
                              {"epochs", 3}});
        QCOMPARE(s.gamma, 0.5);
        QCOMPARE(s.loraDropout, 0.0);
        QVERIFY(s.flags == FlagTime::Start);
        QCOMPARE(resolvedWarmup(s, 46), std::int64_t(10));
        QCOMPARE(resolvedLearningRate(s, 64), 0.001);
        QCOMPARE(resolvedEpochs(s, 1), std::int64_t(3));
        QVERIFY(s.loraFields.empty());
    }

    void whatIsNullKeepsThePresetsValue()
    {
        const auto s = parse({{"preset", "cut-code"},
                              {"schedule", {{"warmup_ratio", nullptr}}},
                              {"lora", {{"r", nullptr}}},
                              {"parent", nullptr}});
        QCOMPARE(s.warmupSteps, std::optional<std::int64_t>(100));
        QVERIFY(s.loraFields.empty());
    }

    void unknownFieldsAreWarnedAboutByName()
    {
        const auto s = parse({{"lamda", 2}, {"lora", {{"rank", 4}}}, {"schedule", {{"type", "x"}}}});
        QCOMPARE(s.warnings.size(), std::size_t(3));
        QVERIFY(s.warnings[0].find("lamda") != std::string::npos);
        QVERIFY(s.warnings[1].find("rank") != std::string::npos);
    }

    void nonsenseIsRefusedByName()
    {
        refused({{"preset", "best"}}, FailureKind::BadInput, "stable");
        refused({{"lambda", 0.5}}, FailureKind::BadInput, "lambda");
        refused({{"lambda", "1.1"}}, FailureKind::BadInput, "lambda");
        refused({{"batch_size", 0}}, FailureKind::BadInput, "batch_size");
        refused({{"epochs", 1.5}}, FailureKind::BadInput, "epochs");
        refused({{"contrast", "D9"}}, FailureKind::BadInput, "contrast");
        refused({{"lora", 3}}, FailureKind::BadInput, "lora");
        refused({{"lora", {{"targets", Json::array()}}}}, FailureKind::BadInput, "targets");
        refused({{"optimizer", {{"betas", {0.9}}}}}, FailureKind::BadInput, "betas");
        refused({{"parent", {{"how", "merge"}}}}, FailureKind::BadInput, "adapter");
        refused({{"parent", Json::object()}}, FailureKind::BadInput, "adapter");
        refused({{"positive_ratio", -0.5}}, FailureKind::BadInput, "positive_ratio");
        refused({{"parent", {{"adapter", "a"}, {"how", "sum"}}}}, FailureKind::BadInput, "continue");
        refused({{"micro_batch_tokens", "many"}}, FailureKind::BadInput, "micro_batch_tokens");
        refused({{"objective", "magic"}}, FailureKind::BadInput, "known: cut, sft, forward-prediction, hindsight, ilf");
        refused({{"beta", 0}}, FailureKind::BadInput, "beta");
        refused({{"anchor", {{"weight", 1}}}}, FailureKind::BadInput, "kind");
        refused({{"anchor", {{"kind", "l2"}}}}, FailureKind::BadInput, "known: kl, sft");
        refused({{"anchor", {{"kind", "kl"}, {"weight", -1}}}}, FailureKind::BadInput, "weight");
        refused({{"anchor", {{"kind", "kl"}, {"answers", "some"}}}}, FailureKind::BadInput, "rest");
        try {
            parseRoundSettings(Json::object(), "/r");
            QFAIL("a round without a model");
        } catch (const Failure& failure) {
            QVERIFY(std::string(failure.what()).find("model") != std::string::npos);
        }
    }

    void everyObjectiveHasAName()
    {
        for (const char* name : {"cut", "sft", "forward-prediction", "hindsight", "ilf", "dpo", "unlikelihood",
                                 "self-distillation", "offline-self-distillation", "ftpo"}) {
            QCOMPARE(objectiveName(parse({{"objective", name}}).objective), std::string(name));
        }
        QCOMPARE(parse({{"objective", "dpo"}}).beta, 0.1);
    }

    void anAnchorIsOffUnlessAskedFor()
    {
        QVERIFY(parse(Json::object()).anchor.kind == AnchorKind::None);
        QVERIFY(toJson(parse(Json::object())).at("anchor").is_null());
        const auto anchor = parse({{"anchor", {{"kind", "kl"}, {"weight", 0.5}, {"answers", "all"}}}}).anchor;
        QVERIFY(anchor.kind == AnchorKind::Kl);
        QVERIFY(anchor.answers == AnchorAnswers::All);
        QVERIFY(!anchor.batchSize);
        QCOMPARE(anchor.weight, 0.5);
        QVERIFY(parse({{"anchor", {{"kind", "sft"}, {"weight", 0}}}}).anchor.kind == AnchorKind::None);
    }

    void whatIsWrittenReadsBackTheSame()
    {
        const auto s = parse({{"preset", "cut-paper"},
                              {"lambda", 1.3},
                              {"shuffle", false},
                              {"marks", "only"},
                              {"objective", "dpo"},
                              {"beta", 0.3},
                              {"anchor", {{"kind", "sft"}, {"weight", 0.2}, {"batch_size", 3}}}});
        const auto again = parseRoundSettings(Json::parse(toJson(s).dump()), "/elsewhere");
        QCOMPARE(QString::fromStdString(toJson(again).dump()), QString::fromStdString(toJson(s).dump()));
    }
};

QTEST_APPLESS_MAIN(RoundSettingsTest)
#include "tst_round_settings.moc"
