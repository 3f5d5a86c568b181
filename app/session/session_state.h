// What an open project is at the moment, for all its controllers: which model is adopted, what lights up, and that
// something was judged. Whoever changes it says so here; whoever shows it listens. Owned by ProjectSession; GUI thread.
#pragma once

#include "annotate/judgment/types.h"
#include "contract/score.h"

#include <QObject>
#include <QString>

#include <string>

namespace stet::annotate {
class Project;
}

namespace stet::app {

// Fixed as long as the project is open, but for the model's folder, which may have been moved.
struct OpenedProject {
    QString folder;
    QString title;
    QString modelFolder;
    bool readOnly = false;
};

// Of the project's preset: how its next round would detect, and with which λ. Store thread.
struct WhatLightsUp {
    contract::Detection detection;
    annotate::Threshold threshold;

    static WhatLightsUp of(const annotate::Project& project);
};

class SessionState : public QObject {
    Q_OBJECT

public:
    explicit SessionState(OpenedProject project, QObject* parent = nullptr)
        : QObject(parent), m_project(std::move(project))
    {
    }

    const OpenedProject& project() const { return m_project; }

    // The adopted round, 0: the base model, and its adapter's folder, empty for the base.
    int currentRound() const { return m_currentRound; }
    const std::string& adapter() const { return m_adapter; }
    double lambda() const { return m_threshold.lambda; }
    const annotate::Threshold& threshold() const { return m_threshold; }
    // How a round of the chosen preset would detect: RoundInput::detection.
    const contract::Detection& detection() const { return m_detection; }

    // Can the worker be asked about the model? Not before it is loaded; then why not, empty: it is being loaded.
    bool isModelLoaded() const { return m_modelLoaded; }
    const QString& modelProblem() const { return m_modelProblem; }

    void setModelFolder(const QString& folder) { m_project.modelFolder = folder; }
    void setModelLoaded(bool loaded, const QString& problem = {});
    void adopt(int round, std::string adapter);
    void setThreshold(const annotate::Threshold& threshold);
    void setLambda(double lambda);  // by hand
    void takeOver(const WhatLightsUp& now);
    void noteJudged() { Q_EMIT judged(); }

Q_SIGNALS:
    void adopted(int round);  // scores and plans are another model's now
    void lambdaChanged();     // what is flagged is so, and what will train
    void thresholdChanged();  // λ, or where it comes from
    void detectionChanged();  // the heat-map shows what will train
    void judged();            // verdicts, marks, imports, undo: what will train changed

private:
    OpenedProject m_project;
    bool m_modelLoaded = true;
    QString m_modelProblem;
    int m_currentRound = 0;
    std::string m_adapter;
    annotate::Threshold m_threshold;
    contract::Detection m_detection;
};

}  // namespace stet::app
