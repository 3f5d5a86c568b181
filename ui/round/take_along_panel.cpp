#include "ui/round/take_along_panel.h"

#include "ui/common/parts.h"
#include "ui/round/round_card.h"

#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace stet::ui {

namespace {

QString formTitle(const QString& form)
{
    if (form == QLatin1String("huggingface")) {
        return TakeAlongPanel::tr("Hugging Face folder, merged");
    }
    if (form == QLatin1String("peft")) {
        return TakeAlongPanel::tr("Adapter alone, PEFT folder");
    }
    if (form == QLatin1String("gguf-adapter")) {
        return TakeAlongPanel::tr("Adapter alone, GGUF");
    }
    if (form == QLatin1String("gguf-q8_0")) {
        return TakeAlongPanel::tr("GGUF, 8 bits a weight");
    }
    return TakeAlongPanel::tr("GGUF, %1").arg(form.section(QLatin1Char('-'), 1).toUpper());
}

}  // namespace

TakeAlongPanel::TakeAlongPanel(QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel(this, "heading"))
    , m_close(new QToolButton(this))
    , m_forName(plainLabel(this))
    , m_for(new QComboBox(this))
    , m_asName(plainLabel(this))
    , m_as(new QComboBox(this))
    , m_save(lookButton(this, "primary"))
    , m_bar(new QProgressBar(this))
    , m_cancel(lookButton(this))
    , m_status(wrappedLabel(this))
    , m_command(new QLineEdit(this))
    , m_copy(lookButton(this))
    , m_tried(wrappedLabel(this, "dim"))
{
    build();
    retranslate();
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_for, &QComboBox::currentIndexChanged, this, &TakeAlongPanel::showForms);
    connect(m_save, &QPushButton::clicked, this, &TakeAlongPanel::choose);
    connect(m_cancel, &QPushButton::clicked, this, &TakeAlongPanel::cancelRequested);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_command->text()); });
}

void TakeAlongPanel::build()
{
    setLook(this, "card");
    m_close->setText(QStringLiteral("×"));
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 1000);
    m_command->setReadOnly(true);
    m_command->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_forName->setBuddy(m_for);
    m_asName->setBuddy(m_as);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    auto* choices = new QHBoxLayout;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_forName, m_for, m_asName, m_as, m_save}) {
        choices->addWidget(widget);
    }
    choices->addStretch(1);
    auto* running = new QHBoxLayout;
    running->addWidget(m_bar, 1);
    running->addWidget(m_cancel);
    auto* line = new QHBoxLayout;
    line->addWidget(m_command, 1);
    line->addWidget(m_copy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addLayout(choices);
    layout->addLayout(running);
    layout->addWidget(m_status);
    layout->addLayout(line);
    layout->addWidget(m_tried);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_bar, m_cancel, m_status, m_command, m_copy, m_tried}) {
        widget->hide();
    }
}

void TakeAlongPanel::retranslate()
{
    m_title->setText(tr("Use this model: %1").arg(roundName(m_round)));
    setAccessibleName(m_title->text());
    m_close->setAccessibleName(tr("Close"));
    m_forName->setText(tr("For"));
    m_for->setAccessibleName(tr("For which program"));
    m_asName->setText(tr("As"));
    m_as->setAccessibleName(tr("In which form"));
    m_save->setText(tr("Save …"));
    m_cancel->setText(tr("Cancel"));
    m_bar->setAccessibleName(tr("Saving the model"));
    m_command->setAccessibleName(tr("The line for a terminal"));
    m_copy->setText(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy the line"));
    for (int i = 0; i < m_for->count(); ++i) {
        const QString& title = m_programs[static_cast<std::size_t>(i)].title;
        m_for->setItemText(i, title.isEmpty() ? tr("Another program") : title);
    }
    for (int i = 0; i < m_as->count(); ++i) {
        m_as->setItemText(i, formTitle(m_as->itemData(i).toString()));
    }
    if (const ProgramChoice* chosen = program()) {
        m_tried->setText(
            chosen->tried.isEmpty()
                ? tr("The line is as the program's documentation has it; with this version of Stet it was not tried.")
                : tr("Such files were tried with %1.").arg(chosen->tried));
    }
}

void TakeAlongPanel::setChoices(std::vector<ModelFormChoice> forms, std::vector<ProgramChoice> programs)
{
    m_forms = std::move(forms);
    m_programs = std::move(programs);
    const QSignalBlocker quiet(m_for);
    m_for->clear();
    for (const ProgramChoice& one : m_programs) {
        m_for->addItem(QString(), one.name);
    }
    showForms();
}

const ProgramChoice* TakeAlongPanel::program() const
{
    const int index = m_for->currentIndex();
    return index < 0 ? nullptr : &m_programs[static_cast<std::size_t>(index)];
}

const ModelFormChoice* TakeAlongPanel::form(const QString& name) const
{
    const auto it =
        std::find_if(m_forms.begin(), m_forms.end(), [&](const ModelFormChoice& one) { return one.name == name; });
    return it == m_forms.end() ? nullptr : &*it;
}

// Those the program reads, and of the base model those that need no adapter.
void TakeAlongPanel::showForms()
{
    m_as->clear();
    if (const ProgramChoice* chosen = program()) {
        for (const QString& name : chosen->forms) {
            const ModelFormChoice* known = form(name);
            if (known != nullptr && (m_round > 0 || known->ofBase)) {
                m_as->addItem(QString(), name);
            }
        }
    }
    m_save->setEnabled(!m_running && m_as->count() > 0);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_command, m_copy, m_tried}) {
        widget->hide();  // they were another program's
    }
    m_as->setEnabled(m_as->count() > 0);
    if (!m_running) {
        setTone(m_status, "dim");
        setOrHide(m_status, m_as->count() > 0 ? QString() : tr("It reads the base model's own folder."));
    }
    retranslate();
}

void TakeAlongPanel::open(int round)
{
    if (!m_running) {
        m_round = round;
        showForms();
    }
    show();
    m_for->setFocus();
}

void TakeAlongPanel::choose()
{
    const ModelFormChoice* chosen = form(m_as->currentData().toString());
    if (chosen == nullptr) {
        return;
    }
    const QString stem = m_fileName + (m_round == 0 ? QString() : QStringLiteral("-round-%1").arg(m_round));
    const QString path = chosen->folder
        ? QFileDialog::getSaveFileName(this, tr("Save as the folder"), stem)
        : QFileDialog::getSaveFileName(this, tr("Save as"), stem + QStringLiteral(".gguf"),
                                       QStringLiteral("GGUF (*.gguf)"));
    if (!path.isEmpty()) {
        saveTo(path);
    }
}

void TakeAlongPanel::saveTo(const QString& path)
{
    Q_EMIT exportRequested(m_round, m_as->currentData().toString(), m_for->currentData().toString(), path);
}

void TakeAlongPanel::setRunning(double share)
{
    m_running = true;
    m_bar->setValue(static_cast<int>(share * 1000));
    m_bar->show();
    m_cancel->show();
    m_save->setEnabled(false);
    m_for->setEnabled(false);
    m_as->setEnabled(false);
    setTone(m_status, "dim");
    setOrHide(m_status, tr("Saving … the project stays as it is, and you can go on working."));
}

void TakeAlongPanel::setDone(const QString& sentence, const QString& command)
{
    showEnd(sentence, "good", command);
}

void TakeAlongPanel::setProblem(const QString& sentence)
{
    showEnd(sentence, "problem", {});
}

void TakeAlongPanel::showEnd(const QString& sentence, const char* tone, const QString& command)
{
    m_running = false;
    m_bar->hide();
    m_cancel->hide();
    m_save->setEnabled(true);
    m_for->setEnabled(true);
    m_as->setEnabled(true);
    setTone(m_status, tone);
    setOrHide(m_status, sentence);
    m_command->setText(command);
    m_command->setCursorPosition(0);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_command, m_copy, m_tried}) {
        widget->setVisible(!command.isEmpty());
    }
}

void TakeAlongPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
