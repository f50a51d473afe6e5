#include <QTemporaryDir>
#include <QTest>

#include <set>

#include "core/wav_files.h"
#include "data/groups.h"
#include "data/load_data.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

const std::string kSpeaker = "([a-z]+)_.*";

/// Samples of one value, their index, from files of these names.
DataSet samplesOf(const std::vector<std::string>& names)
{
    DataSet set;
    set.height = set.width = 1;
    set.classNames = {"all"};
    for (const auto& name : names) {
        set.values.push_back(static_cast<float>(set.size()));
        set.labels.push_back(0);
        set.origins.push_back("/data/" + name);
    }
    return set;
}

SourceData sourceOf(const std::vector<std::string>& names)
{
    return {samplesOf(names), {}, {}};
}

DataRecipe recipeOf(std::vector<std::string> validation, std::vector<std::string> test)
{
    DataRecipe recipe;
    recipe.groups = {kSpeaker, std::move(validation), std::move(test)};
    return recipe;
}

} // namespace

class TestGroups : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstParenthesesNameTheGroup()
    {
        const auto groups = groupsOf(samplesOf({"theo_1.wav", "lucas_12_x.wav", "theo_2.wav"}), kSpeaker);
        QVERIFY2(groups, groups ? "" : groups.error().message.c_str());
        QCOMPARE(*groups, (std::vector<std::string>{"theo", "lucas", "theo"}));
    }
    void namedGroupsBecomeSplits()
    {
        auto data = sourceOf({"ann_1", "bob_1", "cyd_1", "ann_2", "dan_1", "bob_2"});
        const auto split = splitGroups(data, recipeOf({"bob"}, {"dan", "cyd"}));
        QVERIFY2(split, split ? "" : split.error().message.c_str());
        QCOMPARE(data.train.values, (std::vector<float>{0, 3}));
        QCOMPARE(data.validation->values, (std::vector<float>{1, 5}));
        QCOMPARE(data.test->values, (std::vector<float>{2, 4}));
    }
    void withoutNamesNothingMoves()
    {
        auto data = sourceOf({"ann_1", "bob_1"});
        auto recipe = recipeOf({}, {});
        recipe.validation.from = ValidationRecipe::From::Train;
        QVERIFY(splitGroups(data, recipe));
        QCOMPARE(data.train.size(), 2);
        QVERIFY(!data.test && !data.validation);
    }
    void wrongGroupsAreNamed_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("validation");
        QTest::addColumn<QString>("test");
        QTest::addColumn<QString>("says");
        const auto good = QString::fromStdString(kSpeaker);
        QTest::newRow("open parenthesis") << "([a-z]+_.*"
                                          << ""
                                          << ""
                                          << "\"([a-z]+_.*\" is not a regular expression";
        QTest::newRow("no parentheses") << "[a-z]+_.*"
                                        << ""
                                        << ""
                                        << "has no parentheses around what names the group";
        QTest::newRow("no match") << "([a-z]+)-.*"
                                  << ""
                                  << ""
                                  << "/data/theo_1.wav has no group: \"([a-z]+)-.*\" does not match its name";
        QTest::newRow("matches nothing") << "([A-Z]*).*"
                                         << ""
                                         << ""
                                         << "/data/theo_1.wav has no group";
        QTest::newRow("too long") << "(.*)" + QString(200, u'x') << ""
                                  << ""
                                  << "is longer than 200 bytes";
        QTest::newRow("back-reference") << "(a)\\1"
                                        << ""
                                        << ""
                                        << "is not a regular expression";
        QTest::newRow("too large") << "(((a{999}){999}){999})"
                                   << ""
                                   << ""
                                   << "is not a regular expression";
        QTest::newRow("nothing is split") << good << ""
                                          << ""
                                          << "/data/groups: nothing is split by it; name groups";
        QTest::newRow("misspelt test")
            << good << ""
            << "teo"
            << "/data/groups/test: there is no group \"teo\"; there are lucas, theo; did "
               "you mean \"theo\"?";
        QTest::newRow("misspelt validation") << good << "lukas"
                                             << ""
                                             << "/data/groups/validation: there is no group \"lukas\"";
        QTest::newRow("in both") << good << "theo"
                                 << "theo"
                                 << "group \"theo\" is named for validation too";
    }
    void wrongGroupsAreNamed()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, validation);
        QFETCH(QString, test);
        QFETCH(QString, says);
        const auto listed = [](const QString& name) {
            return name.isEmpty() ? std::vector<std::string>() : std::vector{name.toStdString()};
        };
        auto recipe = recipeOf(listed(validation), listed(test));
        recipe.groups.pattern = pattern.toStdString();
        auto data = sourceOf({"theo_1.wav", "lucas_1.wav"});
        const auto split = splitGroups(data, recipe);
        QVERIFY(!split);
        QVERIFY2(QString::fromStdString(split.error().message).contains(says), split.error().message.c_str());
    }
    /// Neither a deep recursion nor an exponential search.
    void aHostilePatternEnds()
    {
        const auto groups = groupsOf(samplesOf({std::string(255, 'a')}), "((a+)+)+b");
        QVERIFY(!groups);
        QVERIFY(!groupsOf(samplesOf({std::string(100'000, 'a')}), "(a+).*"));
    }
    void onlyOneMaySayWhatIsForTheTest()
    {
        auto data = sourceOf({"ann_1", "bob_1"});
        data.test = samplesOf({"cyd_1"});
        data.validation = samplesOf({"cyd_1"});
        QVERIFY(splitGroups(data, recipeOf({}, {"bob"})).error().message.find("test split of their own") !=
                std::string::npos);
        QVERIFY(
            splitGroups(data, recipeOf({"bob"}, {})).error().message.find("validation split of their own") !=
            std::string::npos);
        auto recipe = recipeOf({"bob"}, {});
        recipe.validation.from = ValidationRecipe::From::Train;
        data.validation.reset();
        QVERIFY(splitGroups(data, recipe).error().message.find("only one of the two can be") !=
                std::string::npos);
    }
    void dataWithoutFilesHaveNoGroups()
    {
        DataSet set;
        set.labels = {0, 0};
        QCOMPARE(groupsOf(set, kSpeaker).error().message,
                 "/data/groups: the data have no file names to group by");
    }
    void aShareIsOfWholeGroups_data()
    {
        QTest::addColumn<double>("fraction");
        QTest::addColumn<std::size_t>("held");
        QTest::newRow("a tenth of five is one") << 0.1 << std::size_t{1};
        QTest::newRow("two fifths") << 0.4 << std::size_t{2};
        QTest::newRow("one is left for training") << 0.9 << std::size_t{4};
    }
    void aShareIsOfWholeGroups()
    {
        QFETCH(double, fraction);
        QFETCH(std::size_t, held);
        const auto folder = recordings();
        auto recipe = recipeIn(*folder);
        recipe.validation.fraction = fraction;
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        const auto validation = speakersOf(splits->validation);
        const auto train = speakersOf(splits->train);
        QCOMPARE(validation.size(), held);
        QCOMPARE(train.size(), 5 - held);
        for (const auto& speaker : validation)
            QVERIFY(!train.contains(speaker));
        QCOMPARE(splits->train.size() + splits->validation.size(), 40);
    }
    void testGroupsAreLeftOutOfTheShare()
    {
        const auto folder = recordings();
        auto recipe = recipeIn(*folder);
        recipe.groups.test = {"ann", "eve"};
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(speakersOf(splits->test), (std::set<std::string>{"ann", "eve"}));
        QCOMPARE(speakersOf(splits->validation).size(), std::size_t{1});
        QCOMPARE(speakersOf(splits->train).size(), std::size_t{2});
        recipe.groups.test = {"ann", "bob", "cyd", "dan"};
        const auto one = loadData(recipe, 1, {});
        QVERIFY(!one);
        QVERIFY2(one.error().message.find("all training samples are of one group, \"eve\"") !=
                     std::string::npos,
                 one.error().message.c_str());
    }
    void testGroupsAreForValidationWhereNothingElseIs()
    {
        const auto folder = recordings();
        auto recipe = recipeIn(*folder);
        recipe.validation.from = ValidationRecipe::From::Test;
        recipe.groups.test = {"ann"};
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(speakersOf(splits->validation), (std::set<std::string>{"ann"}));
        QCOMPARE(speakersOf(splits->train).size(), std::size_t{4});
    }

private:
    /// Five speakers say two words, two recordings each, of two patches.
    static std::unique_ptr<QTemporaryDir> recordings()
    {
        auto folder = std::make_unique<QTemporaryDir>();
        const fs::path root = folder->path().toStdString();
        for (const auto* word : {"yes", "no"}) {
            for (const auto* speaker : {"ann", "bob", "cyd", "dan", "eve"}) {
                for (const auto* take : {"_1.wav", "_2.wav"})
                    wav::write(root / word / (std::string(speaker) + take),
                               wav::fileOf(std::vector<std::int16_t>(16000, 100)));
            }
        }
        return folder;
    }
    static DataRecipe recipeIn(const QTemporaryDir& folder)
    {
        DataRecipe recipe;
        recipe.source = "audio_folder";
        recipe.path = folder.path().toStdString();
        recipe.groups.pattern = kSpeaker;
        recipe.validation.from = ValidationRecipe::From::Train;
        return recipe;
    }
    static std::set<std::string> speakersOf(const DataSet& set)
    {
        const auto groups = groupsOf(set, kSpeaker);
        return groups ? std::set<std::string>(groups->begin(), groups->end()) : std::set<std::string>();
    }
};

QTEST_APPLESS_MAIN(TestGroups)
#include "tst_groups.moc"
