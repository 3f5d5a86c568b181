// Saved 14:02:11 · model + round · device, dtype (reason) · worker state. GUI thread.
#pragma once

#include "ui/main_window/main_window.h"

#include <QStatusBar>

class QLabel;
class QPushButton;

namespace stet::ui {

class StatusLine : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    void setSaved(const SavedState& state);
    void setModel(const QString& name, int round);
    void setDevice(const QString& device, const QString& dtype, const QString& reason);
    void setWorker(WorkerState state, const QString& detail);
    void setProjectShown(bool shown);
    QString text() const;
    QString workerLine() const;  // worker and device, nothing of the project

Q_SIGNALS:
    void restartPressed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    QString deviceText() const;

    QLabel* m_line;
    QLabel* m_worker;
    QPushButton* m_restart;
    SavedState m_saved;
    QString m_model;
    int m_round = 0;
    QString m_device;
    QString m_dtype;
    QString m_reason;
    WorkerState m_state = WorkerState::Off;
    QString m_detail;
    bool m_projectShown = false;
};

}  // namespace stet::ui
