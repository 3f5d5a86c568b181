// The response as laid-out text: one QTextLayout per paragraph, so that right-to-left and left-to-right paragraphs each
// have their own direction, and only what is on screen is drawn. Offsets are UTF-16 of the whole text. GUI thread.
#pragma once

#include <QColor>
#include <QFont>
#include <QString>
#include <QTextLayout>

#include <memory>
#include <vector>

class QPainter;

namespace stet::ui {

class ResponseText {
public:
    static constexpr double kLineHeight = 1.6;  // of the font's height

    void setText(const QString& text);
    void setFont(const QFont& font);
    void layOut(double width);  // does nothing when width, font and text are the same

    double height() const { return m_height; }
    double lineStep() const { return m_lineStep; }
    const QString& text() const { return m_text; }

    // Rectangles of [begin, end), one per line and stretch of one direction, without the leading between lines. A
    // newline inside is a narrow box behind the line's end. An empty range is a narrow box at its place.
    std::vector<QRectF> rectsOf(int begin, int end) const;

    int positionAt(const QPointF& point) const;  // the character under a point; −1 below the text

    // Ranges drawn in another colour (both probabilities tiny).
    struct Tint {
        int begin = 0;
        int end = 0;
        QColor colour;
    };
    void draw(QPainter& painter, const QColor& colour, const std::vector<Tint>& tints, const QRectF& visible) const;
    // Draws [begin, end) once more, shifted by less than a pixel: weight without moving a single glyph.
    void strengthen(QPainter& painter, int begin, int end, const QColor& colour) const;

private:
    struct Paragraph {
        int begin = 0;   // UTF-16
        int length = 0;  // without its newline
        bool newline = false;
        bool rightToLeft = false;
        double top = 0;
        double height = 0;
        std::unique_ptr<QTextLayout> layout;
    };

    void addRects(const Paragraph& paragraph, int begin, int end, std::vector<QRectF>& rects) const;
    void addLineRects(const Paragraph& paragraph, const QTextLine& line, int begin, int end,
                      std::vector<QRectF>& rects) const;
    QRectF newlineBox(const Paragraph& paragraph) const;
    QRectF lineBox(const Paragraph& paragraph, const QTextLine& line, double left, double right) const;

    QString m_text;
    QFont m_font;
    std::vector<Paragraph> m_paragraphs;
    double m_width = -1;
    double m_height = 0;
    double m_lineStep = 0;
    double m_glyphHeight = 0;
};

}  // namespace stet::ui
