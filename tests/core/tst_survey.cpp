#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "data/survey.h"
#include "weights/safetensors_index.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, const std::string& bytes = "x")
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

/// A file of four samples with one feature, and targets whose bytes are all the same.
std::string tensorsOf(const std::string& type, std::vector<std::int64_t> targets, char byte)
{
    std::vector<TensorEntry> entries{{"data_input", "U8", {4, 1}, 0, 0}};
    if (!type.empty())
        entries.push_back({"data_target", type, std::move(targets), 0, 0});
    const auto header = safetensorsHeader(entries, {});
    return header + "abcd" + std::string(entries.back().end - 4, byte);
}

} // namespace

class TestSurvey : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdString()) / "data";
        fs::create_directories(m_root);
    }
    void targetsTellTheTask_data()
    {
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        QTest::addColumn<int>("task");
        using Shape = std::vector<std::int64_t>;
        const auto row = [](const char* name, const char* type, const Shape& shape, Task task) {
            QTest::newRow(name) << std::string(type) << shape << static_cast<int>(task);
        };
        row("none", "", {}, Task::Reconstruction);
        row("labels", "I64", {4}, Task::Classes);
        row("floats", "F32", {4}, Task::Values);
        row("several integers", "I32", {4, 2}, Task::Values);
    }
    void targetsTellTheTask()
    {
        QFETCH(std::string, type);
        QFETCH(std::vector<std::int64_t>, shape);
        QFETCH(int, task);
        put(m_root / "x.safetensors", tensorsOf(type, shape, '\0'));
        const auto survey = surveyData(m_root / "x.safetensors");
        QVERIFY2(survey, survey ? "" : survey.error().message.c_str());
        QCOMPARE(static_cast<int>(survey->task), task);
        QCOMPARE(survey->train, 4);
    }
    void brokenTargetsAreTold_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("negative labels") << tensorsOf("I64", {4}, '\xff') << "label -1 of sample 0";
        QTest::newRow("too few labels") << tensorsOf("U8", {3}, '\0') << "expected as many targets as inputs";
        QTest::newRow("not a number") << tensorsOf("F32", {4}, '\xff') << "is not a finite number";
    }
    void brokenTargetsAreTold()
    {
        QFETCH(std::string, bytes);
        QFETCH(QString, says);
        put(m_root / "train.safetensors", bytes);
        refuses(says);
    }
    void foldersThatAreLinkedCount()
    {
        put(m_root.parent_path() / "elsewhere/cat/1.png");
        fs::create_directory_symlink("../elsewhere/cat", m_root / "cat");
        const auto survey = surveyData(m_root);
        QVERIFY2(survey, survey ? "" : survey.error().message.c_str());
        QCOMPARE(survey->source, std::string("image_folder"));
        QCOMPARE(survey->classNames, (std::vector<std::string>{"cat"}));
    }
    void aPictureAmongSoundsIsNoClass()
    {
        for (const auto* file : {"rock/1.wav", "rock/2.wav", "rock/cover.png"})
            put(m_root / file);
        QCOMPARE(surveyData(m_root)->source, std::string("audio_folder"));
        put(m_root / "jazz/1.wav");
        QCOMPARE(surveyData(m_root)->source, std::string("audio_folder"));
        // What is wrong is said of the kind that most files are of.
        put(m_root / "pop/notes.txt");
        refuses(QStringLiteral("/pop: has no sound file"));
    }

private:
    void refuses(const QString& says) const
    {
        const auto survey = surveyData(m_root);
        QVERIFY(!survey);
        QVERIFY2(QString::fromStdString(survey.error().message).contains(says),
                 survey.error().message.c_str());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
};

QTEST_APPLESS_MAIN(TestSurvey)
#include "tst_survey.moc"
