#include "trainer/model/ops/head.h"

#include "trainer/model/ops/products.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <limits>

namespace stet::model {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Rows widened at once: 64 MiB in float32.
std::int64_t rowsAtOnce(const at::Tensor& weight)
{
    return std::max<std::int64_t>(1, (std::int64_t{16} << 20) / weight.size(1));
}

template <typename Use> void forEachPart(const at::Tensor& weight, std::int64_t step, const Use& use)
{
    for (std::int64_t begin = 0; begin < weight.size(0); begin += step) {
        const std::int64_t count = std::min(step, weight.size(0) - begin);
        use(begin, count, weight.narrow(0, begin, count).to(c10::kFloat));
    }
}

struct WideHead : torch::autograd::Function<WideHead> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& hidden, const at::Tensor& weight)
    {
        context->save_for_backward({weight});
        context->saved_data["dtype"] = static_cast<std::int64_t>(hidden.scalar_type());
        return product(hidden, weight);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor weight = context->get_saved_variables().front();
        const at::Tensor gradient = gradients.front();
        at::Tensor sum = at::zeros({gradient.size(0), weight.size(1)}, gradient.options());
        forEachPart(weight, rowsAtOnce(weight), [&](std::int64_t begin, std::int64_t count, const at::Tensor& part) {
            sum.addmm_(gradient.narrow(1, begin, count), part);
        });
        return {sum.to(static_cast<c10::ScalarType>(context->saved_data["dtype"].toInt())), at::Tensor()};
    }

    static at::Tensor product(const at::Tensor& hidden, const at::Tensor& weight)
    {
        const at::Tensor wide = hidden.to(c10::kFloat);
        at::Tensor logits = at::empty({hidden.size(0), weight.size(0)}, wide.options());
        forEachPart(weight, rowsAtOnce(weight), [&](std::int64_t begin, std::int64_t count, const at::Tensor& part) {
            logits.narrow(1, begin, count).copy_(at::linear(wide, part));
        });
        return logits;
    }
};

at::Tensor rawLogits(const at::Tensor& hidden, const at::Tensor& weight)
{
    if (weight.scalar_type() == c10::kFloat) {
        return hidden.requires_grad() ? at::linear(hidden, weight) : linearProduct(hidden, weight);
    }
    return hidden.requires_grad() ? WideHead::apply(hidden, weight) : WideHead::product(hidden, weight);
}

// log p of a target from how far its logit is below the top, and the others' Σ exp(logit − top). Where p is near 1 by
// what the others leave of it: 1 − p then has all of float32's digits, which log-odds (contrast D3) live on.
at::Tensor logProbBeside(const at::Tensor& below, const at::Tensor& others)
{
    const at::Tensor near = -at::log1p(others * (-below).clamp_max(1).exp());
    return at::where(below > -1, near, below - (others + below.exp()).log());
}

// The softmax of each row over the vocabulary as it goes by, the row's target apart.
class RunningSoftmax {
public:
    // hidden: [N, H] float32.
    RunningSoftmax(const at::Tensor& hidden, const at::Tensor& targets, const HeadForm& form, bool slopes)
        : m_hidden(hidden)
        , m_targets(targets.unsqueeze(1))
        , m_form(form)
        , m_top(at::full({hidden.size(0), 1}, -std::numeric_limits<float>::infinity(), hidden.options()))
        , m_others(at::zeros({hidden.size(0), 1}, hidden.options()))
        , m_target(at::zeros({hidden.size(0), 1}, hidden.options()))
    {
        if (slopes) {
            m_expected = at::zeros_like(hidden);
        }
    }

    // part: [count, H] float32, the weights of tokens begin … begin + count.
    void look(std::int64_t begin, std::int64_t count, const at::Tensor& part)
    {
        at::Tensor logits = linearProduct(m_hidden, part);
        const at::Tensor steepness = shape(logits);
        const at::Tensor top = at::maximum(m_top, logits.amax(1, true));
        const at::Tensor shrunk = (m_top - top).exp_();
        takeTargets(begin, count, logits, steepness);
        logits.sub_(top).exp_();
        m_others.mul_(shrunk).add_(logits.sum(1, true));
        if (m_expected.defined()) {
            m_expected.mul_(shrunk).add_(
                linearProduct(steepness.defined() ? logits.mul_(steepness) : logits, part.t()));
        }
        m_top = top;
    }

    at::Tensor logProbs() const { return logProbBeside(m_target - m_top, m_others).squeeze(1); }

    // [N, H]: d log p(target) / d hidden = (1 − p)·w(target) − Σ p·w of the others, each w by how steep its logit is.
    at::Tensor slopes(const at::Tensor& weight) const
    {
        at::Tensor own = weight.index_select(0, m_targets.squeeze(1)).to(c10::kFloat);
        if (m_steepness.defined()) {
            own.mul_(m_steepness);
        }
        const at::Tensor all = m_others + (m_target - m_top).exp();
        return own.mul_(m_others / all).sub_(m_expected / all).div_(m_form.divisor);
    }

private:
    // The family's form, in place. Returns the derivative of the cap, where there is one.
    at::Tensor shape(at::Tensor& logits) const
    {
        if (m_form.divisor != 1) {
            logits.div_(m_form.divisor);
        }
        if (m_form.cap == 0) {
            return {};
        }
        logits.div_(m_form.cap).tanh_();
        const at::Tensor steepness = m_expected.defined() ? 1 - logits.square() : at::Tensor();
        logits.mul_(m_form.cap);
        return steepness;
    }

    // Keeps the targets' logits of this part, and takes them out of it.
    void takeTargets(std::int64_t begin, std::int64_t count, at::Tensor& logits, const at::Tensor& steepness)
    {
        const at::Tensor places = m_targets - begin;
        const at::Tensor there = places.ge(0).logical_and(places.lt(count));
        const at::Tensor within = places.clamp(0, count - 1);
        const at::Tensor found = logits.gather(1, within);
        m_target = at::where(there, found, m_target);
        logits.scatter_(1, within, found.masked_fill(there, -std::numeric_limits<float>::infinity()));
        if (steepness.defined()) {
            m_steepness = at::where(there, steepness.gather(1, within), m_steepness.defined() ? m_steepness : m_target);
        }
    }

    const at::Tensor& m_hidden;
    at::Tensor m_targets;  // [N, 1]
    HeadForm m_form;
    at::Tensor m_top, m_others, m_target, m_steepness;  // [N, 1]
    at::Tensor m_expected;                              // [N, H]: Σ exp(logit − top)·w of the others
};

RunningSoftmax throughVocabulary(const at::Tensor& wide, const at::Tensor& weight, const at::Tensor& targets,
                                 const HeadForm& form, bool slopes)
{
    RunningSoftmax softmax(wide, targets, form, slopes);
    const std::int64_t many = tokensAtOnce(wide.size(0), wide.is_cpu());
    const std::int64_t step = weight.scalar_type() == c10::kFloat ? many : std::min(many, rowsAtOnce(weight));
    forEachPart(weight, step, [&](std::int64_t begin, std::int64_t count, const at::Tensor& part) {
        softmax.look(begin, count, part);
    });
    return softmax;
}

struct TargetLogProbs : torch::autograd::Function<TargetLogProbs> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& hidden, const at::Tensor& weight,
                              const at::Tensor& targets, double divisor, double cap)
    {
        const at::Tensor wide = hidden.to(c10::kFloat);
        const RunningSoftmax softmax = throughVocabulary(wide, weight, targets, {divisor, cap}, true);
        context->save_for_backward({softmax.slopes(weight)});
        context->saved_data["dtype"] = static_cast<std::int64_t>(hidden.scalar_type());
        return softmax.logProbs();
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor slopes = context->get_saved_variables().front();
        const at::Tensor none;
        const auto dtype = static_cast<c10::ScalarType>(context->saved_data["dtype"].toInt());
        return {(slopes * gradients.front().unsqueeze(1)).to(dtype), none, none, none, none};
    }
};

}  // namespace

// Numbers that a CPU's cache holds, and enough to keep a GPU busy.
std::int64_t tokensAtOnce(std::int64_t rows, bool onCpu)
{
    const std::int64_t numbers = std::int64_t{1} << (onCpu ? 21 : 26);
    return std::max<std::int64_t>(512, numbers / std::max<std::int64_t>(1, rows));
}

at::Tensor headLogits(const at::Tensor& hidden, const at::Tensor& weight, const HeadForm& form)
{
    const at::Tensor raw = rawLogits(hidden, weight);
    const at::Tensor divided = form.divisor == 1 ? raw : raw / form.divisor;
    return form.cap > 0 ? (divided / form.cap).tanh() * form.cap : divided;
}

TargetShares targetShares(const at::Tensor& logits, const at::Tensor& targets)
{
    const at::Tensor top = logits.amax(1, true);
    const at::Tensor places = targets.unsqueeze(1);
    const at::Tensor below = logits.gather(1, places) - top;
    const at::Tensor others = (logits - top).exp_().scatter_(1, places, 0).sum(1, true);
    return {logProbBeside(below, others), top + (others + below.exp()).log()};
}

at::Tensor targetLogProbs(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets,
                          const HeadForm& form)
{
    if (weight.requires_grad()) {
        // The head itself is learnt (pretrain).
        return at::log_softmax(headLogits(hidden, weight, form), -1).gather(1, targets.unsqueeze(1)).squeeze(1);
    }
    if (hidden.requires_grad() && at::GradMode::is_enabled()) {
        return TargetLogProbs::apply(hidden, weight, targets, form.divisor, form.cap);
    }
    const at::Tensor wide = hidden.to(c10::kFloat);
    return throughVocabulary(wide, weight, targets, form, false).logProbs();
}

}  // namespace stet::model
