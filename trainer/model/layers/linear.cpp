#include "trainer/model/layers/linear.h"

#include "trainer/model/ops/products.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

namespace stet::model {

namespace {

using torch::autograd::variable_list;

// A branch as it is computed with: its columns of the product, its tensors in the compute dtype.
struct Term {
    std::int64_t begin = 0;
    double scale = 1;
    at::Tensor a;  // [r, in]
    at::Tensor b;  // [columns, r]
    DropoutMask dropout;
    at::Tensor low;  // [N, r]: scale · input · Aᵀ
};

at::Tensor columnsOf(const at::Tensor& flat, const Term& term)
{
    return flat.narrow(1, term.begin, term.b.size(0));
}

// The backward of one product with its branches, by hand: autograd's own would hold and add a whole gradient of x for
// every branch. Frees what it holds as autograd's nodes do.
class LinearBackward : public torch::autograd::Node {
public:
    // Edges: x, then A and B of each term.
    LinearBackward(std::shared_ptr<const WeightStorage> weight, const at::Tensor& x, std::vector<Term> terms,
                   c10::ScalarType trained)
        : m_weight(std::move(weight))
        , m_x(terms.empty() ? at::Tensor() : x.detach().flatten(0, -2))
        , m_terms(std::move(terms))
        , m_shape(x.sizes().vec())
        , m_trained(trained)
    {
    }

    variable_list apply(variable_list&& gradients) override
    {
        const at::NoGradGuard noGrad;
        const at::Tensor gradient = gradients.front().flatten(0, -2);
        variable_list all(1 + 2 * m_terms.size());
        at::Tensor ofInput = task_should_compute_output(0) ? m_weight->inputGradient(gradient) : at::Tensor();
        for (std::size_t i = 0; i < m_terms.size(); ++i) {
            ofTerm(m_terms[i], gradient, 1 + 2 * i, all, ofInput);
        }
        if (ofInput.defined()) {
            all.front() = ofInput.view(m_shape);
        }
        return all;
    }

    void release_variables() override
    {
        m_x.reset();
        m_terms.clear();
    }

    std::string name() const override { return "LinearBackward"; }

private:
    void ofTerm(const Term& term, const at::Tensor& gradient, std::size_t edge, variable_list& all,
                at::Tensor& ofInput) const
    {
        const at::Tensor columns = columnsOf(gradient, term);
        const at::Tensor low = at::mm(columns, term.b).mul_(term.scale);
        if (task_should_compute_output(edge)) {
            all[edge] = at::mm(low.t(), term.dropout.of(m_x)).to(m_trained);
        }
        if (task_should_compute_output(edge + 1)) {
            all[edge + 1] = at::mm(columns.t(), term.low).to(m_trained);
        }
        if (!ofInput.defined()) {
            return;
        }
        if (term.dropout.bank != nullptr) {
            ofInput.add_(term.dropout.of(at::mm(low, term.a)));
        } else {
            ofInput.addmm_(low, term.a);
        }
    }

    std::shared_ptr<const WeightStorage> m_weight;
    at::Tensor m_x;  // [N, in], where a branch reads it again
    std::vector<Term> m_terms;
    std::vector<std::int64_t> m_shape;  // of x
    c10::ScalarType m_trained;          // dtype of A and B
};

}  // namespace

at::Tensor DenseWeight::product(const at::Tensor& x) const
{
    if (learnt()) {
        std::vector<at::Tensor> products;
        for (std::size_t i = 0; i < m_weight.parts.size(); ++i) {
            products.push_back(at::linear(x, m_weight.parts[i], m_bias.parts.empty() ? at::Tensor() : m_bias.parts[i]));
        }
        return products.size() == 1 ? products.front() : at::cat(products, -1);
    }
    return linearProduct(x, m_weight.whole, m_bias.whole);
}

at::Tensor DenseWeight::inputGradient(const at::Tensor& gradient) const
{
    return linearProduct(gradient, m_weight.whole.t());
}

at::Tensor Linear::forward(const at::Tensor& x, const LoraBranches& lora) const
{
    if (m_weight->learnt()) {
        return m_weight->product(x);
    }
    std::vector<Term> terms;
    variable_list inputs = {x};
    at::Tensor product;
    {
        const at::NoGradGuard noGrad;
        product = m_weight->product(x);
        const at::Tensor flat = x.flatten(0, -2);
        const at::Tensor out = product.view({flat.size(0), -1});
        for (const Module& module : m_modules) {
            for (const auto& branch : lora.of(module.name)) {
                const LoraPair& pair = *branch.pair;
                Term term{module.begin,         pair.scale, pair.a.to(x.scalar_type()), pair.b.to(x.scalar_type()),
                          lora.dropout(branch), {}};
                term.low = at::mm(term.dropout.of(flat), term.a.t()).mul_(term.scale);
                columnsOf(out, term).addmm_(term.low, term.b.t());
                inputs.push_back(pair.a);
                inputs.push_back(pair.b);
                terms.push_back(std::move(term));
            }
        }
    }
    if (torch::autograd::compute_requires_grad(at::TensorList(inputs))) {
        const c10::ScalarType trained = inputs.back().scalar_type();
        const std::shared_ptr<LinearBackward> node(new LinearBackward(m_weight, x, std::move(terms), trained),
                                                   torch::autograd::deleteNode);
        node->set_next_edges(torch::autograd::collect_next_edges(at::TensorList(inputs)));
        torch::autograd::set_history(product, node);
    }
    return product;
}

}  // namespace stet::model
