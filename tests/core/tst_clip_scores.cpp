#include <QTest>

#include "data/clip_scores.h"

using namespace frostline;

using Floats = std::vector<float>;
using Numbers = std::vector<std::int64_t>;

class TestClipScores : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Two patches of three are wrong, and yet the mean of the three is right.
    void theMeanDecides()
    {
        const Floats probabilities{0.4f, 0.6f, 0.4f, 0.6f, 0.9f, 0.1f, 0.7f, 0.3f};
        QCOMPARE(clipAccuracy(probabilities, Numbers{0, 0, 0, 1}, Numbers{5, 5, 5, 9}), 0.5);
        const auto scores = scoresByClip(probabilities, Numbers{0, 0, 0, 1}, Numbers{5, 5, 5, 9});
        QCOMPARE(scores.clips, (Numbers{5, 9}));
        QCOMPARE(scores.labels, (Numbers{0, 1}));
        QCOMPARE(scores.probabilities.size(), std::size_t{4});
        QCOMPARE(scores.probabilities[0], 1.7f / 3.0f);
        QCOMPARE(scores.probabilities[3], 0.3f);
    }
    void patchesNeedNotStandTogether()
    {
        const Floats probabilities{0.9f, 0.1f, 0.2f, 0.8f, 0.4f, 0.6f};
        QCOMPARE(clipAccuracy(probabilities, Numbers{0, 1, 0}, Numbers{1, 2, 1}), 1.0);
    }
    void theFirstOfEqualsIsTold()
    {
        QCOMPARE(clipAccuracy(Floats{0.5f, 0.5f}, Numbers{0}, Numbers{0}), 1.0);
        QCOMPARE(clipAccuracy(Floats{0.5f, 0.5f}, Numbers{1}, Numbers{0}), 0.0);
    }
    void oneProbabilityIsTheSecondClass()
    {
        QCOMPARE(clipAccuracy(Floats{0.2f, 0.9f, 0.4f}, Numbers{1, 1, 0}, Numbers{0, 0, 1}), 1.0);
        QCOMPARE(clipAccuracy(Floats{0.2f, 0.7f, 0.6f}, Numbers{1, 1, 0}, Numbers{0, 0, 1}), 0.0);
    }
    void nothingIsNothing() { QCOMPARE(clipAccuracy({}, {}, {}), 0.0); }
};

QTEST_APPLESS_MAIN(TestClipScores)
#include "tst_clip_scores.moc"
