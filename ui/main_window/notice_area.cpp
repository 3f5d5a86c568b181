#include "ui/main_window/notice_area.h"

#include "ui/common/parts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>

#include <algorithm>

namespace stet::ui {

namespace {

constexpr const char* kWords = "words";  // the name of a row's label

constexpr std::size_t kShown = 3;

const char* lookOf(Notice::Level level)
{
    switch (level) {
    case Notice::Level::Info:
        return "notice-info";
    case Notice::Level::Good:
        return "notice-good";
    case Notice::Level::Warning:
        return "notice-warning";
    case Notice::Level::Problem:
        return "notice-problem";
    }
    return "notice-info";
}

// The kind in a sign as well, for those who don't see the colour.
QString signOf(Notice::Level level)
{
    switch (level) {
    case Notice::Level::Info:
        return QStringLiteral("ⓘ");
    case Notice::Level::Good:
        return QStringLiteral("✓");
    case Notice::Level::Warning:
        return QStringLiteral("⚠");
    case Notice::Level::Problem:
        return QStringLiteral("✕");
    }
    return {};
}

}  // namespace

NoticeArea::NoticeArea(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(12, 8, 12, 0);
    m_layout->setSpacing(6);
    setAccessibleName(tr("Notices"));
    hide();
}

void NoticeArea::add(const Notice& notice)
{
    const auto same =
        std::find_if(m_notices.begin(), m_notices.end(), [&](const Notice& old) { return old.id == notice.id; });
    if (same != m_notices.end()) {
        const bool onlyWords = same->level == notice.level &&
            std::equal(same->actions.begin(), same->actions.end(), notice.actions.begin(), notice.actions.end(),
                       [](const auto& a, const auto& b) { return a.id == b.id && a.text == b.text; });
        *same = notice;
        if (onlyWords && changeWords(static_cast<int>(same - m_notices.begin()), notice.text)) {
            return;
        }
    } else {
        m_notices.insert(m_notices.begin(), notice);
    }
    rebuild();
}

// Of a row that is on screen: its buttons stay where they are, under a finger that is about to press one.
bool NoticeArea::changeWords(int index, const QString& text)
{
    QLayoutItem* item = m_layout->itemAt(index);
    QLabel* label = item == nullptr ? nullptr : item->widget()->findChild<QLabel*>(QString::fromLatin1(kWords));
    if (label != nullptr) {
        label->setText(text);
        item->widget()->setAccessibleName(text);
    }
    return label != nullptr;
}

bool NoticeArea::contains(const QString& id) const
{
    return std::any_of(m_notices.begin(), m_notices.end(), [&](const Notice& notice) { return notice.id == id; });
}

void NoticeArea::remove(const QString& id)
{
    std::erase_if(m_notices, [&id](const Notice& notice) { return notice.id == id; });
    rebuild();
}

void NoticeArea::rebuild()
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        // Later: a row may be the sender of the click that removes it.
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (std::size_t i = 0; i < std::min(kShown, m_notices.size()); ++i) {
        m_layout->addWidget(makeRow(m_notices[i]));
    }
    setVisible(!m_notices.empty());
}

QWidget* NoticeArea::makeRow(const Notice& notice)
{
    QFrame* row = card(this, lookOf(notice.level));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(12, 7, 6, 7);
    QLabel* sign = plainLabel(row,
                              notice.level == Notice::Level::Good          ? "good"
                                  : notice.level == Notice::Level::Warning ? "warning"
                                  : notice.level == Notice::Level::Problem ? "problem"
                                                                           : "");
    sign->setText(signOf(notice.level));
    QLabel* text = wrappedLabel(row);
    text->setObjectName(QString::fromLatin1(kWords));
    text->setText(notice.text);
    layout->addWidget(sign);
    layout->addWidget(text, 1);
    bool first = true;
    for (const Notice::Action& action : notice.actions) {
        QPushButton* button = lookButton(row, first ? "primary" : "");
        button->setText(action.text);
        connect(button, &QPushButton::clicked, this, [this, notice = notice.id, id = action.id] {
            remove(notice);
            Q_EMIT this->action(notice, id);
        });
        layout->addWidget(button);
        first = false;
    }
    auto* close = new QToolButton(row);
    close->setText(QStringLiteral("×"));
    close->setAccessibleName(tr("Close this notice"));
    connect(close, &QToolButton::clicked, this, [this, id = notice.id] {
        remove(id);
        Q_EMIT action(id, QStringLiteral("dismissed"));
    });
    layout->addWidget(close);
    row->setAccessibleName(notice.text);
    return row;
}

void NoticeArea::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Notices"));
        rebuild();
    }
}

}  // namespace stet::ui
