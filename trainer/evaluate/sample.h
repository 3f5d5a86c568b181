// Mean and standard error of a measure over a file's items. Pure.
#pragma once

#include "base/json.h"

#include <cmath>
#include <vector>

namespace stet::evaluate {

class Sample {
public:
    void add(double value) { m_values.push_back(value); }

    std::size_t count() const { return m_values.size(); }

    // Of at least one value.
    double mean() const
    {
        double sum = 0;
        for (const double value : m_values) {
            sum += value;
        }
        return sum / static_cast<double>(m_values.size());
    }

    // Of the mean: sample standard deviation (n − 1) over √n, as lm-eval's mean_stderr; null for a single value.
    Json standardError() const
    {
        if (m_values.size() < 2) {
            return nullptr;
        }
        const double center = mean();
        double squares = 0;
        for (const double value : m_values) {
            squares += (value - center) * (value - center);
        }
        const auto n = static_cast<double>(m_values.size());
        return std::sqrt(squares / (n - 1)) / std::sqrt(n);
    }

private:
    std::vector<double> m_values;
};

}  // namespace stet::evaluate
