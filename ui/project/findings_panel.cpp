#include "ui/project/findings_panel.h"

#include "ui/common/parts.h"
#include "ui/project/finding_rows.h"
#include "ui/project/findings_table.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace stet::ui {

FindingsPanel::FindingsPanel(QWidget* parent)
    : QWidget(parent)
    , m_title(plainLabel(this, "heading"))
    , m_kinds(new FindingsTable(this))
    , m_rows(new FindingRows(this))
    , m_more(plainLabel(this, "dim"))
    , m_import(lookButton(this, "primary"))
    , m_decline(lookButton(this))
{
    m_title->setWordWrap(true);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_import);
    buttons->addWidget(m_decline);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(m_title);
    layout->addWidget(m_kinds);
    layout->addLayout(buttons);
    layout->addWidget(m_rows, 1);
    layout->addWidget(m_more);
    fill({}, false);
    connect(m_kinds, &FindingsTable::groupChosen, this, &FindingsPanel::showRows);
    connect(m_rows, &FindingRows::responseWanted, this, &FindingsPanel::responseWanted);
    connect(m_import, &QPushButton::clicked, this, [this] { Q_EMIT decided(m_kinds->choice()); });
    connect(m_decline, &QPushButton::clicked, this, &FindingsPanel::declined);
}

void FindingsPanel::tell(const std::vector<FindingGroup>& groups)
{
    fill(groups, false);
}

void FindingsPanel::ask(const std::vector<FindingGroup>& groups)
{
    fill(groups, true);
    m_kinds->setFocus();
}

void FindingsPanel::fill(const std::vector<FindingGroup>& groups, bool asking)
{
    m_groups = groups;
    m_asking = asking;
    m_kinds->setFindings(groups, asking);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_kinds, m_rows}) {
        widget->setVisible(!groups.empty());
    }
    for (QWidget* widget : std::initializer_list<QWidget*>{m_import, m_decline}) {
        widget->setVisible(asking);
    }
    showRows(groups.empty() ? -1 : 0);
    retranslate();
}

void FindingsPanel::showRows(int group)
{
    const bool some = group >= 0 && group < static_cast<int>(m_groups.size());
    const FindingGroup shown = some ? m_groups[static_cast<std::size_t>(group)] : FindingGroup();
    m_rows->setGroup(shown);
    const int more = shown.count - static_cast<int>(shown.rows.size());
    setOrHide(m_more, more > 0 ? tr("… and %n more", nullptr, more) : QString());
}

void FindingsPanel::retranslate()
{
    int count = 0;
    for (const auto& group : m_groups) {
        count += group.count;
    }
    m_title->setText(count == 0 ? tr("The check found nothing")
                         : m_asking
                         ? tr("The check found %n thing(s). Nothing has come in yet; say what is done.", nullptr, count)
                         : tr("The check found %n thing(s)", nullptr, count));
    m_import->setText(tr("Import now"));
    m_decline->setText(tr("Don't import"));
}

void FindingsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
