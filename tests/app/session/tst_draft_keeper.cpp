// A word typed is held until it is on the disk, whatever the disk says and whatever is on screen by then.
#include "app/session/draft_keeper.h"
#include "tests/annotate/held_database.h"
#include "tests/app/session/session_bench.h"

#include <QSignalSpy>

using namespace stet;
using annotate::Project;
using annotate::ResponseId;
using test::SessionBench;

class DraftKeeperTest : public QObject {
    Q_OBJECT

private:
    using Draft = std::optional<std::string>;

    static ResponseId openResponse(SessionBench& bench)
    {
        return bench.ask<ResponseId>([](Project& project) { return *project.firstOpen(); });
    }
    static Draft draftOf(SessionBench& bench, ResponseId id)
    {
        return bench.ask<Draft>([id](Project& project) { return project.item(id)->draft; });
    }

private Q_SLOTS:
    void wordsReachTheDiskByThemselvesAndAreThenLetGo()
    {
        SessionBench bench;
        app::DraftKeeper drafts(bench.store(), &annotate::EditHistory::saveDraft, nullptr);
        QSignalSpy saved(&drafts, &app::DraftKeeper::saved);
        const auto id = openResponse(bench);
        drafts.edit(id, "half a thou");
        QCOMPARE(drafts.words(id), Draft("half a thou"));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, SessionBench::kPatienceMs);
        QVERIFY(drafts.empty());
        QCOMPARE(draftOf(bench, id), Draft("half a thou"));
    }

    void ofQuickKeysTheLastTextIsWhatStays()
    {
        SessionBench bench;
        app::DraftKeeper drafts(bench.store(), &annotate::EditHistory::saveDraft, nullptr);
        const auto id = openResponse(bench);
        drafts.edit(id, "N");
        drafts.write();         // on its way to the store …
        drafts.edit(id, "No");  // … when the next key comes
        drafts.write();
        QTRY_VERIFY_WITH_TIMEOUT(drafts.empty(), SessionBench::kPatienceMs);
        QCOMPARE(draftOf(bench, id), Draft("No"));
    }

    void whatCannotBeWrittenIsSaidHeldAndTriedAgain()
    {
        SessionBench bench;
        app::DraftKeeper drafts(bench.store(), &annotate::EditHistory::saveDraft, nullptr);
        QSignalSpy failed(&drafts, &app::DraftKeeper::failed);
        const auto id = openResponse(bench);
        auto held = std::make_unique<test::HeldDatabase>(bench.folder().toStdString());
        drafts.edit(id, "kept");
        drafts.write();
        QTRY_VERIFY_WITH_TIMEOUT(failed.count() > 0, SessionBench::kPatienceMs);
        QCOMPARE(drafts.words(id), Draft("kept"));
        held.reset();
        QTRY_VERIFY_WITH_TIMEOUT(drafts.empty(), SessionBench::kPatienceMs);
        QCOMPARE(draftOf(bench, id), Draft("kept"));
    }

    // Of the same response, each in its own place.
    void correctionsAreKeptBesideJudgments()
    {
        SessionBench bench;
        app::DraftKeeper drafts(bench.store(), &annotate::EditHistory::saveDraft, nullptr);
        app::DraftKeeper corrections(bench.store(), &annotate::EditHistory::saveRevisionDraft, nullptr);
        const auto id = openResponse(bench);
        drafts.edit(id, "No");
        corrections.edit(id, "Better");
        drafts.write();
        corrections.write();
        QTRY_VERIFY_WITH_TIMEOUT(drafts.empty() && corrections.empty(), SessionBench::kPatienceMs);
        QCOMPARE(draftOf(bench, id), Draft("No"));
        QCOMPARE(bench.ask<Draft>([id](Project& project) { return project.item(id)->revisionDraft; }), Draft("Better"));
    }

    void submittedWordsAreNoDraftAnyMore()
    {
        SessionBench bench;
        app::DraftKeeper drafts(bench.store(), &annotate::EditHistory::saveDraft, nullptr);
        const auto id = openResponse(bench);
        drafts.edit(id, "submitted");
        drafts.drop(id);
        QVERIFY(drafts.empty());
        drafts.write();
        QCOMPARE(draftOf(bench, id), Draft());
    }
};

QTEST_MAIN(DraftKeeperTest)
#include "tst_draft_keeper.moc"
