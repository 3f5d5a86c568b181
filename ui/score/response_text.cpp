#include "ui/score/response_text.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace stet::ui {

namespace {

constexpr double kEndBox = 0.55;  // width of the box for a newline or the end, in font heights

bool breaksParagraph(QChar c)
{
    return c == QLatin1Char('\n') || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
}

// For what stands between two lines of ```: columns are part of code.
QFont monospaced(const QFont& font)
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (font.pointSizeF() > 0) {
        fixed.setPointSizeF(font.pointSizeF());
    } else {
        fixed.setPixelSize(font.pixelSize());
    }
    return fixed;
}

bool hasRightToLeft(const QString& text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.direction() == QChar::DirR || c.direction() == QChar::DirAL || c.direction() == QChar::DirRLE ||
            c.direction() == QChar::DirRLO || c.direction() == QChar::DirRLI;
    });
}

}  // namespace

void ResponseText::setText(const QString& text)
{
    m_text = text;
    m_paragraphs.clear();
    m_width = -1;
    int begin = 0;
    for (int i = 0; i <= text.size(); ++i) {
        const bool atEnd = i == text.size();
        if (!atEnd && !breaksParagraph(text.at(i))) {
            continue;
        }
        Paragraph paragraph;
        paragraph.begin = begin;
        paragraph.length = i - begin;
        paragraph.newline = !atEnd;
        m_paragraphs.push_back(std::move(paragraph));
        begin = i + 1;
    }
}

void ResponseText::setFont(const QFont& font)
{
    if (font != m_font) {
        m_font = font;
        m_width = -1;
    }
}

void ResponseText::layOut(double width)
{
    if (width == m_width) {
        return;
    }
    m_width = width;
    const QFontMetricsF metrics(m_font);
    const QFont codeFont = monospaced(m_font);
    m_glyphHeight = metrics.height();
    m_lineStep = std::ceil(m_glyphHeight * kLineHeight);
    double y = 0;
    bool code = false;
    for (Paragraph& paragraph : m_paragraphs) {
        const QString text = m_text.mid(paragraph.begin, paragraph.length);
        paragraph.rightToLeft = hasRightToLeft(text);
        const bool fence = text.trimmed().startsWith(QLatin1String("```"));
        paragraph.layout = std::make_unique<QTextLayout>(text, code || fence ? codeFont : m_font);
        code = code != fence;
        QTextOption option;
        const bool rightwards = !text.isRightToLeft();
        option.setTextDirection(rightwards ? Qt::LeftToRight : Qt::RightToLeft);
        option.setAlignment(rightwards ? Qt::AlignLeft : Qt::AlignRight);
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        option.setTabStopDistance(metrics.horizontalAdvance(QLatin1Char(' ')) * 4);
        // Spaces a model wrote are part of what is judged: they keep their place at the end of a line.
        option.setFlags(QTextOption::IncludeTrailingSpaces);
        paragraph.layout->setTextOption(option);
        paragraph.layout->setCacheEnabled(true);
        paragraph.layout->beginLayout();
        paragraph.top = y;
        double inner = 0;
        for (QTextLine line = paragraph.layout->createLine(); line.isValid(); line = paragraph.layout->createLine()) {
            line.setLineWidth(std::max(40.0, width - m_glyphHeight * kEndBox));
            line.setPosition(
                QPointF(rightwards ? 0 : m_glyphHeight * kEndBox, inner + (m_lineStep - line.height()) / 2));
            inner += m_lineStep;
        }
        paragraph.layout->endLayout();
        paragraph.height = std::max(inner, m_lineStep);
        y += paragraph.height;
    }
    m_height = y;
}

QRectF ResponseText::lineBox(const Paragraph& paragraph, const QTextLine& line, double left, double right) const
{
    const double centre = paragraph.top + line.y() + line.height() / 2;
    return {std::min(left, right), centre - m_glyphHeight / 2, std::abs(right - left), m_glyphHeight};
}

QRectF ResponseText::newlineBox(const Paragraph& paragraph) const
{
    const QTextLayout& layout = *paragraph.layout;
    const double width = m_glyphHeight * kEndBox;
    if (layout.lineCount() == 0) {
        return {0, paragraph.top + (m_lineStep - m_glyphHeight) / 2, width, m_glyphHeight};
    }
    const QTextLine line = layout.lineAt(layout.lineCount() - 1);
    const double x = line.cursorToX(line.textStart() + line.textLength());
    const bool leftwards = layout.textOption().textDirection() == Qt::RightToLeft;
    return lineBox(paragraph, line, x, leftwards ? x - width : x + width);
}

void ResponseText::addLineRects(const Paragraph& paragraph, const QTextLine& line, int begin, int end,
                                std::vector<QRectF>& rects) const
{
    const int from = std::max(begin, line.textStart());
    const int to = std::min(end, line.textStart() + line.textLength());
    if (from >= to) {
        return;
    }
    if (!paragraph.rightToLeft) {
        rects.push_back(lineBox(paragraph, line, line.cursorToX(from), line.cursorToX(to)));
        return;
    }
    // Mixed directions: a range of the text can be several stretches of the line.
    for (int i = from; i < to; ++i) {
        const double leading = line.cursorToX(i, QTextLine::Leading);
        const double trailing = line.cursorToX(i, QTextLine::Trailing);
        const QRectF box = lineBox(paragraph, line, leading, trailing);
        if (!rects.empty() && rects.back().top() == box.top() &&
            (std::abs(rects.back().right() - box.left()) < 0.5 || std::abs(rects.back().left() - box.right()) < 0.5)) {
            rects.back() = rects.back().united(box);
        } else if (box.width() > 0) {
            rects.push_back(box);
        }
    }
}

void ResponseText::addRects(const Paragraph& paragraph, int begin, int end, std::vector<QRectF>& rects) const
{
    const int from = begin - paragraph.begin;
    const int to = end - paragraph.begin;
    for (int i = 0; i < paragraph.layout->lineCount(); ++i) {
        addLineRects(paragraph, paragraph.layout->lineAt(i), from, to, rects);
    }
    if (paragraph.newline && from <= paragraph.length && to > paragraph.length) {
        const QRectF box = newlineBox(paragraph);
        if (!rects.empty() && rects.back().top() == box.top() && std::abs(rects.back().right() - box.left()) < 0.5) {
            rects.back() = rects.back().united(box);
        } else {
            rects.push_back(box);
        }
    }
}

std::vector<QRectF> ResponseText::rectsOf(int begin, int end) const
{
    std::vector<QRectF> rects;
    if (m_paragraphs.empty() || m_paragraphs.front().layout == nullptr) {
        return rects;
    }
    if (begin == end) {
        const Paragraph& last = m_paragraphs.back();
        if (begin >= last.begin) {
            rects.push_back(newlineBox(last));
        }
        return rects;
    }
    auto paragraph = std::upper_bound(m_paragraphs.begin(), m_paragraphs.end(), begin,
                                      [](int position, const Paragraph& p) { return position < p.begin; });
    for (--paragraph; paragraph != m_paragraphs.end() && paragraph->begin < end; ++paragraph) {
        addRects(*paragraph, begin, end, rects);
    }
    return rects;
}

int ResponseText::positionAt(const QPointF& point) const
{
    for (const Paragraph& paragraph : m_paragraphs) {
        if (point.y() >= paragraph.top + paragraph.height || paragraph.layout == nullptr) {
            continue;
        }
        const QTextLayout& layout = *paragraph.layout;
        const int index = static_cast<int>((point.y() - paragraph.top) / m_lineStep);
        if (index < 0 || index >= layout.lineCount()) {
            return paragraph.begin;
        }
        const QTextLine line = layout.lineAt(index);
        const bool last = index == layout.lineCount() - 1;
        const QRectF used = line.naturalTextRect();
        if (last && (point.x() < used.left() || point.x() > used.right())) {
            return paragraph.begin + paragraph.length;  // the newline, or the end
        }
        return paragraph.begin + line.xToCursor(point.x(), QTextLine::CursorOnCharacter);
    }
    return -1;
}

void ResponseText::draw(QPainter& painter, const QColor& colour, const std::vector<Tint>& tints,
                        const QRectF& visible) const
{
    painter.setPen(colour);
    for (const Paragraph& paragraph : m_paragraphs) {
        if (paragraph.layout == nullptr || paragraph.top + paragraph.height < visible.top() ||
            paragraph.top > visible.bottom()) {
            continue;
        }
        QList<QTextLayout::FormatRange> formats;
        for (const Tint& tint : tints) {
            const int from = std::max(tint.begin - paragraph.begin, 0);
            const int to = std::min(tint.end - paragraph.begin, paragraph.length);
            if (from < to) {
                QTextLayout::FormatRange range;
                range.start = from;
                range.length = to - from;
                range.format.setForeground(tint.colour);
                formats.append(range);
            }
        }
        paragraph.layout->draw(&painter, QPointF(0, paragraph.top), formats, visible);
    }
}

void ResponseText::strengthen(QPainter& painter, int begin, int end, const QColor& colour) const
{
    painter.setPen(colour);
    for (const Paragraph& paragraph : m_paragraphs) {
        const int from = std::max(begin - paragraph.begin, 0);
        const int to = std::min(end - paragraph.begin, paragraph.length);
        if (from >= to || paragraph.layout == nullptr) {
            continue;
        }
        for (const QGlyphRun& run : paragraph.layout->glyphRuns(from, to - from)) {
            painter.drawGlyphRun(QPointF(0.45, paragraph.top), run);
        }
    }
}

}  // namespace stet::ui
