#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sndfile.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/wav_files.h"
#include "data/sound.h"

using namespace frostline;

namespace {

std::vector<std::int16_t> tone(double hertz, int rate, int count, double height = 8000.0)
{
    std::vector<std::int16_t> samples;
    for (int i = 0; i < count; ++i)
        samples.push_back(static_cast<std::int16_t>(
            std::lround(height * std::sin(2.0 * std::numbers::pi * hertz * i / rate))));
    return samples;
}

std::vector<std::int16_t> noise(int count)
{
    std::vector<std::int16_t> samples;
    std::uint32_t state = 1;
    for (int i = 0; i < count; ++i)
        samples.push_back(static_cast<std::int16_t>((state = state * 1664525U + 1013904223U) >> 16));
    return samples;
}

QByteArray changed(QByteArray bytes, qsizetype at, const QByteArray& by)
{
    return bytes.replace(at, by.size(), by);
}

} // namespace

class TestSound : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsSamplesAsTheyAre()
    {
        const auto samples = readSound(written(wav::fileOf({0, 16384, -32768, 8192})));
        QVERIFY2(samples, samples ? "" : samples.error().message.c_str());
        QCOMPARE(*samples, (std::vector<float>{0.0f, 0.5f, -1.0f, 0.25f}));
    }
    void mixesChannels()
    {
        const auto samples = readSound(written(wav::fileOf({16384, 0, -16384, -32768}, 2)));
        QVERIFY2(samples, samples ? "" : samples.error().message.c_str());
        QCOMPARE(*samples, (std::vector<float>{0.25f, -0.75f}));
    }
    void resamples_data()
    {
        QTest::addColumn<int>("rate");
        for (const int rate : {8000, 11025, 22050, 44100, 48000, 96000})
            QTest::addRow("%d", rate) << rate;
    }
    /// A tone of 440 Hz is one at any rate; beside the ends, where the filter sees silence, it is so closely.
    void resamples()
    {
        QFETCH(int, rate);
        const auto samples = readSound(written(wav::fileOf(tone(440.0, rate, rate), 1, rate)));
        QVERIFY2(samples, samples ? "" : samples.error().message.c_str());
        QVERIFY2(std::abs(static_cast<int>(samples->size()) - kSoundRate) <= 2,
                 std::to_string(samples->size()).c_str());
        for (std::size_t i = 1000; i < 15000; ++i) {
            const auto expected =
                8000.0 / 32768.0 * std::sin(2.0 * std::numbers::pi * 440.0 * double(i) / 16000.0);
            QVERIFY2(std::abs(double((*samples)[i]) - expected) < 3e-4, std::to_string(i).c_str());
        }
    }
    void readsWhatLibsndfileWrites_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<double>("within");
        QTest::newRow("FLAC") << (SF_FORMAT_FLAC | SF_FORMAT_PCM_16) << 1e-4;
        QTest::newRow("WAV of floats") << (SF_FORMAT_WAV | SF_FORMAT_FLOAT) << 1e-4;
        QTest::newRow("Ogg Vorbis") << (SF_FORMAT_OGG | SF_FORMAT_VORBIS) << 0.1;
    }
    void readsWhatLibsndfileWrites()
    {
        QFETCH(int, format);
        QFETCH(double, within);
        const auto samples = readSound(encoded(tone(440.0, 16000, 16000), format));
        QVERIFY2(samples, samples ? "" : samples.error().message.c_str());
        QCOMPARE(samples->size(), std::size_t{16000});
        for (std::size_t i = 0; i < samples->size(); ++i) {
            const auto expected =
                8000.0 / 32768.0 * std::sin(2.0 * std::numbers::pi * 440.0 * double(i) / 16000.0);
            QVERIFY(std::abs(double((*samples)[i]) - expected) < within);
        }
    }
    /// What comes through a pipe has no length in its header.
    void readsAStreamedFile_data()
    {
        QTest::addColumn<QByteArray>("length");
        QTest::newRow("highest") << QByteArray(4, '\xff');
        QTest::newRow("none") << QByteArray(4, '\0');
    }
    void readsAStreamedFile()
    {
        QFETCH(QByteArray, length);
        const auto good = wav::fileOf(tone(440.0, 16000, 100));
        const auto samples = readSound(written(changed(changed(good, 4, length), 40, QByteArray(4, '\xff'))));
        QVERIFY2(samples, samples ? "" : samples.error().message.c_str());
        QCOMPARE(samples->size(), std::size_t{100});
    }
    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto good = wav::fileOf(tone(440.0, 16000, 1000));
        QTest::newRow("0 bytes") << QByteArray() << "is empty; expected a WAV, FLAC or Ogg file";
        QTest::newRow("text") << QByteArray("this is no sound at all") << "is not a WAV, FLAC or Ogg file";
        QTest::newRow("4 bytes") << QByteArray("RIFF") << "is not a WAV, FLAC or Ogg file";
        QTest::newRow("AVI") << changed(good, 8, "AVI ") << "is not a WAV, FLAC or Ogg file";
        QTest::newRow("header alone")
            << good.left(12) << "cut short: its header promises 2044 bytes, the file has 12";
        QTest::newRow("cut") << good.left(1000)
                             << "cut short: its header promises 2044 bytes, the file has 1000";
        QTest::newRow("absurd length") << changed(good, 4, wav::littleEndian(0xfffffff0, 4))
                                       << "cut short: its header promises 4294967288 bytes";
        QTest::newRow("absurd chunk") << changed(good, 16, wav::littleEndian(0x7fffffff, 4)) << "";
        QTest::newRow("no samples") << wav::fileOf({}) << "has no samples in it";
        QTest::newRow("no channel") << wav::fileOf({1, 2}, 0)
                                    << "is damaged, or of a kind that cannot be read";
        QTest::newRow("65 channels") << wav::fileOf(std::vector<std::int16_t>(650), 65)
                                     << "has 65 channels; expected 1 to 64";
        QTest::newRow("rate 0") << wav::fileOf({1, 2}, 1, 0) << "";
        QTest::newRow("rate 1") << wav::fileOf({1, 2}, 1, 1)
                                << "has 1 samples a second; expected 1000 to 384000";
        QTest::newRow("unknown coding") << changed(good, 20, wav::littleEndian(0x4242, 2))
                                        << "is damaged, or of a kind that cannot be read";
        QTest::newRow("FLAC of nothing")
            << QByteArray("fLaC") << "is damaged, or of a kind that cannot be read";
        QTest::newRow("RF64 of nothing") << QByteArray("RF64\xff\xff\xff\xffWAVE") << "";
    }
    void refusesDamagedFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto file = written(bytes);
        const auto samples = readSound(file);
        QVERIFY(!samples);
        const auto message = QString::fromStdString(samples.error().message);
        QVERIFY2(message.startsWith(QString::fromStdString(file.string()) + ": "), qPrintable(message));
        QVERIFY2(message.contains(says), qPrintable(message));
        QVERIFY2(!message.contains(u'\n'), qPrintable(message));
    }
    void refusesACutFlac()
    {
        const auto file = encoded(noise(48000), SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
        std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
        const auto samples = readSound(file);
        QVERIFY(!samples);
        QVERIFY2(samples.error().message.find("is cut short or damaged: ") != std::string::npos ||
                     samples.error().message.find("is damaged (") != std::string::npos,
                 samples.error().message.c_str());
    }
    void refusesADamagedFlac()
    {
        const auto path = encoded(noise(48000), SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() / 2));
        QCOMPARE(file.write(QByteArray(200, '\x5a')), 200);
        file.close();
        const auto samples = readSound(path);
        QVERIFY(!samples);
        QVERIFY2(samples.error().message.find("damaged") != std::string::npos,
                 samples.error().message.c_str());
    }
    void refusesWhatIsNotFinite_data()
    {
        QTest::addColumn<int>("rate");
        QTest::addColumn<QList<float>>("frame");
        constexpr auto kLargest = std::numeric_limits<float>::max();
        QTest::newRow("not a number") << 16000 << QList<float>{0.0f, std::nanf("")};
        QTest::newRow("not a number, resampled") << 8000 << QList<float>{std::nanf("")};
        QTest::newRow("infinite") << 16000 << QList<float>{std::numeric_limits<float>::infinity()};
        QTest::newRow("mixed beyond what is finite") << 16000 << QList<float>{kLargest, kLargest};
        QTest::newRow("resampled beyond what is finite") << 8000 << QList<float>{kLargest};
    }
    void refusesWhatIsNotFinite()
    {
        QFETCH(int, rate);
        QFETCH(QList<float>, frame);
        SF_INFO info{0, rate, static_cast<int>(frame.size()), SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0, 0};
        const auto file = m_folder.filePath(QStringLiteral("nan.wav")).toStdString();
        SNDFILE* out = sf_open(file.c_str(), SFM_WRITE, &info);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(sf_writef_float(out, frame.constData(), 1), sf_count_t{1});
        sf_close(out);
        const auto samples = readSound(file);
        QVERIFY(!samples);
        QVERIFY2(samples.error().message.ends_with("has samples that are not finite numbers, or too large"),
                 samples.error().message.c_str());
    }
    void refusesWhatIsTooLong()
    {
        const auto samples = readSound(written(wav::fileOf(std::vector<std::int16_t>(3'600'001), 1, 1000)));
        QVERIFY(!samples);
        QVERIFY2(samples.error().message.find("is longer than 60 minutes") != std::string::npos,
                 samples.error().message.c_str());
    }
    void refusesWhatIsNoFile()
    {
        const auto pipe = m_folder.filePath(QStringLiteral("pipe.wav")).toStdString();
        QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
        for (const auto& file : {pipe, m_folder.path().toStdString(), std::string("/nowhere/x.wav")}) {
            const auto samples = readSound(file);
            QVERIFY(!samples);
            QCOMPARE(samples.error().code, ErrorCode::FileSystem);
        }
    }

private:
    std::filesystem::path written(const QByteArray& bytes) const
    {
        const std::filesystem::path file = m_folder.filePath(QStringLiteral("x.wav")).toStdString();
        wav::write(file, bytes);
        return file;
    }
    std::filesystem::path encoded(const std::vector<std::int16_t>& samples, int format) const
    {
        const std::filesystem::path file = m_folder.filePath(QStringLiteral("x.sound")).toStdString();
        SF_INFO info{0, 16000, 1, format, 0, 0};
        SNDFILE* out = sf_open(file.c_str(), SFM_WRITE, &info);
        std::vector<float> values(samples.begin(), samples.end());
        std::ranges::transform(values, values.begin(), [](float value) { return value / 32768.0f; });
        const auto written = sf_writef_float(out, values.data(), static_cast<sf_count_t>(values.size()));
        sf_close(out);
        if (written != static_cast<sf_count_t>(samples.size()))
            qFatal("the test's own file cannot be written");
        return file;
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestSound)
#include "tst_sound.moc"
