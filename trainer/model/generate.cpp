#include "trainer/model/generate.h"

#include "base/failure.h"
#include "base/sha256.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

namespace stet::model {

namespace {

// One row of a running batch.
struct Row {
    std::size_t item = 0;
    std::vector<std::int64_t> ids;  // the prompt and what was fed after it
    Generated result;
    std::int64_t room = 0;  // tokens the context still holds
    at::Generator random;
    bool done = false;
};

// Logits [V] float32 on the CPU → a token id from the smallest set of mass ≥ topP, by one draw of the row's own
// generator. The largest logit is subtracted first, so that no temperature overflows.
std::int64_t sample(const at::Tensor& logits, const GenerateOptions& options, at::Generator& random)
{
    const at::Tensor wide = logits.to(c10::kDouble);
    const at::Tensor probabilities = at::softmax((wide - wide.max()) / options.temperature, -1);
    auto [sorted, order] = probabilities.sort(/*stable=*/true, -1, /*descending=*/true);
    if (options.topP < 1) {
        const at::Tensor before = sorted.cumsum(-1) - sorted;
        sorted = sorted.masked_fill(before >= options.topP, 0);
    }
    const at::Tensor cumulative = sorted.cumsum(-1);
    const double draw =
        at::empty({1}, at::kDouble).uniform_(0, 1, random).item<double>() * cumulative[-1].item<double>();
    const auto index =
        at::searchsorted(cumulative, at::full({1}, draw, at::kDouble), false, /*right=*/true).item<std::int64_t>();
    return order[std::min(index, order.size(0) - 1)].item<std::int64_t>();
}

class BatchRun {
public:
    BatchRun(const Decoder& decoder, const Adapters& adapters, const GenerateOptions& options,
             const std::vector<std::int64_t>& stopIds, const GenerateEvents& events)
        : m_decoder(decoder), m_adapters(adapters), m_options(options), m_stopIds(stopIds), m_events(events)
    {
    }

    void run(const std::vector<GenerateItem>& items, const std::vector<std::size_t>& chosen,
             std::vector<Generated>& results)
    {
        start(items, chosen);
        at::Tensor next = prefill();
        for (;;) {
            const std::vector<std::int64_t> ids = pick(next);
            if (std::all_of(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.done; })) {
                break;
            }
            next = step(ids);
        }
        for (Row& row : m_rows) {
            results[row.item] = std::move(row.result);
        }
    }

private:
    void start(const std::vector<GenerateItem>& items, const std::vector<std::size_t>& chosen)
    {
        for (const std::size_t index : chosen) {
            Row row;
            row.item = index;
            row.ids = items[index].prompt;
            row.room = m_decoder.config().contextLength - static_cast<std::int64_t>(items[index].prompt.size());
            row.random = at::detail::createCPUGenerator(
                leadingNumber(sha256(std::to_string(m_options.seed) + ":generate:" + items[index].key)));
            m_rows.push_back(std::move(row));
        }
    }

    // Logits [B, V] after each row's last token; rebuilds the cache.
    at::Tensor prefill()
    {
        m_cache = {};
        for (const Row& row : m_rows) {
            m_cache.promptLengths.push_back(static_cast<std::int64_t>(row.ids.size()));
        }
        const std::int64_t longest = *std::max_element(m_cache.promptLengths.begin(), m_cache.promptLengths.end());
        at::Tensor ids = at::zeros({static_cast<std::int64_t>(m_rows.size()), longest}, at::kLong);
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            std::copy(m_rows[row].ids.begin(), m_rows[row].ids.end(),
                      ids[static_cast<std::int64_t>(row)].data_ptr<std::int64_t>());
        }
        const auto device = m_decoder.compute().device;
        const SequenceBatch batch(ids.to(device), m_cache.promptLengths);
        return m_decoder.logits(batch.last(m_decoder.hiddenStates(batch, m_adapters, &m_cache, m_events.cancelled)));
    }

    at::Tensor step(const std::vector<std::int64_t>& ids)
    {
        bool outgrown = false;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            m_rows[i].ids.push_back(ids[i]);
            const auto length = static_cast<std::int64_t>(m_rows[i].ids.size());
            outgrown = outgrown || (!m_rows[i].done && m_decoder.outgrowsCache(length - 1, length));
        }
        if (outgrown) {
            return prefill();
        }
        const at::Tensor column = at::tensor(ids).unsqueeze(1).to(m_decoder.compute().device);
        return m_decoder.logits(m_decoder.hiddenStates(column, m_adapters, &m_cache, m_events.cancelled).select(1, 0));
    }

    // Chooses each row's next token, finishes rows that end, and returns the tokens to feed.
    std::vector<std::int64_t> pick(const at::Tensor& logits)
    {
        const at::Tensor onCpu = logits.to(c10::kCPU);
        const at::Tensor greedy = onCpu.argmax(-1);
        std::vector<std::int64_t> fed(m_rows.size(), 0);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            Row& row = m_rows[i];
            if (row.done) {
                continue;
            }
            const auto index = static_cast<std::int64_t>(i);
            fed[i] = m_options.temperature > 0 ? sample(onCpu[index], m_options, row.random)
                                               : greedy[index].item<std::int64_t>();
            take(row, fed[i]);
        }
        return fed;
    }

    void take(Row& row, std::int64_t id)
    {
        if (std::find(m_stopIds.begin(), m_stopIds.end(), id) != m_stopIds.end()) {
            finish(row, false);
            return;
        }
        row.result.ids.push_back(id);
        if (m_events.onToken) {
            m_events.onToken(row.item, id);
        }
        --row.room;
        if (static_cast<int>(row.result.ids.size()) >= m_options.maxNewTokens || row.room <= 0) {
            finish(row, true);
        }
    }

    void finish(Row& row, bool byLength)
    {
        row.done = true;
        row.result.stoppedByLength = byLength;
        if (m_events.onDone) {
            m_events.onDone(row.item, row.result);
        }
    }

    const Decoder& m_decoder;
    const Adapters& m_adapters;
    const GenerateOptions& m_options;
    const std::vector<std::int64_t>& m_stopIds;
    const GenerateEvents& m_events;
    std::vector<Row> m_rows;
    KeyValueCache m_cache;
};

void checkItems(const Decoder& decoder, const std::vector<GenerateItem>& items)
{
    for (const auto& item : items) {
        if (item.prompt.empty()) {
            throw badInput("The prompt of '" + item.key +
                           "' has no tokens: the tokenizer adds none and the text is empty");
        }
        if (static_cast<std::int64_t>(item.prompt.size()) >= decoder.config().contextLength) {
            throw badInput("The prompt of '" + item.key + "' has " + std::to_string(item.prompt.size()) +
                           " tokens; the model's context holds " + std::to_string(decoder.config().contextLength) +
                           ": shorten the instruction");
        }
    }
}

}  // namespace

std::vector<Generated> generate(const Decoder& decoder, const Adapters& adapters,
                                const std::vector<GenerateItem>& items, const std::vector<std::int64_t>& stopIds,
                                const GenerateOptions& options, const GenerateEvents& events)
{
    checkItems(decoder, items);
    const c10::InferenceMode inference;
    std::vector<Generated> results(items.size());
    // Prompts of similar length share a batch, which keeps padding low. Results stay in input order.
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return items[a].prompt.size() < items[b].prompt.size(); });
    const auto batch = static_cast<std::size_t>(std::max(1, options.batch));
    for (std::size_t begin = 0; begin < order.size(); begin += batch) {
        const std::size_t end = std::min(order.size(), begin + batch);
        const std::vector<std::size_t> chosen(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                              order.begin() + static_cast<std::ptrdiff_t>(end));
        BatchRun(decoder, adapters, options, stopIds, events).run(items, chosen, results);
    }
    return results;
}

}  // namespace stet::model
