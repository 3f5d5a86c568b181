#include "trainer/serve/served_model.h"

#include "base/failure.h"
#include "trainer/serve/wire_options.h"

namespace stet::serve {

namespace {

constexpr std::size_t kKeptAdapters = 4;  // before, after, the project's current and one that is looked at

}  // namespace

LoadedModel& ServedModel::model()
{
    if (!m_model) {
        throw Failure(FailureKind::Usage, "No model is loaded; send model/load first");
    }
    return *m_model;
}

score::Scorer& ServedModel::scorer()
{
    (void)model();
    return *m_scorer;
}

contract::ModelDescription ServedModel::load(const contract::LoadRequest& request,
                                             const std::function<void(double)>& progress)
{
    const auto compute = computeOptions(request.compute);
    contract::ModelDescription description = describeModel(request.model, compute);
    m_scorer.reset();
    m_model.reset();
    m_model = std::make_unique<LoadedModel>(request.model, compute, request.promptStyle, progress);
    m_path = request.model;
    m_scorer = std::make_unique<score::Scorer>(m_model->decoder(), m_model->encoder());
    description.promptStyle = m_model->encoder().style().name();
    std::vector<std::string> warnings = m_model->folder().warnings;
    const auto& ofEnd = m_model->encoder().end().warnings;
    warnings.insert(warnings.end(), ofEnd.begin(), ofEnd.end());
    description.warnings = std::move(warnings);
    return description;
}

round::RoundOptions ServedModel::roundOptions() const
{
    round::RoundOptions options;
    if (m_model) {
        options.decoder = &m_model->decoder();
        options.decoderModel = m_path;
    }
    return options;
}

void ServedModel::forgetOldAdapters()
{
    if (m_model) {
        m_model->forgetAdapters(kKeptAdapters);
    }
}

}  // namespace stet::serve
