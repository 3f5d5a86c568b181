#include "tests/app/session/live_window.h"

#include "tests/support/paths.h"
#include "ui/annotate/annotate_page.h"
#include "ui/start/start_page.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QLabel>
#include <QPushButton>
#include <QtTest>

namespace stet::test {

void useHome(const QString& home)
{
    qputenv("XDG_DATA_HOME", (home + QStringLiteral("/data")).toUtf8());
    qputenv("XDG_CONFIG_HOME", (home + QStringLiteral("/config")).toUtf8());
    // On a slow machine (tst_live_window_slow) answers come late and overtake each other.
    const QString slow = qEnvironmentVariable("STET_TEST_SLOW_WORKER");
    qputenv("STET_TRAINER",
            slow.isEmpty() ? QByteArray::fromStdString(trainerProgram())
                           : (slow + QLatin1Char(' ')).toUtf8() + trainerProgram().c_str());
    QApplication::setOrganizationName(QStringLiteral("stet"));
    QApplication::setApplicationName(QStringLiteral("stet"));
}

bool waitFor(const std::function<bool()>& reached, int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    while (!reached()) {
        if (deadline.hasExpired()) {
            return false;
        }
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 20);
        QTest::qWait(1);
    }
    return true;
}

LiveWindow::LiveWindow()
    : m_worker(std::make_unique<app::WorkerClient>())
    , m_window(std::make_unique<ui::MainWindow>())
    , m_controller(std::make_unique<app::WindowController>(*m_window, *m_worker, QString::fromStdString(exampleDir()),
                                                           qEnvironmentVariable("STET_REAL_EXAMPLE")))
{
    m_window->resize(1280, 800);
    m_window->show();
    m_window->activateWindow();
    (void)QTest::qWaitForWindowActive(m_window.get());
    m_controller->begin({});
}

// In the order of main: controllers go before the window, the worker last.
LiveWindow::~LiveWindow()
{
    m_controller.reset();
    m_window.reset();
}

bool LiveWindow::openExample()
{
    QTest::mouseClick(m_window->startPage()->findChildren<QPushButton*>().at(0), Qt::LeftButton);
    return waitFor([this] { return shownId() >= 0 && m_worker->state() == app::WorkerClient::State::Ready; });
}

bool LiveWindow::openProject(const QString& path)
{
    Q_EMIT m_window->startPage()->openRequested(path);
    return waitFor([this] { return shownId() >= 0 && m_worker->state() == app::WorkerClient::State::Ready; });
}

QString LiveWindow::projectFolder() const
{
    return m_controller->session() != nullptr ? m_controller->session()->folder() : QString();
}

ui::JudgmentEdit* LiveWindow::judgment() const
{
    return m_window->annotatePage()->findChild<ui::JudgmentEdit*>();
}

ui::HeatMapView* LiveWindow::heatMap() const
{
    return m_window->annotatePage()->findChild<ui::HeatMapView*>();
}

std::int64_t LiveWindow::shownId() const
{
    const auto id = m_window->annotatePage()->currentId();
    return m_window->isProjectShown() && id ? id->value : -1;
}

bool LiveWindow::scored() const
{
    return heatMap()->model().scored() && !heatMap()->model().stale();
}

void LiveWindow::press(int key, Qt::KeyboardModifiers modifiers)
{
    QWidget* target = QApplication::focusWidget();
    QTest::keyClick(target != nullptr ? target : m_window.get(), static_cast<Qt::Key>(key), modifiers);
}

void LiveWindow::type(const QString& text)
{
    m_window->annotatePage()->focusJudgment();
    QTest::keyClicks(judgment(), text);
}

bool LiveWindow::submit()
{
    const auto before = shownId();
    QTest::keyClick(judgment(), Qt::Key_Return, Qt::ControlModifier);
    return waitFor([&] { return shownId() != before; });
}

QPushButton* LiveWindow::button(const QString& text) const
{
    for (QPushButton* found : m_window->findChildren<QPushButton*>()) {
        if (found->isVisible() && found->text().startsWith(text)) {
            return found;
        }
    }
    return nullptr;
}

QString LiveWindow::description() const
{
    QStringList lines = {QStringLiteral("page %1, worker state %2, response %3, %4, judgment “%5”")
                             .arg(static_cast<int>(m_window->page()))
                             .arg(static_cast<int>(m_worker->state()))
                             .arg(shownId())
                             .arg(scored() ? QStringLiteral("scored") : QStringLiteral("not scored"),
                                  judgment() != nullptr ? judgment()->toPlainText() : QString())};
    for (const QPushButton* button : m_window->findChildren<QPushButton*>()) {
        if (button->isVisible() && !button->text().isEmpty()) {
            lines << QStringLiteral("“%1”, a button%2")
                         .arg(button->text(), button->isEnabled() ? QString() : QStringLiteral(", disabled"));
        }
    }
    for (const QLabel* label : m_window->findChildren<QLabel*>()) {
        if (label->isVisible() && !label->text().isEmpty()) {
            lines << QStringLiteral("“%1”").arg(label->text());
        }
    }
    return (lines + m_worker->lastLogLines()).join(QLatin1Char('\n'));
}

}  // namespace stet::test
