// What was changed in a text, to be read: words left out struck through, words put in bold and underlined, so that no
// colour is needed; the fills are the heat-map's blue and orange. Texts are plain. GUI thread; fed by its owner.
#pragma once

#include "annotate/judgment/word_diff.h"

#include <QPlainTextEdit>

namespace stet::ui {

class WordDiffView : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit WordDiffView(QWidget* parent = nullptr);

    void setPieces(std::vector<annotate::DiffPiece> pieces);
    const std::vector<annotate::DiffPiece>& pieces() const { return m_pieces; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void showPieces();

    std::vector<annotate::DiffPiece> m_pieces;
};

}  // namespace stet::ui
