#include "trainer/estimate/model_memory.h"

#include "trainer/files/weight_layout.h"
#include "trainer/model/device.h"
#include "trainer/model/ops/dropout.h"
#include "trainer/text/adapter_targets.h"

#include <algorithm>

namespace stet::round {

namespace {

constexpr std::int64_t kFloat = 4;
// Weight rows the head widens at once in bfloat16 (head.cpp).
constexpr std::int64_t kHeadPart = std::int64_t{64} << 20;

// Sizes of one forward, in numbers, and the compute dtype's bytes.
struct Sizes {
    Sizes(const files::ModelConfig& c, c10::ScalarType dtype, const BatchShape& batch)
        : config(c)
        , shape(batch)
        , e(dtype == c10::kFloat ? 4 : 2)
        , tokens(batch.rows * batch.length)
        , hidden(tokens * c.hiddenSize)
        , inner(tokens * c.intermediateSize)
        , queries(tokens * c.heads * c.headDim)
        , pairs(tokens * c.kvHeads * c.headDim)
        , scores(batch.rows * c.heads * batch.length * batch.length)
        , distributions(batch.scored * c.vocabSize)
    {
    }

    bool wide() const { return e == kFloat; }
    bool windowed() const { return config.window > 0 && shape.length > config.window; }
    const files::ModelConfig& config;
    BatchShape shape;
    std::int64_t e;
    std::int64_t tokens, hidden, inner, queries, pairs, scores, distributions;
};

// Rotation tables and masks, made once a forward.
std::int64_t onceMemory(const Sizes& s)
{
    const bool capped = s.config.attentionCap > 0;
    const std::int64_t square = s.shape.length * s.shape.length;
    const std::int64_t tables = s.shape.length * s.config.rope.dims * kFloat * 3;
    return tables * (s.config.window > 0 ? 2 : 1) + (s.windowed() || capped ? square : 0);
}

// Beside x and what is kept: the most that attention holds at once on its way forwards.
std::int64_t attentionPeak(const Sizes& s)
{
    const std::int64_t e = s.e;
    const std::int64_t projected = e * (s.queries + 2 * s.pairs);
    const std::int64_t c = s.config.rotateInFloat32 ? kFloat : e;
    const std::int64_t rotating = projected + (3 * c + e) * s.queries + e * s.queries / 2;
    std::int64_t attending = projected + e * s.queries + kFloat * s.tokens * s.config.heads;
    if (s.config.attentionCap > 0) {
        attending += 5 * e * s.scores;
    }
    return e * s.hidden + std::max(rotating, attending);  // the normed input lives as long
}

std::int64_t mlpPeak(const Sizes& s)
{
    return s.e * (3 * s.hidden + 4 * s.inner);
}

std::int64_t headPart(const Sizes& s)
{
    if (s.wide()) {
        return 0;
    }
    const std::int64_t rows =
        std::min(s.config.vocabSize, std::max<std::int64_t>(1, kHeadPart / kFloat / s.config.hiddenSize));
    return rows * kFloat * (s.config.hiddenSize + s.shape.scored);
}

// Logits, soft caps and log-softmax of the scored positions, in float32; `more`: copies after that.
std::int64_t headPeak(const Sizes& s)
{
    const bool capped = s.config.logitCap > 0;
    const std::int64_t states = s.shape.scored * s.config.hiddenSize * (s.e + (s.wide() ? 0 : kFloat));
    const std::int64_t product = kFloat * s.distributions + headPart(s);
    return states + std::max(product, (capped ? 4 : 2) * kFloat * s.distributions);
}

// One forward whose layers are forgotten as it goes on.
std::int64_t forwardMemory(const Sizes& s)
{
    const std::int64_t layer = s.e * s.hidden + std::max(attentionPeak(s), mlpPeak(s));
    return onceMemory(s) + std::max(layer, s.e * s.hidden + headPeak(s));
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

    // A branch keeps its input (with dropout its own masked copy and the mask) and the low-rank product.
    bool branches(std::initializer_list<const char*> modules, std::int64_t input)
    {
        bool any = false;
        for (const char* module : modules) {
            if (const std::int64_t r = rank(module); r > 0) {
                m_bytes += m_s.e * m_s.tokens * r + (m_adapter.dropout ? 2 * m_s.e * input : 0);
                any = true;
            }
        }
        m_bytes += any && !m_adapter.dropout ? m_s.e * input : 0;
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
            m_bytes += m_s.e * (m_s.queries + 2 * m_s.pairs) + scoresKept();
            // Values are a view of the fused product, which stays whole.
            m_bytes += c.fusedProjections ? m_s.e * (m_s.queries + m_s.pairs) : 0;
        }
        // The fused attention's result is the projection's input already.
        const bool shared = carries && c.attentionCap == 0 && !m_adapter.dropout;
        carries |= branches({"self_attn.o_proj"}, shared ? 0 : m_s.queries);
        norm(carries && !c.norms.afterAttention.empty(), m_s.hidden);
    }

    // Fused attention keeps its result and a number a row; with capped scores tanh's and softmax's results are kept,
    // and softmax's again in the compute dtype.
    std::int64_t scoresKept() const
    {
        return m_s.config.attentionCap > 0 ? 8 * m_s.scores
                                           : m_s.e * m_s.queries + kFloat * m_s.tokens * m_s.config.heads;
    }

    void mlp(bool& carries)
    {
        const auto& c = m_s.config;
        norm(carries && !c.norms.beforeMlp.empty(), m_s.hidden);
        carries |= branches({"mlp.gate_proj", "mlp.up_proj", "mlp.gate_up_proj"}, m_s.hidden);
        m_bytes += carries ? 3 * m_s.e * m_s.inner : 0;
        carries |= branches({"mlp.down_proj"}, m_s.inner);
        norm(carries && !c.norms.afterMlp.empty(), m_s.hidden);
    }

    const Sizes& m_s;
    const AdapterShape& m_adapter;
    std::string m_prefix;
    std::int64_t m_bytes = 0;
};

// The most a layer's backward holds beside what is still kept.
std::int64_t layerBackward(const Sizes& s)
{
    const std::int64_t attention = s.config.attentionCap > 0 ? 3 * s.e * s.scores : 0;
    const std::int64_t mlp = (s.config.fusedProjections ? 3 : 2) * s.e * s.inner;
    const std::int64_t released = 3 * s.e * s.inner;
    return s.e * s.hidden + std::max(mlp, attention - released);
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

std::uint64_t readingMemory(const files::ModelConfig& config, c10::ScalarType dtype, const BatchShape& batch)
{
    return static_cast<std::uint64_t>(forwardMemory(Sizes(config, dtype, batch)));
}

std::uint64_t scoreMemory(const files::ModelConfig& config, c10::ScalarType dtype, const BatchShape& batch)
{
    const Sizes s(config, dtype, batch);
    // Ranks: the log-probabilities, who is likelier, and as whole numbers.
    const std::int64_t ranks = s.e * s.hidden + (2 * kFloat + 1) * s.distributions;
    return static_cast<std::uint64_t>(std::max(forwardMemory(s), onceMemory(s) + ranks));
}

std::uint64_t trainingMemory(const files::ModelConfig& config, c10::ScalarType dtype, const MicroBatch& batch,
                             const AdapterShape& adapter)
{
    const Sizes s(config, dtype, batch.trained);
    bool carries = false;
    std::int64_t kept = 0;
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        kept += LayerKept(s, adapter, files::layerPrefix(layer)).bytes(carries);
    }
    kept += kFloat * s.hidden;                                                     // the last norm's
    const std::int64_t caps = config.logitCap > 0 ? kFloat * s.distributions : 0;  // tanh's result
    std::int64_t most = std::max({headPeak(s), caps + 3 * kFloat * s.distributions, layerBackward(s)});
    if (batch.detected.rows > 0) {
        const Sizes detected(config, dtype, batch.detected);
        most = std::max(most, caps + kFloat * s.distributions + forwardMemory(detected));
        if (!batch.compared.empty()) {
            most = std::max(most, caps + comparisonMemory(s, detected, batch));
        }
    }
    const std::int64_t trained = kFloat * trainedNumbers(config, adapter);
    const std::int64_t activations = onceMemory(s) + dropoutMemory(s, adapter) + kept + most;
    return static_cast<std::uint64_t>(3 * trained + std::max(activations, trained));
}

MemoryEstimate estimateMemory(const files::ModelConfig& config, c10::ScalarType dtype, std::int64_t microBatchTokens)
{
    const std::int64_t context = std::min<std::int64_t>(config.contextLength, 2048);
    files::AdapterConfig adapter;
    adapter.targets.names = config.fusedProjections ? std::vector<std::string>{"down_proj", "gate_up_proj"}
                                                    : std::vector<std::string>{"down_proj", "gate_proj", "up_proj"};
    const std::int64_t length = std::min(context, microBatchTokens);
    const BatchShape batch{std::max<std::int64_t>(1, microBatchTokens / length), length, microBatchTokens};
    const std::uint64_t weights = model::weightsMemory(config, dtype);
    return {weights, weights + scoreMemory(config, dtype, {1, context, context}),
            weights + trainingMemory(config, dtype, {batch}, adapterShape(config, adapter))};
}

}  // namespace stet::round
