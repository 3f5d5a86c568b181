#include "trainer/estimate/model_memory.h"

#include "trainer/files/weight_layout.h"
#include "trainer/model/batch/placement.h"
#include "trainer/model/device.h"
#include "trainer/model/ops/dropout.h"
#include "trainer/model/ops/head.h"
#include "trainer/score/response_log_probs.h"
#include "trainer/text/adapter_targets.h"

#include <algorithm>

namespace stet::round {

namespace {

constexpr std::int64_t kFloat = 4;
// Weight rows the head widens at once in bfloat16 (head.cpp).
constexpr std::int64_t kHeadPart = std::int64_t{64} << 20;

// Tokens in attention on another device than the CPU.
std::int64_t columnsOf(const BatchShape& batch)
{
    return model::padsInAttention(batch) ? batch.sequences * batch.longest : batch.tokens;
}

// Sizes of one forward, in numbers, and the compute dtype's bytes.
struct Sizes {
    Sizes(const files::ModelConfig& c, const model::Compute& where, const BatchShape& batch)
        : config(c)
        , shape(batch)
        , onCpu(where.device.is_cpu())
        , e(where.dtype == c10::kFloat ? 4 : 2)
        , tokens(batch.tokens)
        , hidden(tokens * c.hiddenSize)
        , inner(tokens * c.intermediateSize)
        , queries(tokens * c.heads * c.headDim)
        , pairs(tokens * c.kvHeads * c.headDim)
        , padded(onCpu ? 1.0
                       : static_cast<double>(columnsOf(batch)) / static_cast<double>(std::max<std::int64_t>(1, tokens)))
        , scores(c.heads * (onCpu ? tokens : columnsOf(batch)) * batch.longest)
        , distributions(batch.scored * c.vocabSize)
    {
    }

    bool wide() const { return e == kFloat; }
    // Rows are computed in one pass (model/ops/row_kernels).
    bool kernels() const { return onCpu && wide(); }
    bool windowed() const { return config.window > 0 && shape.longest > config.window; }
    // As rows padded for attention alone, on other devices than the CPU.
    std::int64_t inRows(std::int64_t numbers) const
    {
        return static_cast<std::int64_t>(padded * static_cast<double>(numbers));
    }
    std::int64_t attended() const { return inRows(e * queries + kFloat * tokens * config.heads); }

    const files::ModelConfig& config;
    BatchShape shape;
    bool onCpu;
    std::int64_t e;
    std::int64_t tokens, hidden, inner, queries, pairs;
    double padded;
    std::int64_t scores, distributions;
};

// Rotation tables and masks, made once a forward.
std::int64_t onceMemory(const Sizes& s)
{
    const bool capped = s.config.attentionCap > 0;
    const std::int64_t square = s.shape.longest * s.shape.longest;
    const std::int64_t tables = s.tokens * s.config.rope.dims * kFloat * 3;
    return tables * (s.config.window > 0 ? 2 : 1) + (s.windowed() || capped ? square : 0);
}

// Beside x and what is kept: the most that attention holds at once on its way forwards.
std::int64_t attentionPeak(const Sizes& s)
{
    const std::int64_t e = s.e;
    const std::int64_t projected = e * (s.queries + 2 * s.pairs);
    const std::int64_t turned = e * (s.queries + s.pairs);
    const std::int64_t c = s.config.rotateInFloat32 ? kFloat : e;
    const std::int64_t turning = s.kernels() ? 0 : 3 * c * s.queries + e * s.queries / 2;
    std::int64_t attending = s.attended() + e * s.queries;
    if (!s.onCpu && model::padsInAttention(s.shape)) {
        attending += s.inRows(projected);
    }
    if (s.config.attentionCap > 0) {
        attending += 5 * e * (s.onCpu ? s.config.heads * s.shape.longest * s.shape.longest : s.scores);
    }
    return e * s.hidden + projected + std::max(turning + e * s.queries, turned + attending);
}

std::int64_t mlpPeak(const Sizes& s)
{
    return s.e * (2 * s.hidden + (s.kernels() ? 3 : 4) * s.inner);
}

// Weights the head widens at once in bfloat16, no more than `rows` of the vocabulary.
std::int64_t widened(const Sizes& s, std::int64_t rows)
{
    if (s.wide()) {
        return 0;
    }
    const std::int64_t most = std::max<std::int64_t>(1, kHeadPart / kFloat / s.config.hiddenSize);
    return std::min({rows, most, s.config.vocabSize}) * kFloat * s.config.hiddenSize;
}

// The head over the whole vocabulary, for so many positions: logits, soft caps and log-softmax in float32.
std::int64_t wholeHeadPeak(const Sizes& s, std::int64_t scored)
{
    const std::int64_t distributions = scored * s.config.vocabSize;
    const std::int64_t states = scored * s.config.hiddenSize * (s.e + (s.wide() ? 0 : kFloat));
    const std::int64_t part = widened(s, s.config.vocabSize);
    const std::int64_t product = kFloat * distributions + part + (part > 0 ? part / s.config.hiddenSize * scored : 0);
    return states + std::max(product, (s.config.logitCap > 0 ? 4 : 2) * kFloat * distributions);
}

// The same for the targets' log-probabilities alone, a piece of the vocabulary at a time, with a gradient of the states
// that stays.
std::int64_t targetHeadPeak(const Sizes& s, bool gradient)
{
    const std::int64_t piece = std::min(s.config.vocabSize, model::tokensAtOnce(s.shape.scored, s.onCpu));
    const std::int64_t states = s.shape.scored * s.config.hiddenSize;
    const std::int64_t logits = kFloat * s.shape.scored * piece * (s.config.logitCap > 0 ? 3 : 1);
    return states * s.e + (s.wide() ? 0 : kFloat * states) + (gradient ? 3 * kFloat * states : 0) + logits +
        widened(s, piece);
}

// One forward whose layers are forgotten as it goes on, up to the last states.
std::int64_t layersMemory(const Sizes& s)
{
    return onceMemory(s) + s.e * s.hidden + std::max(attentionPeak(s), mlpPeak(s));
}

std::int64_t forwardMemory(const Sizes& s)
{
    return std::max(layersMemory(s), onceMemory(s) + s.e * s.hidden + targetHeadPeak(s, false));
}

// What one layer keeps for its backward, given what is trained in it and whether its input carries a gradient.
class LayerKept {
public:
    LayerKept(const Sizes& sizes, const AdapterShape& adapter, const std::string& prefix)
        : m_s(sizes), m_adapter(adapter), m_prefix(prefix)
    {
    }

    // carries: in: of the layer's input; out: of its output.
    std::int64_t bytes(bool& carries)
    {
        attention(carries);
        mlp(carries);
        return m_bytes;
    }

private:
    std::int64_t rank(const std::string& module) const
    {
        const auto it = m_adapter.ranks.find(m_prefix + module);
        return it == m_adapter.ranks.end() ? 0 : it->second;
    }

    // A product keeps its input where a branch reads it again, and each branch its low-rank product. Masks of dropout
    // are made anew.
    bool branches(std::initializer_list<const char*> modules, std::int64_t input)
    {
        bool any = false;
        for (const char* module : modules) {
            if (const std::int64_t r = rank(module); r > 0) {
                m_bytes += m_s.e * m_s.tokens * r;
                any = true;
            }
        }
        m_bytes += any ? m_s.e * input : 0;
        return any;
    }

    void norm(bool there, std::int64_t numbers) { m_bytes += there ? kFloat * numbers : 0; }

    void attention(bool& carries)
    {
        const auto& c = m_s.config;
        norm(carries && !c.norms.beforeAttention.empty(), m_s.hidden);
        carries |=
            branches({"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.qkv_proj"}, m_s.hidden);
        if (carries) {
            norm(c.queryKeyNorm != files::QueryKeyNorm::None, m_s.queries + m_s.pairs);
            m_bytes += keysKept() + scoresKept();
        }
        // The fused attention's result of one sequence is the projection's input already.
        const bool shared = carries && c.attentionCap == 0 && m_s.shape.sequences < 2;
        carries |= branches({"self_attn.o_proj"}, shared ? 0 : m_s.queries);
        norm(carries && !c.norms.afterAttention.empty(), m_s.hidden);
    }

    // On the CPU what attention reads, and the joined product, of which the values are a view; elsewhere padded copies.
    std::int64_t keysKept() const
    {
        const std::int64_t all = m_s.queries + 2 * m_s.pairs;
        return m_s.e *
            (m_s.onCpu || !model::padsInAttention(m_s.shape) ? all + m_s.queries + m_s.pairs : m_s.inRows(all));
    }

    // Fused attention keeps its result and a number a row; with capped scores tanh's and softmax's results are kept,
    // and softmax's again in the compute dtype.
    std::int64_t scoresKept() const { return m_s.config.attentionCap > 0 ? 8 * m_s.scores : m_s.attended(); }

    void mlp(bool& carries)
    {
        const auto& c = m_s.config;
        norm(carries && !c.norms.beforeMlp.empty(), m_s.hidden);
        carries |= branches({"mlp.gate_proj", "mlp.up_proj", "mlp.gate_up_proj"}, m_s.hidden);
        m_bytes += carries ? (oneGate() ? 2 : 3) * m_s.e * m_s.inner : 0;
        carries |= branches({"mlp.down_proj"}, m_s.inner);
        norm(carries && !c.norms.afterMlp.empty(), m_s.hidden);
    }

    // The gate in one pass keeps what it reads; ATen's operations keep the gate's result, too.
    bool oneGate() const { return m_s.kernels() && m_s.config.activation == files::Activation::Silu; }

    const Sizes& m_s;
    const AdapterShape& m_adapter;
    std::string m_prefix;
    std::int64_t m_bytes = 0;
};

// The most a layer's backward holds beside what is still kept.
std::int64_t layerBackward(const Sizes& s, const AdapterShape& adapter)
{
    const std::int64_t attention = s.config.attentionCap > 0 ? 3 * s.e * s.scores : 0;
    const std::int64_t mlp = (s.kernels() ? 3 : 5) * s.e * s.inner + (adapter.dropout ? 2 * s.e * s.inner : 0);
    const std::int64_t released = 3 * s.e * s.inner;
    return 2 * s.e * s.hidden + std::max(mlp, attention - released);
}

// Bytes for each number of the vocabulary at a token: kept from forwards until its own backward, held while that is
// made.
struct Comparison {
    std::int64_t kept;
    std::int64_t held;
};
// Σ p·(log p − log q): p and the difference; two gradients.
constexpr Comparison kDivergence{2 * kFloat, 2 * kFloat};
// The square of what was moved: the difference, and which tokens are no targets; four gradients.
constexpr Comparison kDrift{kFloat + 1, 4 * kFloat};

// Comparing over the vocabulary, forwards and backwards: both log-probabilities are kept throughout, of every example
// what the comparison keeps until its own backward has used it, which goes from the last example to the first and
// leaves one gradient behind. At the end the log-softmax's own backward holds its result and two gradients.
std::int64_t comparisonMemory(const Sizes& trained, const Sizes& detected, const MicroBatch& batch)
{
    const Comparison& each = batch.drift ? kDrift : kDivergence;
    std::int64_t waiting = 0;
    for (const std::int64_t tokens : batch.compared) {
        waiting += tokens;
    }
    std::int64_t done = 0;
    std::int64_t most = 0;
    for (auto tokens = batch.compared.rbegin(); tokens != batch.compared.rend(); ++tokens) {
        most = std::max(most, each.kept * waiting + each.held * *tokens + kFloat * done);
        waiting -= *tokens;
        done += *tokens;
    }
    return kFloat * (trained.distributions + detected.distributions) +
        std::max(most * trained.config.vocabSize, 2 * kFloat * trained.distributions);
}

// Numbers that are trained. In float32: parameters, two averages, and gradients as the backward goes on.
std::int64_t trainedNumbers(const files::ModelConfig& config, const AdapterShape& adapter)
{
    std::int64_t numbers = 0;
    for (const auto& [module, shape] : files::linearModules(config)) {
        const auto it = adapter.ranks.find(module);
        numbers += it == adapter.ranks.end() ? 0 : it->second * (shape.in + shape.out);
    }
    return numbers;
}

// The bank of masks, and where they begin in it: a whole number per token and module.
std::int64_t dropoutMemory(const Sizes& s, const AdapterShape& adapter)
{
    if (!adapter.dropout) {
        return 0;
    }
    std::int64_t widest = 0;
    for (const auto& [module, shape] : files::linearModules(s.config)) {
        widest = std::max(widest, adapter.ranks.contains(module) ? shape.in : 0);
    }
    constexpr std::int64_t kWhole = 8;
    return s.e * (model::DropoutBank::kStarts + widest) +
        kWhole * static_cast<std::int64_t>(adapter.ranks.size()) * s.tokens;
}

}  // namespace

AdapterShape adapterShape(const files::ModelConfig& config, const files::AdapterConfig& adapter)
{
    std::vector<std::string> names;
    for (const auto& [name, shape] : files::linearModules(config)) {
        names.push_back(name);
    }
    AdapterShape shape;
    shape.dropout = adapter.dropout > 0;
    for (const auto& module : text::adaptedModules(adapter, names, "lora")) {
        shape.ranks[module.name] = module.rank;
    }
    return shape;
}

std::uint64_t readingMemory(const files::ModelConfig& config, const model::Compute& compute, const BatchShape& batch)
{
    return static_cast<std::uint64_t>(forwardMemory(Sizes(config, compute, batch)));
}

std::uint64_t scoreMemory(const files::ModelConfig& config, const model::Compute& compute, const BatchShape& batch)
{
    const Sizes s(config, compute, batch);
    // Some rows at a time: their log-probabilities, who is likelier, and as whole numbers.
    const std::int64_t rows =
        std::min(batch.scored, std::max<std::int64_t>(1, score::kNumbersAtOnce / config.vocabSize));
    const std::int64_t states = s.e * (s.hidden + batch.scored * config.hiddenSize);
    const std::int64_t ranks = (2 * kFloat + 1) * rows * config.vocabSize;
    return static_cast<std::uint64_t>(
        std::max(layersMemory(s), onceMemory(s) + states + std::max(ranks, wholeHeadPeak(s, rows))));
}

std::uint64_t trainingMemory(const files::ModelConfig& config, const model::Compute& compute, const MicroBatch& batch,
                             const AdapterShape& adapter)
{
    const Sizes s(config, compute, batch.trained);
    bool carries = false;
    std::int64_t kept = 0;
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        kept += LayerKept(s, adapter, files::layerPrefix(layer)).bytes(carries);
    }
    kept += kFloat * s.hidden;  // the last norm's
    const bool whole = !batch.compared.empty();
    const std::int64_t caps = whole && config.logitCap > 0 ? kFloat * s.distributions : 0;  // tanh's result
    const std::int64_t states = kFloat * batch.trained.scored * config.hiddenSize;
    // Of the head until its backward: distributions, or the gradient of each state.
    const std::int64_t head = whole ? caps + kFloat * s.distributions : states;
    std::int64_t most = std::max(layerBackward(s, adapter), s.e * s.hidden + targetHeadPeak(s, true));
    if (whole) {
        most = std::max({most, wholeHeadPeak(s, batch.trained.scored), caps + 3 * kFloat * s.distributions});
    }
    if (batch.detected.tokens > 0) {
        const Sizes detected(config, compute, batch.detected);
        most = std::max(most, head + forwardMemory(detected));
        if (whole) {
            most = std::max({most, head + wholeHeadPeak(detected, batch.detected.scored),
                             caps + comparisonMemory(s, detected, batch)});
        }
    }
    const std::int64_t trained = kFloat * trainedNumbers(config, adapter);
    const std::int64_t activations = onceMemory(s) + dropoutMemory(s, adapter) + kept + most;
    return static_cast<std::uint64_t>(3 * trained + std::max(activations, trained));
}

MemoryEstimate estimateMemory(const files::ModelConfig& config, const model::Compute& compute,
                              std::int64_t microBatchTokens)
{
    const std::int64_t context = std::min<std::int64_t>(config.contextLength, 2048);
    files::AdapterConfig adapter;
    adapter.targets.names = config.fusedProjections ? std::vector<std::string>{"down_proj", "gate_up_proj"}
                                                    : std::vector<std::string>{"down_proj", "gate_proj", "up_proj"};
    const std::int64_t length = std::min(context, microBatchTokens);
    const BatchShape batch{std::max<std::int64_t>(1, microBatchTokens / length), microBatchTokens, length,
                           microBatchTokens};
    const std::uint64_t weights = model::weightsMemory(config, compute.dtype);
    return {weights, weights + scoreMemory(config, compute, {1, context, context, context}),
            weights + trainingMemory(config, compute, {batch}, adapterShape(config, adapter))};
}

}  // namespace stet::round
