#include "app/session/finding_texts.h"

#include "app/session/convert.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace stet::app {

using namespace annotate;

namespace {

constexpr std::size_t kRowsShown = 200;

struct KindText {
    FindingKind kind;
    const char* text;
};

constexpr std::array<KindText, 13> kKinds = {{
    {FindingKind::Unfit, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n row(s) can't be taken and are left out")},
    {FindingKind::Known, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n response(s) are here already")},
    {FindingKind::SameTexts, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n row(s) say the same as an earlier one")},
    {FindingKind::Placeholder,
     QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n judgment(s) are placeholders, such as $ERROR$")},
    {FindingKind::Praise, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n judgment(s) praise, but count as criticism")},
    {FindingKind::EmptyJudgment,
     QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n response(s) are criticised without a word")},
    {FindingKind::AbsentQuote,
     QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n judgment(s) quote what the response lacks")},
    {FindingKind::EmptyResponse, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n response(s) are empty")},
    {FindingKind::EmptyInstruction, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n instruction(s) are empty")},
    {FindingKind::Encoding, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n row(s) were saved in another encoding")},
    {FindingKind::SameId, QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n row(s) have the id of an earlier one")},
    {FindingKind::OthersId,
     QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n row(s) have the id of another response that is here")},
    {FindingKind::UnknownField,
     QT_TRANSLATE_N_NOOP("stet::app::Findings", "%n field(s) mean nothing here and are kept as they came")},
}};

QString remedyText(Remedy remedy)
{
    switch (remedy) {
    case Remedy::LeaveOut:
        return QCoreApplication::translate("stet::app::Findings", "Leave them out");
    case Remedy::Accept:
        return QCoreApplication::translate("stet::app::Findings", "Take the responses as accepted");
    case Remedy::ToDo:
        return QCoreApplication::translate("stet::app::Findings", "Judge them anew");
    case Remedy::NewId:
        return QCoreApplication::translate("stet::app::Findings", "Give them new ids");
    case Remedy::Keep:
        break;
    }
    return {};
}

ui::FindingGroup emptyGroup(const KindText& kind, int count)
{
    ui::FindingGroup group;
    group.kind = qstr(kindName(kind.kind));
    group.title = QCoreApplication::translate("stet::app::Findings", kind.text, nullptr, count);
    group.count = count;
    for (const Remedy remedy : remediesOf(kind.kind)) {
        group.remedies.emplace_back(qstr(remedyName(remedy)), remedyText(remedy));
    }
    return group;
}

ui::FindingRow rowOf(const Finding& finding, bool imported)
{
    const bool isShown = imported && finding.kind != FindingKind::Unfit;
    return {QCoreApplication::translate("stet::app::Findings", "row %1").arg(finding.row), qstr(finding.excerpt),
            qstr(finding.problem), isShown ? qstr(finding.id) : QString()};
}

}  // namespace

std::vector<ui::FindingGroup> findingGroups(const std::vector<Finding>& findings, bool imported)
{
    const auto counts = countsOf(findings);
    std::vector<ui::FindingGroup> groups;
    for (const auto& kind : kKinds) {
        const auto count = counts.find(kind.kind);
        if (count == counts.end()) {
            continue;
        }
        ui::FindingGroup group = emptyGroup(kind, count->second);
        for (const auto& finding : findings) {
            if (finding.kind == kind.kind && group.rows.size() < kRowsShown) {
                group.rows.push_back(rowOf(finding, imported));
            }
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

bool offersRemedies(const std::vector<Finding>& findings)
{
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return !remediesOf(finding.kind).empty(); });
}

Remedies remediesFrom(const ui::RemedyChoice& choice)
{
    Remedies remedies;
    for (auto one = choice.begin(); one != choice.end(); ++one) {
        for (const Remedy remedy : {Remedy::LeaveOut, Remedy::Accept, Remedy::ToDo, Remedy::NewId}) {
            if (one.value().toStdString() == remedyName(remedy)) {
                addRemedy(remedies, one.key().toStdString(), remedy);
            }
        }
    }
    return remedies;
}

}  // namespace stet::app
