#include "app/session/in_background.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace stet::app {

void inBackground(QObject* context, std::function<void()> task, std::function<void(const QString&)> done)
{
    const QPointer<QObject> guard(context);
    QThreadPool::globalInstance()->start([guard, task = std::move(task), done = std::move(done)] {
        QString problem;
        try {
            task();
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            qApp,
            [guard, done, problem] {
                if (guard) {
                    done(problem);
                }
            },
            Qt::QueuedConnection);
    });
}

}  // namespace stet::app
