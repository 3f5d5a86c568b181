// Let the model answer: how many instructions, by which round, how; what is being written, and the way to stop it. GUI
// thread; values in, signals out.
#pragma once

#include "annotate/judgment/types.h"

#include <QFrame>
#include <QString>

#include <optional>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace stet::ui {

// What is asked for; the words of a round's number are the combo box's.
struct GenerateChoice {
    int instructions = 50;  // so many that nobody has answered
    int round = 0;          // 0: the base model
    int samples = 1;        // responses to each
    double temperature = 0;
    int maxNewTokens = 256;
};

// A generation under way.
struct GenerateProgress {
    int done = 0;
    int total = 0;
    double secondsLeft = -1;  // negative: not known yet
};

class GeneratePanel : public QFrame {
    Q_OBJECT

public:
    explicit GeneratePanel(QWidget* parent = nullptr);

    void setRounds(const std::vector<annotate::RoundRecord>& rounds, int current);  // the finished ones are offered
    void setFresh(int instructions);                                                // how many nobody has answered
    void setMaxNewTokens(int tokens);
    void setProgress(const std::optional<GenerateProgress>& progress);
    void setGrowingText(const QString& text);  // what is being written right now
    void setProblem(const QString& sentence);
    void setReadOnly(bool readOnly);
    GenerateChoice choice() const;

Q_SIGNALS:
    void generateRequested(const stet::ui::GenerateChoice& choice);
    void stopRequested();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void retranslate();
    void refresh();
    void showGrowing();

    std::vector<annotate::RoundRecord> m_rounds;
    int m_current = 0;
    int m_freshCount = 0;
    bool m_readOnly = false;
    std::optional<GenerateProgress> m_progress;
    QString m_growingText;
    QLabel* m_title;
    QSpinBox* m_count;
    QLabel* m_countName;
    QComboBox* m_round;
    QLabel* m_roundName;
    QSpinBox* m_samples;
    QLabel* m_samplesName;
    QDoubleSpinBox* m_temperature;
    QLabel* m_temperatureName;
    QSpinBox* m_length;
    QLabel* m_lengthName;
    QPushButton* m_start;
    QPushButton* m_stop;
    QProgressBar* m_bar;
    QLabel* m_status;
    QLabel* m_growing;
    QLabel* m_problem;
};

}  // namespace stet::ui
