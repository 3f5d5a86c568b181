// What will train, before anything starts: counts, what is pushed down and what is left out, how long, how much memory;
// and the one button.
#pragma once

#include "annotate/judgment/types.h"

#include <QFrame>

#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace stet::ui {

class RoundSettingsPanel;

// "Steady (recommended)"; a name that is not known stays as it is.
QString presetName(const QString& preset);

class RoundPlanPanel : public QFrame {
    Q_OBJECT

public:
    explicit RoundPlanPanel(QWidget* parent = nullptr);

    void setPlan(const std::optional<annotate::RoundPlan>& plan, const QString& obstacle);
    void setPreset(const QString& preset);
    void setRunning(bool running);  // the button waits
    QString preset() const;
    RoundSettingsPanel* settings() const { return m_settings; }
    QString planText() const;
    QString detailsText() const;
    bool canStart() const;

Q_SIGNALS:
    void startPressed();
    void presetChanged(const QString& preset);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void refresh();
    QString planLine() const;
    QStringList details() const;

    QLabel* m_title;
    QLabel* m_line;
    QLabel* m_cost;
    QLabel* m_obstacle;
    QToolButton* m_more;
    QLabel* m_details;
    QToolButton* m_openSettings;
    RoundSettingsPanel* m_settings;
    QLabel* m_presetName;
    QComboBox* m_preset;
    QPushButton* m_start;
    std::optional<annotate::RoundPlan> m_plan;
    QString m_obstacleText;
    bool m_running = false;
};

}  // namespace stet::ui
