#include "app/session/in_background.h"

#include "app/session/posted_calls.h"

#include <QCoreApplication>
#include <QPointer>

#include <list>
#include <thread>

namespace stet::app {

namespace {

// The threads of what runs now. Ends with the application, and only when they have: what is being written is whole.
class Background : public QObject {
public:
    using QObject::QObject;
    ~Background() override
    {
        for (auto& thread : m_threads) {
            thread.join();
        }
    }

    static Background& instance()
    {
        static QPointer<Background> one;
        if (!one) {
            one = new Background(qApp);
        }
        return *one;
    }

    void run(std::function<void()> task, std::function<void(const QString&)> done)
    {
        const auto own = m_threads.emplace(m_threads.end());
        try {
            *own = std::thread([this, own, task = std::move(task), done = std::move(done)] {
                QString problem;
                try {
                    task();
                } catch (const std::exception& error) {
                    problem = QString::fromUtf8(error.what());
                }
                m_calls.post([this, own, done, problem] {
                    own->join();
                    m_threads.erase(own);
                    done(problem);
                });
            });
        } catch (...) {
            m_threads.erase(own);
            throw;
        }
    }

private:
    std::list<std::thread> m_threads;
    PostedCalls m_calls;
};

}  // namespace

void inBackground(QObject* context, std::function<void()> task, std::function<void(const QString&)> done)
{
    Background::instance().run(std::move(task),
                               [guard = QPointer<QObject>(context), done = std::move(done)](const QString& problem) {
                                   if (guard) {
                                       done(problem);
                                   }
                               });
}

}  // namespace stet::app
