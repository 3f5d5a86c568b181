#include "ui/start/new_project_form.h"

#include "ui/common/parts.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QUrl>

namespace stet::ui {

namespace {

// The one folder or file that is dragged; empty: something else is.
QString droppedPath(const QMimeData* dragged)
{
    const QList<QUrl> urls = dragged->urls();
    return urls.size() == 1 && urls.front().isLocalFile() ? QDir::cleanPath(urls.front().toLocalFile()) : QString();
}

}  // namespace

NewProjectForm::NewProjectForm(QWidget* parent)
    : QFrame(parent)
    , m_model(new QLineEdit(this))
    , m_chooseModel(lookButton(this))
    , m_chooseModelFile(lookButton(this))
    , m_verdict(wrappedLabel(this, "dim"))
    , m_data(new QLineEdit(this))
    , m_chooseData(lookButton(this))
    , m_name(new QLineEdit(this))
    , m_folder(new QLineEdit(this))
    , m_chooseFolder(lookButton(this))
    , m_create(lookButton(this, "primary"))
    , m_cancel(lookButton(this, "link"))
{
    setLook(this, "card");
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(16, 14, 16, 14);
    grid->setVerticalSpacing(8);
    QLineEdit* const edits[] = {m_model, m_data, m_name, m_folder};
    QPushButton* const buttons[] = {m_chooseModel, m_chooseData, nullptr, m_chooseFolder};
    int row = 0;
    for (int i = 0; i < 4; ++i) {
        m_names[i] = plainLabel(this);
        m_names[i]->setBuddy(edits[i]);
        grid->addWidget(m_names[i], row, 0);
        grid->addWidget(edits[i], row, 1);
        if (buttons[i] != nullptr) {
            grid->addWidget(buttons[i], row, 2);
        }
        ++row;
        if (i == 0) {
            grid->addWidget(m_chooseModelFile, 0, 3);
            grid->addWidget(m_verdict, row++, 1, 1, 3);
        }
        // What is dropped anywhere on the form goes where it belongs.
        edits[i]->setAcceptDrops(false);
    }
    setAcceptDrops(true);
    auto* line = new QHBoxLayout;
    line->addWidget(m_create);
    line->addWidget(m_cancel);
    line->addStretch(1);
    grid->addLayout(line, row, 1, 1, 3);
    grid->setColumnStretch(1, 1);
    m_verdict->hide();
    retranslate();
    refresh();
    connect(m_chooseModel, &QPushButton::clicked, this, &NewProjectForm::chooseModel);
    connect(m_chooseModelFile, &QPushButton::clicked, this, &NewProjectForm::chooseModelFile);
    connect(m_chooseData, &QPushButton::clicked, this, &NewProjectForm::chooseData);
    connect(m_chooseFolder, &QPushButton::clicked, this, &NewProjectForm::chooseFolder);
    connect(m_model, &QLineEdit::editingFinished, this, [this] {
        if (!m_model->text().isEmpty() && !m_usable) {
            Q_EMIT modelFolderPicked(m_model->text());
        }
    });
    connect(m_model, &QLineEdit::textEdited, this, [this] {
        m_usable = false;
        setOrHide(m_verdict, {});
        refresh();
    });
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_named = true; });
    for (QLineEdit* edit : {m_name, m_folder}) {
        connect(edit, &QLineEdit::textChanged, this, &NewProjectForm::refresh);
    }
    connect(m_create, &QPushButton::clicked, this, [this] { Q_EMIT createPressed(project()); });
    connect(m_cancel, &QPushButton::clicked, this, &NewProjectForm::cancelled);
}

void NewProjectForm::retranslate()
{
    setAccessibleName(tr("New project"));
    const QString names[] = {tr("Model"), tr("Your data"), tr("Name"), tr("Make it in")};
    QLineEdit* const edits[] = {m_model, m_data, m_name, m_folder};
    for (int i = 0; i < 4; ++i) {
        m_names[i]->setText(names[i]);
        edits[i]->setAccessibleName(names[i]);
    }
    m_model->setPlaceholderText(tr("a Hugging Face folder with config.json and *.safetensors, or a GGUF file"));
    m_data->setPlaceholderText(tr("responses with judgments, or instructions alone (can be added later)"));
    for (QPushButton* button : {m_chooseData, m_chooseFolder}) {
        button->setText(tr("Choose …"));
    }
    m_chooseModel->setText(tr("Folder …"));
    m_chooseModelFile->setText(tr("GGUF file …"));
    m_chooseModel->setAccessibleName(tr("Choose the model folder"));
    m_chooseModelFile->setAccessibleName(tr("Choose the model's GGUF file"));
    m_chooseData->setAccessibleName(tr("Choose the data file"));
    m_chooseFolder->setAccessibleName(tr("Choose where the project is made"));
    m_create->setText(tr("Create the project"));
    m_cancel->setText(tr("Cancel"));
}

void NewProjectForm::refresh()
{
    m_create->setEnabled(m_usable && !m_name->text().trimmed().isEmpty() && !m_folder->text().isEmpty());
}

NewProject NewProjectForm::project() const
{
    return {m_name->text().trimmed(), m_folder->text(), m_model->text(), m_data->text()};
}

void NewProjectForm::setDefaultFolder(const QString& folder)
{
    if (m_folder->text().isEmpty()) {
        m_folder->setText(folder);
    }
}

void NewProjectForm::setModelFolder(const QString& folder)
{
    m_model->setText(folder);
    m_usable = false;
    setOrHide(m_verdict, tr("Looking at the model …"));
    setTone(m_verdict, "dim");
    if (!m_named) {
        const QFileInfo model(folder);
        m_name->setText(model.isFile() ? model.completeBaseName() : QDir(folder).dirName());
    }
    refresh();
    Q_EMIT modelFolderPicked(folder);
}

void NewProjectForm::setDataFile(const QString& file)
{
    m_data->setText(file);
}

void NewProjectForm::setModelVerdict(const QString& modelFolder, bool usable, const QString& sentence)
{
    if (modelFolder != m_model->text()) {
        return;  // an answer about a folder that is no longer asked about
    }
    m_usable = usable;
    setOrHide(m_verdict, sentence);
    setTone(m_verdict, usable ? "good" : "problem");
    refresh();
}

void NewProjectForm::chooseModel()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Choose the model folder"), m_model->text());
    if (!folder.isEmpty()) {
        setModelFolder(folder);
    }
}

void NewProjectForm::chooseModelFile()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Choose the model's GGUF file"), QFileInfo(m_model->text()).path(),
                                     tr("GGUF models (*.gguf);;All files (*)"));
    if (!file.isEmpty()) {
        setModelFolder(file);
    }
}

void NewProjectForm::chooseData()
{
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Choose the data file"), QFileInfo(m_data->text()).path(),
                                     tr("Data (*.json *.jsonl *.csv *.tsv *.txt *.gz);;All files (*)"));
    if (!file.isEmpty()) {
        setDataFile(file);
    }
}

void NewProjectForm::chooseFolder()
{
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Choose where the project is made"), m_folder->text());
    if (!folder.isEmpty()) {
        m_folder->setText(folder);
    }
}

void NewProjectForm::dragEnterEvent(QDragEnterEvent* event)
{
    if (!droppedPath(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void NewProjectForm::dropEvent(QDropEvent* event)
{
    const QString path = droppedPath(event->mimeData());
    if (path.isEmpty()) {
        return;
    }
    event->acceptProposedAction();
    const bool isModel = QFileInfo(path).isDir() || path.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive);
    isModel ? setModelFolder(path) : setDataFile(path);
}

void NewProjectForm::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
