#include "trainer/evaluate/report.h"

namespace stet::evaluate {

namespace {

constexpr std::array<const char*, 4> kChoiceNames = {"acc", "acc_norm", "acc_bytes", "mc2"};
constexpr std::array<const char*, 4> kRougeNames = {"rouge1", "rouge2", "rougeL", "rougeLsum"};

Json meanOf(const Sample& sample)
{
    return {{"mean", sample.mean()}, {"stderr", sample.standardError()}};
}

}  // namespace

Json ChoiceReport::line(const ChoiceItem& item, const std::vector<double>& logLikelihoods, bool shortened)
{
    const ChoiceMeasures measured = measureChoices(item, logLikelihoods);
    const std::array<double, 4> values = {measured.acc, measured.accNorm, measured.accBytes, measured.mc2};
    Json line = {{"id", item.id},
                 {"loglikelihood", logLikelihoods},
                 {"preferred", measured.preferred.plain},
                 {"preferred_norm", measured.preferred.perCharacter},
                 {"preferred_bytes", measured.preferred.perByte},
                 {"right", item.right}};
    for (std::size_t i = 0; i < values.size(); ++i) {
        line[kChoiceNames[i]] = values[i];
        m_measures[i].add(values[i]);
    }
    line["shortened"] = shortened;
    m_shortened += shortened ? 1 : 0;
    return line;
}

Json ChoiceReport::summary() const
{
    Json summary = {{"task", "multiple-choice"}, {"form", formName(m_form)}, {"n", m_measures[0].count()}};
    for (std::size_t i = 0; i < m_measures.size(); ++i) {
        summary[kChoiceNames[i]] = meanOf(m_measures[i]);
    }
    summary["shortened"] = m_shortened;
    return {{"summary", summary}};
}

Json RougeReport::line(const RougeItem& item)
{
    const RougeScores scores = rougeScores(item.reference, item.output, m_stemming);
    const std::array<const Rouge*, 4> all = {&scores.rouge1, &scores.rouge2, &scores.rougeL, &scores.rougeLsum};
    Json line = {{"id", item.id}};
    for (std::size_t i = 0; i < all.size(); ++i) {
        line[kRougeNames[i]] = {{"precision", all[i]->precision}, {"recall", all[i]->recall}, {"f", all[i]->f}};
        m_measures[i].precision.add(all[i]->precision);
        m_measures[i].recall.add(all[i]->recall);
        m_measures[i].f.add(all[i]->f);
    }
    return line;
}

Json RougeReport::summary() const
{
    Json summary = {{"task", "rouge"}, {"stemmer", m_stemming == Stemming::Porter}, {"n", m_measures[0].f.count()}};
    for (std::size_t i = 0; i < m_measures.size(); ++i) {
        summary[kRougeNames[i]] = {{"precision", meanOf(m_measures[i].precision)},
                                   {"recall", meanOf(m_measures[i].recall)},
                                   {"f", meanOf(m_measures[i].f)}};
    }
    return {{"summary", summary}};
}

}  // namespace stet::evaluate
