#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

#include "core/wav_files.h"
#include "data/load_data.h"
#include "data/log_mel.h"
#include "data/sound.h"
#include "data/sources.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

/// A second of 16 kHz is two patches. Each number makes another sound.
QByteArray recording(int number, int samples = 16000)
{
    std::vector<std::int16_t> values;
    for (int i = 0; i < samples; ++i)
        values.push_back(static_cast<std::int16_t>(i % (number + 2) * 300));
    return wav::fileOf(values);
}

} // namespace

class TestAudioFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = m_folder->path().toStdString();
        m_warnings.clear();
    }
    void everyPatchIsASample()
    {
        wav::write(m_root / "bark" / "a.wav", recording(1));
        wav::write(m_root / "bark" / "b.wav", recording(2, 1000));
        wav::write(m_root / "meow" / "a.wav", recording(3, 24000));
        const auto data = read();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        const auto& set = data->train;
        QCOMPARE(set.classNames, (std::vector<std::string>{"bark", "meow"}));
        QCOMPARE(set.labels, (std::vector<std::int64_t>{0, 0, 0, 1, 1, 1}));
        QCOMPARE(set.clips, (std::vector<std::int64_t>{0, 0, 1, 2, 2, 2}));
        QCOMPARE(set.origins[1], (m_root / "bark" / "a.wav").string());
        QCOMPARE(set.origins[3], (m_root / "meow" / "a.wav").string());
        QCOMPARE((std::vector<int>{set.channels, set.height, set.width}), (std::vector<int>{1, 96, 64}));
        const auto expected = logMelPatches(*readSound(m_root / "meow" / "a.wav"));
        QVERIFY(std::ranges::equal(std::span(set.values).subspan(3 * set.sampleSize()), expected));
        QVERIFY(!data->test && !data->validation);
    }
    void splitsHaveTheirFolders()
    {
        for (const auto* file : {"train/a/1.wav", "train/b/2.wav", "val/b/3.wav", "test/a/4.wav"})
            wav::write(m_root / file, recording(1));
        const auto data = read();
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.size(), 4);
        QCOMPARE(data->validation->labels, (std::vector<std::int64_t>{1, 1}));
        QCOMPARE(data->test->labels, (std::vector<std::int64_t>{0, 0}));
    }
    /// Many threads decode, and still it is the first of the damaged files that is named.
    void theFirstDamagedFileIsNamed()
    {
        for (int i = 10; i < 60; ++i)
            wav::write(m_root / "a" / (std::to_string(i) + ".wav"),
                       i % 7 == 0 ? QByteArray() : recording(i, 100));
        const auto data = read();
        QVERIFY(!data);
        QCOMPARE(data.error().message, (m_root / "a" / "14.wav").string() +
                                           ": is empty; expected a WAV, FLAC or Ogg file; "
                                           "\"damaged\": \"skip\" in /data leaves such files out");
    }
    void damagedFilesAreLeftOutIfAsked()
    {
        wav::write(m_root / "a" / "1.wav", recording(1));
        wav::write(m_root / "a" / "2.wav", recording(2).left(1000));
        wav::write(m_root / "a" / "3.wav", recording(3));
        fs::create_symlink("nowhere.wav", m_root / "a" / "4.wav");
        const auto data = read(true);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.clips, (std::vector<std::int64_t>{0, 0, 1, 1}));
        QCOMPARE(data->train.origins[2], (m_root / "a" / "3.wav").string());
        QCOMPARE(m_warnings.size(), 2);
        QVERIFY2(m_warnings[0].startsWith("left out: ") && m_warnings[0].contains("2.wav: is cut short"),
                 qPrintable(m_warnings[0]));
        QVERIFY2(m_warnings[1].contains("4.wav"), qPrintable(m_warnings[1]));
    }
    void manyWarningsAreSummedUp()
    {
        wav::write(m_root / "a" / "good.wav", recording(1));
        for (int i = 0; i < 15; ++i)
            wav::write(m_root / "a" / (std::to_string(i) + ".wav"), QByteArray());
        QVERIFY(read(true));
        QCOMPARE(m_warnings.size(), 11);
        QCOMPARE(m_warnings.back(), QStringLiteral("left out: 5 more damaged files"));
    }
    void aClassMayNotLoseAllItsFiles()
    {
        wav::write(m_root / "a" / "1.wav", recording(1));
        wav::write(m_root / "b" / "1.wav", QByteArray("text"));
        const auto data = read(true);
        QVERIFY(!data);
        QVERIFY2(data.error().message.starts_with(
                     "all files of class \"b\" are damaged; the first that was left out: "),
                 data.error().message.c_str());
    }
    void anEmptyClassIsAnError()
    {
        wav::write(m_root / "a" / "1.wav", recording(1));
        fs::create_directory(m_root / "b");
        const auto data = read();
        QVERIFY(!data);
        QVERIFY2(data.error().message.find("/b: has no sound file (.wav, .flac, .ogg)") != std::string::npos,
                 data.error().message.c_str());
    }
    void recordingsAreNeverSplit()
    {
        for (int i = 0; i < 20; ++i)
            wav::write(m_root / (i % 2 == 0 ? "a" : "b") / (std::to_string(i) + ".wav"),
                       recording(i, 16000 + 2000 * i));
        auto recipe = recipeHere();
        recipe.validation.fraction = 0.3;
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        const auto validation = recordingsOf(splits->validation);
        const auto train = recordingsOf(splits->train);
        QCOMPARE(validation.size(), std::size_t{6});
        QCOMPARE(train.size(), std::size_t{14});
        for (const auto& each : validation)
            QVERIFY(!train.contains(each));
        const auto other = loadData(recipe, 2, {});
        QVERIFY(recordingsOf(other->validation) != validation);
    }
    /// Recordings here are of two patches and more.
    void limitsCountRecordings()
    {
        for (int i = 0; i < 20; ++i)
            wav::write(m_root / (i % 2 == 0 ? "a" : "b") / (std::to_string(i) + ".wav"),
                       recording(i, 16000 + 2000 * i));
        auto recipe = recipeHere();
        recipe.validation.fraction = 0.5;
        recipe.validation.limit = 2;
        recipe.trainLimit = 3;
        const auto all = read();
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QVERIFY(recordingsOf(splits->validation).size() <= 4);
        const auto train = recordingsOf(splits->train);
        QVERIFY(train.size() > 3 && train.size() <= 6);
        for (const auto& each : train)
            QCOMPARE(std::ranges::count(splits->train.origins, each),
                     std::ranges::count(all->train.origins, each));
    }

private:
    Result<SourceData> read(bool skipDamaged = false)
    {
        return readAudioFolder(m_root, skipDamaged, [this](LogLevel level, const std::string& text) {
            if (level == LogLevel::Warning)
                m_warnings << QString::fromStdString(text);
        });
    }
    DataRecipe recipeHere() const
    {
        DataRecipe recipe;
        recipe.source = "audio_folder";
        recipe.path = m_root.string();
        recipe.validation.from = ValidationRecipe::From::Train;
        return recipe;
    }
    static std::set<std::string> recordingsOf(const DataSet& set)
    {
        return {set.origins.begin(), set.origins.end()};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    QStringList m_warnings;
};

QTEST_APPLESS_MAIN(TestAudioFolder)
#include "tst_audio_folder.moc"
