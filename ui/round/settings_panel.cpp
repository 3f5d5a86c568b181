#include "ui/round/settings_panel.h"

#include "ui/common/parts.h"

#include <QCoreApplication>
#include <QEvent>
#include <QGridLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <array>

namespace stet::ui {

namespace {

struct Row {
    const char* path;
    const char* name;
    const char* meaning;
};

// In the order of the panel, two a row.
constexpr std::array kRows = {
    Row{"optimizer.lr", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Learning rate"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings",
                          "How far each step goes. Half as far, and what should stay moves half as much.")},
    Row{"epochs", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Passes over the examples"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "How often each example is learnt from.")},
    Row{"max_steps", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Exactly so many steps"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Whatever the passes say.")},
    Row{"batch_size", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Examples a step"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "More make steps steadier and fewer.")},
    Row{"positive_ratio", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Accepted for each criticised"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "−1: all accepted responses are learnt from.")},
    Row{"imitate", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Imitate what isn't flagged"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings",
                          "Weight of the rest of a criticised response; 0: nothing of it is imitated.")},
    Row{"anchor.weight", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Hold accepted responses"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings",
                          "Weight of the divergence from the model before, on accepted responses that don't train.")},
    Row{"seed", QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Seed"),
        QT_TRANSLATE_NOOP("stet::ui::RoundSettings", "Of the order of the examples and of what is drawn.")}};

QString words(const char* text)
{
    return QCoreApplication::translate("stet::ui::RoundSettings", text);
}

}  // namespace

RoundSettingsPanel::RoundSettingsPanel(QWidget* parent) : QWidget(parent), m_explanation(wrappedLabel(this, "dim"))
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    m_fields.reserve(kRows.size());
    for (const Row& row : kRows) {
        add(*grid, row.path);
    }
    grid->setColumnStretch(4, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addLayout(grid);
    layout->addWidget(m_explanation);
    retranslate();
}

void RoundSettingsPanel::add(QGridLayout& grid, const char* path)
{
    const auto place = static_cast<int>(m_fields.size());
    Field& field = m_fields.emplace_back(Field{path, plainLabel(this, "dim"), new QLineEdit(this), {}});
    field.box->setMaximumWidth(fontMetrics().averageCharWidth() * 14);
    field.name->setBuddy(field.box);
    grid.addWidget(field.name, place / 2, place % 2 * 2);
    grid.addWidget(field.box, place / 2, place % 2 * 2 + 1);
    connect(field.box, &QLineEdit::editingFinished, this,
            [this, place] { commit(m_fields[static_cast<std::size_t>(place)]); });
}

void RoundSettingsPanel::commit(Field& field)
{
    const QString value = field.box->text().trimmed();
    if (value != field.known) {
        field.known = value;
        Q_EMIT settingChosen(QString::fromLatin1(field.path), value);
    }
}

void RoundSettingsPanel::setUsed(const std::map<std::string, std::string>& used)
{
    for (const Field& field : m_fields) {
        const auto found = used.find(field.path);
        const bool none = found == used.end() || found->second == "null";
        field.box->setPlaceholderText(none ? QStringLiteral("–") : QString::fromStdString(found->second));
    }
}

void RoundSettingsPanel::setChosen(const std::map<std::string, std::string>& chosen)
{
    for (Field& field : m_fields) {
        const auto found = chosen.find(field.path);
        const QString value = found == chosen.end() ? QString() : QString::fromStdString(found->second);
        const bool writing = field.box->hasFocus() && field.box->text().trimmed() != field.known;
        field.known = value;
        if (!writing) {
            field.box->setText(value);
        }
    }
}

void RoundSettingsPanel::retranslate()
{
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const QString name = words(kRows[i].name);
        m_fields[i].name->setText(name);
        m_fields[i].box->setAccessibleName(name);
        m_fields[i].box->setToolTip(words(kRows[i].meaning));
        m_fields[i].name->setToolTip(words(kRows[i].meaning));
    }
    m_explanation->setText(tr("An empty box is as the preset has it. A round keeps the settings that it began with."));
}

void RoundSettingsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
