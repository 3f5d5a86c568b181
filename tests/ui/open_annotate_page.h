// The Annotate page on the screen with an open response, its scores and a queue of sixty.
#pragma once

#include "tests/ui/samples.h"
#include "ui/annotate/annotate_page.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/score/heat_map_view.h"

#include <QPushButton>
#include <QtTest>

#include <memory>

namespace stet::test {

// The sample, not judged yet.
inline annotate::ResponseItem openItem(int id)
{
    annotate::ResponseItem item = sampleItem();
    item.id = {id};
    item.verdict = annotate::Verdict::Open;
    item.judgment.clear();
    return item;
}

// Number 37 is open.
inline std::unique_ptr<ui::AnnotatePage> openAnnotatePage()
{
    auto page = std::make_unique<ui::AnnotatePage>();
    page->resize(1280, 760);
    page->show();
    if (!QTest::qWaitForWindowExposed(page.get())) {
        qFatal("the page is not shown");
    }
    page->activateWindow();
    page->setQueue(sampleQueue(60), true);
    page->setItem(openItem(37), 37, 60);
    page->setLambda(1.2);
    page->setScores({37}, sampleScores());
    page->setFocus();
    return page;
}

inline QPushButton* buttonNamed(const QWidget& page, const QString& accessibleName)
{
    for (QPushButton* found : page.findChildren<QPushButton*>()) {
        if (found->accessibleName() == accessibleName) {
            return found;
        }
    }
    return nullptr;
}

}  // namespace stet::test
