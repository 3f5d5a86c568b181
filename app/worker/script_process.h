// A program beside the worker that does one thing and ends: what it says on standard error is told line by line, what
// it printed at its end. Ends with this object. GUI thread, which never waits but for that.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace stet::app {

class ScriptProcess : public QObject {
    Q_OBJECT

public:
    explicit ScriptProcess(QObject* parent = nullptr);
    ~ScriptProcess() override;

    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    // While it runs: nothing. Ends with ended or notStarted.
    void start(const QString& program, const QStringList& arguments);
    void stop();  // asks it to end, which it then does in its own time

Q_SIGNALS:
    void said(const QByteArray& line);
    void ended(bool well, const QByteArray& printed);  // well: by itself, with code 0
    void notStarted(const QString& program);

private:
    void readLines();

    QProcess m_process;
};

}  // namespace stet::app
