// Help → About Stet: the version, the licences of all that comes with it, and what a report of a fault should say about
// this computer. Made by MainWindow each time it is asked for; deletes itself when it is closed. GUI thread.
#pragma once

#include <QDialog>
#include <QString>

class QLabel;
class QListWidget;
class QPlainTextEdit;

namespace stet::ui {

struct AboutStet {
    QString version;        // "0.1.0 (commit …)"
    QString licenceFolder;  // text files whose first line is their title
};

// For reports, so never translated: version, Qt, system, and `worker` as the status line tells it.
QString diagnostics(const AboutStet& about, const QString& worker);

class AboutDialog : public QDialog {
    Q_OBJECT

public:
    AboutDialog(AboutStet about, QString worker, QWidget* parent);

private:
    QWidget* makeHead();
    QWidget* makeLicences();
    QWidget* makeButtons();
    void listLicences();
    void showLicence(int row);

    AboutStet m_about;
    QString m_worker;
    QListWidget* m_titles = nullptr;
    QPlainTextEdit* m_text = nullptr;
};

}  // namespace stet::ui
