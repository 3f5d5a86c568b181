#include "ui/project/instructions_panel.h"

#include "ui/common/flow_layout.h"
#include "ui/common/parts.h"
#include "ui/project/generate_panel.h"

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

namespace {

QString setTitle(const QString& name)
{
    return name == QLatin1String(annotate::kWaitingSet) ? InstructionsPanel::tr("To answer")
        : name == QLatin1String(annotate::kHeldOutSet)  ? InstructionsPanel::tr("Held out")
        : name == QLatin1String(annotate::kControlSet)  ? InstructionsPanel::tr("Control")
                                                        : name;
}

}  // namespace

InstructionsPanel::InstructionsPanel(QWidget* parent)
    : QWidget(parent), m_set(QString::fromLatin1(annotate::kWaitingSet)), m_chips(new QButtonGroup(this))
{
    build();
    setSets({{annotate::kWaitingSet, 0, 0}, {annotate::kHeldOutSet, 0, 0}, {annotate::kControlSet, 0, 0}});
    retranslate();
}

void InstructionsPanel::build()
{
    m_chipRow = new QWidget(this);
    new FlowLayout(m_chipRow, 4);
    m_search = new QLineEdit(this);
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(260);
    m_lead = wrappedLabel(this, "dim");
    m_list = new QListWidget(this);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setUniformItemSizes(true);
    m_list->setSpacing(2);
    m_rest = plainLabel(this, "dim");
    m_add = lookButton(this);
    m_import = lookButton(this, "link");
    m_move = lookButton(this);
    m_remove = lookButton(this);
    m_paste = new QWidget(this);
    m_lines = new QPlainTextEdit(m_paste);
    m_lines->setTabChangesFocus(true);
    m_lines->setMaximumHeight(fontMetrics().height() * 5);
    m_take = lookButton(m_paste, "primary");
    m_remark = wrappedLabel(this);
    m_generate = new GeneratePanel(this);
    auto* head = new QHBoxLayout;
    head->addWidget(m_chipRow, 1);
    head->addWidget(m_search);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_add, m_move, m_remove}) {
        buttons->addWidget(button);
    }
    buttons->addWidget(m_rest, 1);
    buttons->addWidget(m_import);
    auto* paste = new QHBoxLayout(m_paste);
    paste->setContentsMargins(0, 0, 0, 0);
    paste->addWidget(m_lines, 1);
    paste->addWidget(m_take, 0, Qt::AlignBottom);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 14, 14, 14);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_lead);
    layout->addWidget(m_list, 1);
    layout->addLayout(buttons);
    layout->addWidget(m_paste);
    layout->addWidget(m_remark);
    layout->addWidget(m_generate);
    m_paste->hide();
    m_remark->hide();
    connect(m_search, &QLineEdit::textChanged, this, [this] { Q_EMIT rowsWanted(m_set, search()); });
    connect(m_list, &QListWidget::itemSelectionChanged, this, &InstructionsPanel::refresh);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_paste->setVisible(!m_paste->isVisible());
        m_lines->setFocus(Qt::OtherFocusReason);
    });
    connect(m_lines, &QPlainTextEdit::textChanged, this, &InstructionsPanel::refresh);
    connect(m_take, &QPushButton::clicked, this, &InstructionsPanel::add);
    connect(m_import, &QPushButton::clicked, this, &InstructionsPanel::importWanted);
    connect(m_remove, &QPushButton::clicked, this, &InstructionsPanel::remove);
    connect(m_move, &QPushButton::clicked, this, [this] {
        Q_EMIT moveRequested(selected(),
                             QString::fromLatin1(isHeldOut() ? annotate::kWaitingSet : annotate::kHeldOutSet));
    });
}

void InstructionsPanel::retranslate()
{
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search the instructions"));
    m_list->setAccessibleName(tr("Instructions"));
    m_add->setText(tr("Paste …"));
    m_import->setText(tr("Import a file …"));
    m_remove->setText(tr("Remove"));
    m_lines->setPlaceholderText(tr("One instruction a line"));
    m_lines->setAccessibleName(tr("Instructions to add, one a line"));
    m_take->setText(tr("Add them"));
    rebuildChips();
    refresh();
}

void InstructionsPanel::setSets(const std::vector<annotate::InstructionSet>& sets)
{
    m_sets = sets;
    if (current() == nullptr) {
        m_set = QString::fromLatin1(annotate::kWaitingSet);
    }
    rebuildChips();
    refresh();
}

// The chips are few and their number changes seldom: those that are there get new words.
void InstructionsPanel::rebuildChips()
{
    while (m_chips->buttons().size() < static_cast<qsizetype>(m_sets.size())) {
        auto* chip = new QToolButton(m_chipRow);
        chip->setCheckable(true);
        chip->setFocusPolicy(Qt::TabFocus);
        setLook(chip, "chip");
        m_chipRow->layout()->addWidget(chip);
        m_chips->addButton(chip);
        connect(chip, &QToolButton::clicked, this, [this, chip] { choose(chip->property("set").toString()); });
    }
    const auto chips = m_chips->buttons();
    for (qsizetype i = 0; i < chips.size(); ++i) {
        const bool used = i < static_cast<qsizetype>(m_sets.size());
        chips[i]->setVisible(used);
        if (used) {
            const auto& set = m_sets[static_cast<std::size_t>(i)];
            const QString name = QString::fromStdString(set.name);
            chips[i]->setProperty("set", name);
            chips[i]->setText(setTitle(name) + QLatin1Char(' ') + QLocale().toString(set.count));
            chips[i]->setChecked(name == m_set);
        }
    }
}

const annotate::InstructionSet* InstructionsPanel::current() const
{
    const auto found =
        std::find_if(m_sets.begin(), m_sets.end(), [this](const auto& one) { return one.name == m_set.toStdString(); });
    return found == m_sets.end() ? nullptr : &*found;
}

bool InstructionsPanel::isHeldOut() const
{
    return m_set == QLatin1String(annotate::kHeldOutSet);
}

void InstructionsPanel::refresh()
{
    const bool control = m_set == QLatin1String(annotate::kControlSet);
    const auto* set = current();
    if (isHeldOut()) {
        m_lead->setText(tr("Every round is compared on these. Nothing is trained on responses to them."));
    } else if (control) {
        m_lead->setText(tr("No round should change the responses to these; every comparison says how much it did."));
    } else if (set == nullptr || set->count == 0) {
        m_lead->setText(tr("Instructions that the model is to answer. Paste some, or import a file of instructions."));
    } else {
        m_lead->setText(tr("Nobody has answered %n of these yet.", nullptr, set->fresh));
    }
    const bool any = !m_list->selectedItems().isEmpty();
    m_move->setVisible(!control);
    m_move->setText(isHeldOut() ? tr("Hold out no longer") : tr("Hold out"));
    m_move->setEnabled(any && !m_readOnly);
    m_remove->setEnabled(any && !m_readOnly);
    m_add->setVisible(!control);
    m_add->setEnabled(!m_readOnly);
    m_take->setEnabled(!m_lines->toPlainText().trimmed().isEmpty());
    m_paste->setVisible(m_paste->isVisible() && !control);
    m_rest->setText(m_more ? tr("The first %n are shown; search for the others.", nullptr, m_shown) : QString());
    m_generate->setVisible(!control && !isHeldOut());
}

void InstructionsPanel::setRows(const std::vector<annotate::InstructionRow>& rows, bool more)
{
    m_list->clear();
    for (const auto& row : rows) {
        const QString text = QString::fromStdString(row.text).simplified();
        auto* item = new QListWidgetItem(
            row.responses == 0 ? text : tr("%1  (%n response(s))", nullptr, row.responses).arg(text), m_list);
        item->setData(Qt::UserRole, QVariant::fromValue<qint64>(row.id));
        item->setToolTip(text.left(600).toHtmlEscaped());
    }
    m_shown = static_cast<int>(rows.size());
    m_more = more;
    refresh();
}

void InstructionsPanel::showSet(const QString& set)
{
    m_search->clear();
    choose(set);
}

void InstructionsPanel::choose(const QString& set)
{
    m_set = set;
    setOrHide(m_remark, {});
    rebuildChips();
    Q_EMIT rowsWanted(m_set, search());
    refresh();
}

void InstructionsPanel::setRemark(const QString& sentence)
{
    setOrHide(m_remark, sentence);
}

void InstructionsPanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    refresh();
}

QString InstructionsPanel::search() const
{
    return m_search->text();
}

std::vector<qint64> InstructionsPanel::selected() const
{
    std::vector<qint64> ids;
    for (const auto* item : m_list->selectedItems()) {
        ids.push_back(item->data(Qt::UserRole).toLongLong());
    }
    return ids;
}

void InstructionsPanel::add()
{
    Q_EMIT addRequested(m_set, m_lines->toPlainText());
    m_lines->clear();
    m_paste->hide();
}

void InstructionsPanel::remove()
{
    Q_EMIT removeRequested(selected());
}

void InstructionsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
