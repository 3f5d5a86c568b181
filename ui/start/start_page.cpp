#include "ui/start/start_page.h"

#include "ui/common/parts.h"
#include "ui/start/new_project_form.h"

#include <QEvent>
#include <QFileDialog>
#include <QGridLayout>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

namespace stet::ui {

namespace {

QString dayText(const QDateTime& when)
{
    const qint64 days = when.daysTo(QDateTime::currentDateTime());
    if (!when.isValid()) {
        return {};
    }
    if (days == 0) {
        return StartPage::tr("today");
    }
    return days == 1 ? StartPage::tr("yesterday") : QLocale().toString(when.date(), QLocale::ShortFormat);
}

}  // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent)
{
    build();
    retranslate();
}

void StartPage::build()
{
    QWidget* page = scrolledPage(this, 860);
    m_title = titleLabel(page);
    QFont big = m_title->font();
    big.setPointSizeF(big.pointSizeF() * 1.5);
    m_title->setFont(big);
    m_lead = plainLabel(page);
    m_lead->setWordWrap(true);
    QFont lead = m_lead->font();
    lead.setPointSizeF(lead.pointSizeF() * 1.15);
    m_lead->setFont(lead);
    m_example = lookButton(page, "primary");
    m_realExample = lookButton(page);
    m_new = lookButton(page);
    m_new->setObjectName(QStringLiteral("new-project"));
    m_open = lookButton(page);
    m_exampleNote = plainLabel(page, "dim");
    m_realExampleNote = plainLabel(page, "dim");
    m_newNote = plainLabel(page, "dim");
    m_openNote = plainLabel(page, "dim");
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(10);
    QPushButton* const buttons[] = {m_example, m_realExample, m_new, m_open};
    QLabel* const notes[] = {m_exampleNote, m_realExampleNote, m_newNote, m_openNote};
    for (int i = 0; i < 4; ++i) {
        buttons[i]->setMinimumWidth(220);
        buttons[i]->setMinimumHeight(36);
        grid->addWidget(buttons[i], i, 0);
        grid->addWidget(notes[i], i, 1);
    }
    grid->setColumnStretch(1, 1);
    m_form = new NewProjectForm(page);
    m_form->hide();
    m_status = wrappedLabel(page, "problem");
    m_status->hide();
    m_cancel = lookButton(page);
    m_cancel->hide();
    auto* status = new QHBoxLayout;
    status->addWidget(m_status, 1);
    status->addWidget(m_cancel, 0, Qt::AlignTop);
    m_recentTitle = plainLabel(page, "heading");
    m_recentLayout = new QVBoxLayout;
    m_recentLayout->setSpacing(2);
    m_hardware = plainLabel(page, "dim");
    m_hardware->setWordWrap(true);
    m_hardwareMore = new QToolButton(page);
    m_hardwareMore->setText(QStringLiteral("?"));
    m_hardwareMore->setCheckable(true);
    m_hardwareDetails = wrappedLabel(page, "dim");
    m_hardwareDetails->hide();
    auto* hardware = new QHBoxLayout;
    hardware->addWidget(m_hardware, 1);
    hardware->addWidget(m_hardwareMore, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(20, 28, 20, 12);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_lead);
    layout->addSpacing(18);
    layout->addLayout(grid);
    layout->addWidget(m_form);
    layout->addLayout(status);
    layout->addSpacing(18);
    layout->addWidget(m_recentTitle);
    layout->addLayout(m_recentLayout);
    layout->addStretch(1);
    layout->addLayout(hardware);
    layout->addWidget(m_hardwareDetails);
    connect(m_example, &QPushButton::clicked, this, &StartPage::exampleRequested);
    connect(m_realExample, &QPushButton::clicked, this, &StartPage::realExampleRequested);
    connect(m_cancel, &QPushButton::clicked, this, &StartPage::cancelRequested);
    connect(m_new, &QPushButton::clicked, this, [this] { setFormVisible(!m_form->isVisible()); });
    connect(m_open, &QPushButton::clicked, this, &StartPage::chooseProject);
    connect(m_form, &NewProjectForm::cancelled, this, [this] { setFormVisible(false); });
    connect(m_form, &NewProjectForm::modelFolderPicked, this, &StartPage::modelFolderPicked);
    connect(m_form, &NewProjectForm::createPressed, this, &StartPage::createRequested);
    connect(m_hardwareMore, &QToolButton::toggled, m_hardwareDetails, &QWidget::setVisible);
}

void StartPage::retranslate()
{
    setAccessibleName(tr("Start"));
    m_title->setText(QStringLiteral("Stet"));
    m_lead->setText(
        tr("Judge a model's responses in your own words, see which words your judgment condemns, and train the "
           "model on it."));
    m_example->setText(tr("Open the example"));
    m_exampleNote->setText(tr("works at once, nothing to download"));
    m_realExample->setText(tr("Open the example with a real model"));
    m_realExampleNote->setText(tr("SmolLM2, 135 million parameters; 93 MB are fetched once"));
    m_cancel->setText(tr("Cancel"));
    m_new->setText(tr("New project …"));
    m_newNote->setText(tr("a model and your data"));
    m_open->setText(tr("Open a project …"));
    m_openNote->setText(tr("a folder NAME.stet"));
    m_recentTitle->setText(tr("Recent"));
    m_hardwareMore->setAccessibleName(tr("More about this computer"));
    m_hardwareMore->setToolTip(m_hardwareMore->accessibleName());
    m_hardware->setText(m_hardwareLine.isEmpty() ? tr("This computer: looking …")
                                                 : tr("This computer: %1").arg(m_hardwareLine));
    rebuildRecent();
}

void StartPage::setRecent(const std::vector<RecentProject>& projects)
{
    m_recent = projects;
    rebuildRecent();
}

void StartPage::rebuildRecent()
{
    while (QLayoutItem* item = m_recentLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentTitle->setVisible(!m_recent.empty());
    for (const RecentProject& project : m_recent) {
        auto* row = new QWidget(m_recentTitle->parentWidget());
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        QPushButton* open = lookButton(row, "link");
        open->setText(project.name);
        open->setToolTip(project.path);
        open->setAccessibleName(tr("Open %1").arg(project.name));
        open->setEnabled(!project.missing);
        connect(open, &QPushButton::clicked, this, [this, path = project.path] { Q_EMIT openRequested(path); });
        auto* note = plainLabel(row, "dim");
        note->setText(project.missing ? tr("the folder is gone")
                                      : tr("%n response(s)", nullptr, project.responses) + QStringLiteral(" · ") +
                              (project.round == 0 ? tr("no round yet") : tr("round %1").arg(project.round)) +
                              QStringLiteral(" · ") + dayText(project.lastOpened));
        auto* forget = new QToolButton(row);
        forget->setText(QStringLiteral("×"));
        forget->setToolTip(tr("Forget this entry (the project stays)"));
        forget->setAccessibleName(tr("Forget %1").arg(project.name));
        connect(forget, &QToolButton::clicked, this, [this, path = project.path] { Q_EMIT forgetRequested(path); });
        layout->addWidget(open);
        layout->addWidget(note, 1);
        layout->addWidget(forget);
        m_recentLayout->addWidget(row);
    }
}

void StartPage::setHardware(const QString& line, const QString& details)
{
    m_hardwareLine = line;
    m_hardware->setText(tr("This computer: %1").arg(line));
    m_hardwareDetails->setText(details);
    m_hardwareMore->setVisible(!details.isEmpty());
}

void StartPage::setBusy(const QString& sentence, bool cancellable)
{
    m_cancel->setVisible(cancellable && !sentence.isEmpty());
    setOrHide(m_status, sentence);
    setTone(m_status, "dim");
    for (QPushButton* button : {m_example, m_realExample, m_new, m_open}) {
        button->setEnabled(sentence.isEmpty());
    }
    m_form->setEnabled(sentence.isEmpty());
}

void StartPage::setProblem(const QString& sentence)
{
    setBusy({});
    setOrHide(m_status, sentence);
    setTone(m_status, "problem");
}

void StartPage::setDefaultFolder(const QString& folder)
{
    m_form->setDefaultFolder(folder);
}

void StartPage::setModelVerdict(const QString& modelFolder, bool usable, const QString& sentence)
{
    m_form->setModelVerdict(modelFolder, usable, sentence);
}

void StartPage::setFormVisible(bool visible)
{
    m_form->setVisible(visible);
    if (!visible) {
        m_new->setFocus(Qt::OtherFocusReason);
    }
}

void StartPage::chooseProject()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project: choose its folder NAME.stet"));
    if (!folder.isEmpty()) {
        Q_EMIT openRequested(folder);
    }
}

void StartPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
