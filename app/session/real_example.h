// The example with a real model, made from the start page: its model is fetched once by resources/real/fetch-model.sh,
// then the project is made with it. Owned by WindowController. GUI thread, which never waits; what fetches ends with
// it.
#pragma once

#include "app/worker/script_process.h"

#include <QObject>
#include <QString>

namespace stet::app {

class RealExample : public QObject {
    Q_OBJECT

public:
    explicit RealExample(QString exampleFolder, QObject* parent = nullptr);

    // Ends with made, failed or cancelled; nothing while one is being made.
    void make(const QString& target);
    void cancel();  // nothing half fetched stays

Q_SIGNALS:
    void progressed(const QString& sentence, bool cancellable);
    void made(const QString& project);
    void failed(const QString& sentence);  // why, and what to do
    void cancelled();

private:
    void hear(const QByteArray& line);
    void fetched(bool well, const QString& model);
    void makeProject(const QString& model);

    QString m_exampleFolder;
    QString m_target;
    ScriptProcess m_fetching;
    QString m_said;  // the last line that is no progress
    bool m_cancelled = false;
};

}  // namespace stet::app
