#include "ui/main_window/about_dialog.h"

#include "ui/common/parts.h"

#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QSysInfo>
#include <QTextStream>
#include <QVBoxLayout>

namespace stet::ui {

namespace {

QString contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

QString diagnostics(const AboutStet& about, const QString& worker)
{
    QString text;
    QTextStream(&text) << "Stet " << about.version << "\nQt " << qVersion() << ", " << QGuiApplication::platformName()
                       << '\n'
                       << QSysInfo::prettyProductName() << ", " << QSysInfo::kernelType() << ' '
                       << QSysInfo::kernelVersion() << ", " << QSysInfo::currentCpuArchitecture() << '\n'
                       << worker << '\n';
    return text;
}

AboutDialog::AboutDialog(AboutStet about, QString worker, QWidget* parent)
    : QDialog(parent), m_about(std::move(about)), m_worker(std::move(worker))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About Stet"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 16);
    column->setSpacing(12);
    column->addWidget(makeHead());
    column->addWidget(makeLicences(), 1);
    column->addWidget(makeButtons());
    listLicences();
    resize(960, 620);
}

QWidget* AboutDialog::makeHead()
{
    auto* head = new QWidget(this);
    auto* lines = new QVBoxLayout(head);
    lines->setContentsMargins(0, 0, 0, 0);
    QLabel* title = titleLabel(head);
    title->setText(QStringLiteral("Stet"));
    QLabel* version = wrappedLabel(head, "dim");
    version->setText(tr("Version %1").arg(m_about.version));
    QLabel* terms = wrappedLabel(head);
    terms->setText(
        tr("Stet's source is under the Apache License 2.0. This program links Qt Charts and may be passed on "
           "only under the GNU GPL 3. What else comes with it, and under which licence:"));
    for (QLabel* label : {title, version, terms}) {
        lines->addWidget(label);
    }
    return head;
}

QWidget* AboutDialog::makeLicences()
{
    auto* split = new QSplitter(this);
    m_titles = new QListWidget(split);
    m_titles->setAccessibleName(tr("Licences"));
    m_titles->setWordWrap(true);
    m_titles->setSpacing(3);
    m_text = new QPlainTextEdit(split);
    m_text->setReadOnly(true);
    m_text->setAccessibleName(tr("Text of the licence"));
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    split->setChildrenCollapsible(false);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 5);
    connect(m_titles, &QListWidget::currentRowChanged, this, &AboutDialog::showLicence);
    return split;
}

QWidget* AboutDialog::makeButtons()
{
    auto* row = new QWidget(this);
    auto* buttons = new QHBoxLayout(row);
    buttons->setContentsMargins(0, 0, 0, 0);
    QPushButton* copy = lookButton(row);
    copy->setText(tr("Copy diagnostics"));
    copy->setToolTip(tr("Version, system and worker, for a report; nothing of your projects"));
    QPushButton* close = lookButton(row, "primary");
    close->setText(tr("Close"));
    buttons->addWidget(copy);
    buttons->addStretch(1);
    buttons->addWidget(close);
    connect(copy, &QPushButton::clicked, this, [this, copy] {
        QGuiApplication::clipboard()->setText(diagnostics(m_about, m_worker));
        copy->setText(tr("Copied"));
    });
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    return row;
}

void AboutDialog::listLicences()
{
    const QDir folder(m_about.licenceFolder);
    for (const QString& name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name)) {
        const QString title = contentOf(folder.filePath(name)).section(QLatin1Char('\n'), 0, 0);
        auto* item = new QListWidgetItem(title);
        item->setData(Qt::UserRole, folder.filePath(name));
        // Stet's own stands first.
        m_titles->insertItem(name == QStringLiteral("stet.txt") ? 0 : m_titles->count(), item);
    }
    if (m_titles->count() == 0) {
        m_text->setPlainText(tr("The licences are missing in %1. Install Stet again.").arg(m_about.licenceFolder));
        return;
    }
    m_titles->setCurrentRow(0);
}

void AboutDialog::showLicence(int row)
{
    m_text->setPlainText(contentOf(m_titles->item(row)->data(Qt::UserRole).toString()));
}

}  // namespace stet::ui
