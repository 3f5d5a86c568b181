// A fresh project in a folder of its own.
#pragma once

#include "annotate/store/project.h"

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace stet::test {

struct OpenProject {
    QTemporaryDir dir;
    std::string folder = dir.filePath(QStringLiteral("p.stet")).toStdString();
    std::unique_ptr<annotate::Project> project = annotate::Project::create(folder, "/models/one");

    // A response of an import of its own; its external id is its number.
    annotate::ResponseId add(const std::string& instruction, const std::string& output,
                             annotate::Verdict verdict = annotate::Verdict::Open, const std::string& judgment = {})
    {
        annotate::NewResponse response;
        response.externalId = std::to_string(project->counts().total + 1);
        response.instruction = instruction;
        response.output = output;
        response.verdict = verdict;
        response.judgment = judgment;
        const auto batch = project->beginBatch("test");
        project->addResponses(batch, {response});
        project->publishBatch(batch);
        return *project->findExternal(response.externalId);
    }

    void reopen()
    {
        project.reset();
        project = annotate::Project::open(folder);
    }
};

}  // namespace stet::test
