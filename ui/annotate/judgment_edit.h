// The judgment's text box: a grey suggestion that Tab takes while the box is empty. GUI thread.
#pragma once

#include "ui/annotate/writing_edit.h"

namespace stet::ui {

class JudgmentEdit : public WritingEdit {
    Q_OBJECT

public:
    explicit JudgmentEdit(QWidget* parent = nullptr);

    void setSuggestion(const QString& suggestion);  // empty: the general placeholder
    QString suggestion() const { return m_suggestion; }
    bool takeSuggestion();  // false: there is none, or the box has words

protected:
    void changeEvent(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void retranslate();

    QString m_suggestion;
};

}  // namespace stet::ui
