// The response with its heat-map: fills (strength) and underlines (flags) behind and under the text, the annotator's
// own marks, tokens to walk and choose. Given text, scores, λ and marks; asks nobody for anything: moving λ only
// repaints. Owned by its parent; GUI thread. Model text is drawn as plain text.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/common/text_index.h"
#include "ui/score/heat_map_model.h"
#include "ui/score/response_text.h"

#include <QAbstractScrollArea>

#include <optional>
#include <string>
#include <vector>

namespace stet::ui {

class HeatMapView : public QAbstractScrollArea {
    Q_OBJECT

public:
    static constexpr int kMaxColumns = 90;  // characters a line, however wide the window is

    explicit HeatMapView(QWidget* parent = nullptr);

    void setResponse(const std::string& utf8);  // a new text: scores, marks and choice are cleared
    void setScores(const std::optional<annotate::TokenScores>& scores);
    void setMarks(const std::vector<annotate::Mark>& marks);
    void setLambda(double lambda);
    void setStale(bool stale);
    void setCannotBeFlaggedShown(bool shown);  // off by default

    const HeatMapModel& model() const { return m_model; }
    const QString& text() const { return m_index.text(); }

    // The cell under the mouse, else the one chosen by key; −1: none.
    int shownCell() const { return m_hovered >= 0 ? m_hovered : m_current; }
    int currentCell() const { return m_current; }
    QString cellText(int cell) const;  // as written; empty for the end of the sequence
    bool hasChoice() const { return m_current >= 0; }
    void clearChoice();
    bool chooseNotable(bool forward);  // false: there is none further on

    void markChoice(HandMark mark);    // the chosen tokens; emits marksEdited
    QString choiceText() const;        // what they say; empty: none chosen
    QRect rectOfCell(int cell) const;  // in this widget's coordinates; null when out of sight or none
    int firstFlagged() const;          // −1: none
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void shownCellChanged(int cell);
    void marksEdited(const std::vector<stet::annotate::Mark>& marks);
    void quoteRequested(const QString& text);  // the chosen tokens are to be quoted

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct PaintRun {
        HeatRun state;
        std::vector<QRectF> rects;  // in text coordinates
    };

    void layOut();
    void rebuildPaint();
    void setCurrent(int cell, bool extend);
    void setHovered(int cell);
    void speakShown();
    int cellAtPoint(const QPoint& viewportPoint) const;
    std::vector<QRectF> rectsOfCells(int first, int last) const;
    std::pair<int, int> choice() const;  // first and last chosen cell
    void ensureCellVisible(int cell);
    QPointF origin() const;

    void paintFills(QPainter& painter, const QRectF& visible) const;
    void paintMarks(QPainter& painter, const QRectF& visible) const;
    void paintRunMarks(QPainter& painter, const PaintRun& run) const;
    void paintUnscored(QPainter& painter, const QRectF& visible) const;
    void paintSigns(QPainter& painter, const QRectF& visible) const;
    void paintChoice(QPainter& painter) const;

    TextIndex m_index;
    HeatMapModel m_model;
    ResponseText m_layout;
    std::vector<PaintRun> m_runs;
    std::vector<ResponseText::Tint> m_tints;
    std::vector<QRectF> m_unscored;
    int m_current = -1;
    int m_anchor = -1;  // other end of a choice of several cells
    int m_hovered = -1;
    bool m_showCannot = false;
};

}  // namespace stet::ui
