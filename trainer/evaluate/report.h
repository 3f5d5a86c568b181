// The result lines of evaluate (docs/headless.md): one per item, then the summary over all. Pure, no Torch; one owner.
#pragma once

#include "trainer/evaluate/choice_measures.h"
#include "trainer/evaluate/rouge.h"
#include "trainer/evaluate/sample.h"
#include "trainer/evaluate/task_file.h"

#include <array>
#include <vector>

namespace stet::evaluate {

class ChoiceReport {
public:
    explicit ChoiceReport(ChoiceForm form) : m_form(form) { }

    // shortened: the context lost its beginning.
    Json line(const ChoiceItem& item, const std::vector<double>& logLikelihoods, bool shortened);
    Json summary() const;  // of at least one line

private:
    ChoiceForm m_form;
    std::array<Sample, 4> m_measures;  // acc, acc_norm, acc_bytes, mc2
    std::int64_t m_shortened = 0;
};

class RougeReport {
public:
    explicit RougeReport(Stemming stemming) : m_stemming(stemming) { }

    Json line(const RougeItem& item);
    Json summary() const;  // of at least one line; plain means, where rouge-score's aggregator draws samples

private:
    struct Measured {
        Sample precision;
        Sample recall;
        Sample f;
    };

    Stemming m_stemming;
    std::array<Measured, 4> m_measures;  // 1, 2, L, Lsum
};

}  // namespace stet::evaluate
