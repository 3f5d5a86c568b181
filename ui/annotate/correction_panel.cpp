#include "ui/annotate/correction_panel.h"

#include "ui/annotate/writing_edit.h"
#include "ui/common/parts.h"
#include "ui/common/word_diff_view.h"

#include <QEvent>
#include <QGridLayout>

#include <utility>

namespace stet::ui {

namespace {

using Kind = annotate::DiffPiece::Kind;

constexpr int kPauseMs = 60;

// What a text box makes of a text: its line ends and spaces.
QString asTyped(QString text)
{
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    for (const char16_t lineEnd : {u'\r', u'\u2028', u'\u2029'}) {
        text.replace(QChar(lineEnd), QLatin1Char('\n'));
    }
    return text.replace(QChar(QChar::Nbsp), QLatin1Char(' '));
}

}  // namespace

CorrectionPanel::CorrectionPanel(QWidget* parent)
    : QWidget(parent)
    , m_name(plainLabel(this, "dim"))
    , m_summary(plainLabel(this, "dim"))
    , m_edit(new WritingEdit(this))
    , m_changes(new WordDiffView(this))
{
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(4);
    layout->addWidget(m_name, 0, 0);
    layout->addWidget(m_summary, 0, 1);
    layout->addWidget(m_edit, 1, 0);
    layout->addWidget(m_changes, 1, 1);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 1);
    m_edit->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_changes->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_name->setBuddy(m_edit);
    m_comparing.setSingleShot(true);
    m_comparing.setInterval(kPauseMs);
    connect(&m_comparing, &QTimer::timeout, this, &CorrectionPanel::compare);
    connect(m_edit, &WritingEdit::textChanged, this, [this] {
        if (!m_writing) {
            m_comparing.start();
            Q_EMIT corrected();
        }
    });
    setVisible(false);
    retranslate();
}

void CorrectionPanel::setResponse(const QString& response, const std::optional<QString>& corrected)
{
    m_response = asTyped(response);
    const bool any = corrected && !corrected->isEmpty();
    write(any ? *corrected : QString());
    setOpen(any);
}

void CorrectionPanel::setCorrected(const std::optional<QString>& corrected)
{
    const QString text = corrected.value_or(QString());
    if (asTyped(text) == correction()) {
        return;
    }
    write(text);
    setOpen(m_open || !text.isEmpty());
}

void CorrectionPanel::setAuthor(const QString& author)
{
    m_author = author;
    retranslate();
}

void CorrectionPanel::setReadOnly(bool readOnly)
{
    m_edit->setReadOnly(readOnly);
}

void CorrectionPanel::setOpen(bool open)
{
    if (open && m_edit->toPlainText().isEmpty()) {
        write(m_response);
    }
    setVisible(open);
    if (std::exchange(m_open, open) != open) {
        Q_EMIT openChanged(open);
    }
}

QString CorrectionPanel::correction() const
{
    const QString text = m_edit->toPlainText();
    return text == m_response ? QString() : text;
}

void CorrectionPanel::write(const QString& text)
{
    m_writing = true;
    m_edit->replaceText(text);
    m_writing = false;
    compare();
}

// An empty box is no correction: everything left out would say something else.
void CorrectionPanel::compare()
{
    m_comparing.stop();
    const QString text = correction();
    m_changes->setPieces(
        annotate::wordDiff(m_response.toStdString(), (text.isEmpty() ? m_response : text).toStdString()));
    retranslate();
}

void CorrectionPanel::retranslate()
{
    m_name->setText(m_author.isEmpty() ? tr("Corrected response") : tr("Corrected response (by: %1)").arg(m_author));
    m_edit->setAccessibleName(tr("Corrected response"));
    m_edit->setPlaceholderText(tr("The response as it should have been. Left empty or as it is: no correction."));
    const int out = annotate::wordsOf(m_changes->pieces(), Kind::LeftOut);
    const int in = annotate::wordsOf(m_changes->pieces(), Kind::PutIn);
    m_summary->setText(out + in == 0 ? tr("Nothing is changed")
                                     : tr("Changes: %n word(s) left out", nullptr, out) + QStringLiteral(" · ") +
                               tr("%n put in", nullptr, in));
    m_changes->setAccessibleName(tr("What was changed"));
    m_changes->setAccessibleDescription(m_summary->text());
}

void CorrectionPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
