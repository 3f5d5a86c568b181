// model/describe and model/load.
#include "contract/message.h"
#include "trainer/serve/served_model.h"
#include "trainer/serve/wire_options.h"

#include <algorithm>
#include <chrono>

namespace stet::serve {

namespace method = contract::method;

namespace {

// A large model has hundreds of tensors: about ten notifications a second, and always the last.
class LoadProgress {
public:
    explicit LoadProgress(const MethodContext& context) : m_context(context) { }

    void update(double share)
    {
        if (m_context.cancelled()) {
            throw model::Cancelled();
        }
        const auto now = std::chrono::steady_clock::now();
        if (now - m_last >= std::chrono::milliseconds(100)) {
            m_last = now;
            say(std::min(share, 1.0));
        }
    }

    void done()
    {
        if (m_said < 1) {
            say(1);
        }
    }

private:
    void say(double share)
    {
        m_said = share;
        m_context.notify(method::kLoadProgress, contract::LoadProgress{share});
    }

    const MethodContext& m_context;
    std::chrono::steady_clock::time_point m_last;
    double m_said = -1;
};

}  // namespace

void bindModelMethods(HandlerTable& table, ServedModel& model)
{
    table.bind<contract::DescribeRequest>(method::kDescribe, Answered::Interactive,
                                          [](const contract::DescribeRequest& request, const MethodContext&) {
                                              return describeModel(request.model, computeOptions(request.compute));
                                          });
    table.bind<contract::LoadRequest>(
        method::kLoad, Answered::Barrier, [&model](const contract::LoadRequest& request, const MethodContext& context) {
            LoadProgress progress(context);
            auto description = model.load(request, [&](double share) { progress.update(share); });
            progress.done();
            return description;
        });
}

}  // namespace stet::serve
