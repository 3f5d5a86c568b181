// Runs a sub-command of the real worker to its end.
#pragma once

#include "base/json.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QProcess>
#include <QStringList>

#include <functional>
#include <string>
#include <vector>

namespace stet::test {

struct Ran {
    int exitCode = -1;  // −1: it crashed or hung
    std::string output;
    QString errors;

    // The lines of standard output; a line that is no JSON is there as discarded.
    std::vector<Json> lines() const
    {
        std::vector<Json> parsed;
        std::size_t begin = 0;
        for (auto end = output.find('\n'); end != std::string::npos; end = output.find('\n', begin)) {
            parsed.push_back(Json::parse(output.substr(begin, end - begin), nullptr, false));
            begin = end + 1;
        }
        return parsed;
    }
};

inline QStringList words(const std::vector<std::string>& arguments)
{
    QStringList list;
    for (const auto& argument : arguments) {
        list << QString::fromStdString(argument);
    }
    return list;
}

// inChild runs in the new process before the program: limits, lost capabilities.
inline Ran runTrainer(const std::vector<std::string>& arguments, const std::function<void()>& inChild = {})
{
    QProcess process;
    if (inChild) {
        process.setChildProcessModifier(inChild);
    }
    process.start(QString::fromStdString(trainerProgram()), words(arguments));
    process.closeWriteChannel();
    Ran ran;
    if (process.waitForFinished(test::kPatienceMs) && process.exitStatus() == QProcess::NormalExit) {
        ran.exitCode = process.exitCode();
    }
    ran.output = process.readAllStandardOutput().toStdString();
    ran.errors = QString::fromUtf8(process.readAllStandardError());
    return ran;
}

}  // namespace stet::test
