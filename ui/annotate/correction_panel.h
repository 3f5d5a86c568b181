// How the response should have been: a box that starts as a copy of it, and beside it what was changed, word by word.
// Optional, folded away until it is opened or there is a correction. Owned and fed by JudgmentPanel and AnnotatePage;
// GUI thread.
#pragma once

#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;

namespace stet::ui {

class WordDiffView;
class WritingEdit;

class CorrectionPanel : public QWidget {
    Q_OBJECT

public:
    explicit CorrectionPanel(QWidget* parent = nullptr);

    WritingEdit* edit() const { return m_edit; }
    // Another response, with its correction where there is one: then it is shown.
    void setResponse(const QString& response, const std::optional<QString>& corrected);
    // The same response as it is stored now, after an undo: caret and box stay where the words are the same.
    void setCorrected(const std::optional<QString>& corrected);
    void setAuthor(const QString& author);  // whose the correction is, where it isn't the person's own; else empty
    void setReadOnly(bool readOnly);

    void setOpen(bool open);  // opened without a correction, the box holds a copy of the response
    bool isOpen() const { return m_open; }
    QString correction() const;  // empty: none, or the response as it is

Q_SIGNALS:
    void corrected();  // the person changed it
    void openChanged(bool open);

protected:
    void changeEvent(QEvent* event) override;

private:
    void write(const QString& text);
    void compare();
    void retranslate();

    QLabel* m_name;
    QLabel* m_summary;
    WritingEdit* m_edit;
    WordDiffView* m_changes;
    QTimer m_comparing;  // not at every key of a quick typist
    QString m_response;  // as a text box gives it back
    QString m_author;
    bool m_open = false;
    bool m_writing = false;  // the program changes the text, not the person
};

}  // namespace stet::ui
