// How the project's rounds are trained, where that isn't the preset's: a few settings that matter, each empty (the
// preset's value stands there, pale) or chosen. Part of RoundPlanPanel, hidden until its button asks for it. GUI
// thread; values in, signals out.
#pragma once

#include <QString>
#include <QWidget>

#include <map>
#include <string>
#include <vector>

class QGridLayout;
class QLabel;
class QLineEdit;

namespace stet::ui {

class RoundSettingsPanel : public QWidget {
    Q_OBJECT

public:
    explicit RoundSettingsPanel(QWidget* parent = nullptr);

    // As the next round would use them, by round.json's names ("optimizer.lr" → "0.0003").
    void setUsed(const std::map<std::string, std::string>& used);
    // What was chosen for the project; silently, and never into a box that is being written in.
    void setChosen(const std::map<std::string, std::string>& chosen);

Q_SIGNALS:
    void settingChosen(const QString& path, const QString& value);  // empty: the preset's again

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Field {
        const char* path;
        QLabel* name;
        QLineEdit* box;
        QString known;  // what was told last
    };

    void add(QGridLayout& grid, const char* path);
    void commit(Field& field);
    void retranslate();

    std::vector<Field> m_fields;
    QLabel* m_explanation;
};

}  // namespace stet::ui
