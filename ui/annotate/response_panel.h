// The middle of Annotate: instruction (always in view), response with heat-map, legend. Fed by AnnotatePage; GUI
// thread.
#pragma once

#include "annotate/judgment/types.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QScrollArea;
class QToolButton;

namespace stet::ui {

class HeatMapView;
class Legend;

class ResponsePanel : public QWidget {
    Q_OBJECT

public:
    explicit ResponsePanel(QWidget* parent = nullptr);

    void setItem(const annotate::ResponseItem& item, int position, int total);
    void setBookmarked(bool bookmarked);
    void setScores(const std::optional<annotate::TokenScores>& scores);
    void setLambda(double lambda);
    void setTight(bool tight);  // there is little height: no legend
    void setPale(bool pale);    // the paint is of the words before: said beside it
    HeatMapView* heatMap() const { return m_heatMap; }
    QString instructionText() const;
    void addHeadWidget(QWidget* widget);  // at the end of the line "Response 37 of 218"

Q_SIGNALS:
    void previousRequested();
    void nextRequested();
    void bookmarkToggled(bool bookmarked);
    void trashRequested();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void retranslate();
    void fitInstruction();
    void showNote();
    void showDemonstration();

    QHBoxLayout* m_head;
    QLabel* m_title;
    QLabel* m_note;
    QToolButton* m_previous;
    QToolButton* m_next;
    QToolButton* m_bookmark;
    QToolButton* m_trash;
    QLabel* m_instructionName;
    QScrollArea* m_instructionScroll;
    QLabel* m_instruction;
    QLabel* m_responseName;
    HeatMapView* m_heatMap;
    QScrollArea* m_demonstrationScroll;  // where the response has one
    QLabel* m_demonstration;
    Legend* m_legend;
    int m_position = 0;
    int m_total = 0;
    annotate::ResponseItem m_item;
    QString m_noteText;
    bool m_pale = false;
};

}  // namespace stet::ui
