#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "data/load_data.h"
#include "data/sources.h"
#include "data/tensors.h"
#include "weights/safetensors_index.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

struct Tensor {
    std::string name;
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::string bytes;
};

template <class Value>
Tensor tensorOf(const std::string& name, const std::string& dtype, std::vector<std::int64_t> shape,
                const std::vector<Value>& values)
{
    const auto* first = reinterpret_cast<const char*>(values.data());
    std::string bytes(first, first + values.size() * sizeof(Value));
    return {name, dtype, std::move(shape), bytes};
}

std::string fileOf(const std::vector<Tensor>& tensors)
{
    std::vector<TensorEntry> entries;
    std::string data;
    for (const auto& each : tensors) {
        entries.push_back({each.name, each.dtype, each.shape, 0, 0});
        data += each.bytes;
    }
    return safetensorsHeader(entries, {}) + data;
}

Tensor inputs(std::int64_t count = 3, const std::string& name = "data_input")
{
    std::vector<float> values;
    for (int i = 0; i < count * 2; ++i)
        values.push_back(static_cast<float>(i) * 0.5f);
    return tensorOf(name, "F32", {count, 2}, values);
}

Tensor labels(const std::vector<std::int64_t>& values, const std::string& name = "data_target")
{
    return tensorOf(name, "I64", {std::ssize(values)}, values);
}

} // namespace

class TestTensors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void halvesBecomeFloats()
    {
        QCOMPARE(floatOfHalf(0x3c00), 1.0f);
        QCOMPARE(floatOfHalf(0xc000), -2.0f);
        QCOMPARE(floatOfHalf(0x3555), 0.333251953125f);
        QCOMPARE(floatOfHalf(0x7bff), 65504.0f);
        QCOMPARE(floatOfHalf(0x0001), std::ldexp(1.0f, -24));
        QCOMPARE(floatOfHalf(0x03ff), std::ldexp(1023.0f, -24));
        QCOMPARE(floatOfHalf(0x0400), std::ldexp(1.0f, -14));
        QCOMPARE(floatOfHalf(0x7c00), std::numeric_limits<float>::infinity());
        QVERIFY(std::isnan(floatOfHalf(0x7e00)));
        QVERIFY(std::signbit(floatOfHalf(0x8000)));
    }
    void shapesBecomeChannelsHeightAndWidth_data()
    {
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        QTest::addColumn<std::vector<int>>("expected");
        using Shape = std::vector<std::int64_t>;
        QTest::newRow("features") << Shape{2, 12} << std::vector<int>{12, 1, 1};
        QTest::newRow("planes") << Shape{2, 3, 4} << std::vector<int>{1, 3, 4};
        QTest::newRow("images") << Shape{2, 3, 2, 2} << std::vector<int>{3, 2, 2};
    }
    void shapesBecomeChannelsHeightAndWidth()
    {
        QFETCH(std::vector<std::int64_t>, shape);
        QFETCH(std::vector<int>, expected);
        std::vector<float> values(24);
        values[23] = -7.5f;
        const auto data = read({tensorOf("data_input", "F32", shape, values)}, Task::Reconstruction);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        const auto& set = data->train;
        QCOMPARE((std::vector<int>{set.channels, set.height, set.width}), expected);
        QCOMPARE(set.values, values);
        QCOMPARE(set.labels, (std::vector<std::int64_t>{0, 0}));
        QCOMPARE(set.classNames, (std::vector<std::string>{"all"}));
        QVERIFY(set.targets.empty());
    }
    void typesOfInputs_data()
    {
        QTest::addColumn<std::string>("dtype");
        QTest::addColumn<QByteArray>("bytes");
        const auto bytesOf = [](const auto& values) {
            return QByteArray(reinterpret_cast<const char*>(values.data()),
                              static_cast<qsizetype>(values.size() * sizeof values[0]));
        };
        QTest::newRow("F64") << std::string("F64") << bytesOf(std::vector<double>{1.0, -2.0});
        QTest::newRow("F16") << std::string("F16") << bytesOf(std::vector<std::uint16_t>{0x3c00, 0xc000});
        QTest::newRow("BF16") << std::string("BF16") << bytesOf(std::vector<std::uint16_t>{0x3f80, 0xc000});
    }
    void typesOfInputs()
    {
        QFETCH(std::string, dtype);
        QFETCH(QByteArray, bytes);
        const auto data = read({{"data_input", dtype, {2, 1}, bytes.toStdString()}}, Task::Reconstruction);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.values, (std::vector<float>{1.0f, -2.0f}));
    }
    void bytesArePixels()
    {
        const auto data = read({{"data_input", "U8", {2, 1, 2}, "abcd"}}, Task::Reconstruction);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.pixels, (std::vector<std::uint8_t>{'a', 'b', 'c', 'd'}));
        QVERIFY(data->train.values.empty());
    }
    void labelsNameTheirClasses()
    {
        const auto data =
            read({inputs(), labels({0, 1, 0}), inputs(1, "test_input"), labels({3}, "test_target"),
                  inputs(2, "validation_input"), labels({0, 0}, "validation_target")},
                 Task::Classes);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.labels, (std::vector<std::int64_t>{0, 1, 0}));
        QCOMPARE(data->train.classNames, (std::vector<std::string>{"0", "1", "2", "3"}));
        QCOMPARE(data->test->classNames, data->train.classNames);
        QCOMPARE(data->test->labels, (std::vector<std::int64_t>{3}));
        QCOMPARE(data->validation->size(), 2);
    }
    void truthValuesAreLabelsOfTwoClasses()
    {
        const auto data = read({inputs(), {"data_target", "BOOL", {3}, std::string(3, '\0')}}, Task::Binary);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.classNames, (std::vector<std::string>{"0", "1"}));
    }
    void valuesAreTargets()
    {
        const auto one =
            read({inputs(), tensorOf("data_target", "F64", {3}, std::vector<double>{1.5, 2.5, -1.0})},
                 Task::Values);
        QVERIFY2(one, one ? "" : one.error().message.c_str());
        QCOMPARE(one->train.targetShape, (std::vector<std::int64_t>{1}));
        QCOMPARE(one->train.targets, (std::vector<float>{1.5f, 2.5f, -1.0f}));
        const auto more = read({inputs(), tensorOf("data_target", "I32", {3, 2, 1},
                                                   std::vector<std::int32_t>{1, 2, 3, 4, 5, 6})},
                               Task::Values);
        QVERIFY2(more, more ? "" : more.error().message.c_str());
        QCOMPARE(more->train.targetShape, (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(more->train.targets, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    }
    void splitsMayHaveFilesOfTheirOwn()
    {
        write("train.safetensors", fileOf({inputs(), labels({0, 1, 0})}));
        write("test.safetensors", fileOf({inputs(2), labels({1, 1})}));
        const auto data = readTensors(root(), Task::Classes);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.size(), 3);
        QCOMPARE(data->test->labels, (std::vector<std::int64_t>{1, 1}));
        QVERIFY(!data->validation);
        write("train.safetensors",
              fileOf({inputs(), labels({0, 1, 0}), inputs(1, "test_input"), labels({0}, "test_target")}));
        const auto twice = readTensors(root(), Task::Classes);
        QVERIFY(!twice);
        QVERIFY2(twice.error().message.find("train.safetensors has test_input in it too") !=
                     std::string::npos,
                 twice.error().message.c_str());
    }
    void aRecipeReadsThem()
    {
        write("x.safetensors", fileOf({inputs(10), labels({0, 1, 0, 1, 0, 1, 0, 1, 0, 1})}));
        DataRecipe recipe;
        recipe.source = "tensors";
        recipe.path = "x.safetensors";
        recipe.validation.from = ValidationRecipe::From::Train;
        recipe.validation.fraction = 0.2;
        const auto splits = loadData(recipe, 1, root());
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->train.size(), 8);
        QCOMPARE(splits->validation.size(), 2);
        recipe.path = "y.safetensors";
        QVERIFY(loadData(recipe, 1, root()).error().message.find("y.safetensors: there is no such file") !=
                std::string::npos);
    }
    void badTensorsAreNamed_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<int>("task");
        QTest::addColumn<QString>("says");
        const auto add = [](const char* name, const std::string& bytes, Task task, const char* says) {
            QTest::newRow(name) << bytes << static_cast<int>(task) << QString::fromLatin1(says);
        };
        const auto floats = [](const std::string& name, std::vector<std::int64_t> shape,
                               std::vector<float> values) {
            return tensorOf(name, "F32", std::move(shape), values);
        };
        add("empty", "", Task::Classes, "not a safetensors file");
        add("text", "this is a text of some length", Task::Classes, "not a safetensors file");
        add("cut", fileOf({inputs(), labels({0, 1, 0})}).substr(0, 150), Task::Classes, "");
        add("no input", fileOf({labels({0})}), Task::Classes, "has no tensor data_input");
        add("misspelt input", fileOf({inputs(3, "data_inputs")}), Task::Classes,
            "has no tensor data_input; did you name it \"data_inputs\"?");
        add("no target", fileOf({inputs()}), Task::Classes, "has no tensor data_target");
        add("half a test split", fileOf({inputs(), labels({0, 1, 0}), inputs(1, "test_input")}),
            Task::Classes, "has no tensor test_target");
        add("integers for inputs", fileOf({labels({0, 1}, "data_input")}), Task::Reconstruction,
            "/data_input: has type I64; expected F32, F16, BF16, F64 or U8");
        add("one dimension", fileOf({floats("data_input", {2}, {1, 2})}), Task::Reconstruction,
            "/data_input: has shape [2]; expected [N, features]");
        add("five dimensions", fileOf({floats("data_input", {1, 1, 1, 1, 2}, {1, 2})}), Task::Reconstruction,
            "has shape [1, 1, 1, 1, 2]");
        add("no samples", fileOf({floats("data_input", {0, 2}, {})}), Task::Reconstruction,
            "has no samples in it");
        add("empty samples", fileOf({floats("data_input", {2, 0}, {})}), Task::Reconstruction,
            "a sample of it is empty or too large");
        add("huge samples", fileOf({floats("data_input", {0, 1 << 20, 1 << 20, 1 << 20}, {})}),
            Task::Reconstruction, "a sample of it is empty or too large");
        add("not a number", fileOf({floats("data_input", {2, 1}, {1, std::nanf("")})}), Task::Reconstruction,
            "/data_input: value 1 is not a finite number");
        add("too large for a float",
            fileOf({tensorOf("data_input", "F64", {1, 1}, std::vector<double>{1e300})}), Task::Reconstruction,
            "/data_input: value 0 is not a finite number");
        add("infinite target", fileOf({inputs(1), floats("data_target", {1}, {INFINITY})}), Task::Values,
            "/data_target: value 0 is not a finite number");
        add("counts differ", fileOf({inputs(), labels({0, 1})}), Task::Classes,
            "/data_target: has shape [2], data_input [3, 2]; expected as many targets as inputs");
        add("no dimension", fileOf({inputs(1), floats("data_target", {}, {1})}), Task::Values,
            "/data_target: has shape []");
        add("floats for labels", fileOf({inputs(2), floats("data_target", {2}, {0, 1})}), Task::Classes,
            "/data_target: expected integers, found F32");
        add("two labels each",
            fileOf({inputs(1), tensorOf("data_target", "U8", {1, 2}, std::vector<char>{0, 1})}),
            Task::Classes, "/data_target: has shape [1, 2]; expected one label a sample, [N]");
        add("negative label", fileOf({inputs(), labels({0, -1, 0})}), Task::Classes,
            "/data_target: label -1 of sample 1 is out of range");
        add("huge label", fileOf({inputs(), labels({0, 1, std::int64_t{1} << 40})}), Task::Classes,
            "label 1099511627776 of sample 2 is out of range");
        add("empty target", fileOf({inputs(), floats("data_target", {3, 0}, {})}), Task::Values,
            "a target needs at least one value");
        add("mixed types", fileOf({inputs(), {"test_input", "U8", {1, 2}, "ab"}}), Task::Reconstruction,
            "some inputs are bytes and others floats");
        add("mixed targets",
            fileOf({inputs(1), floats("data_target", {1, 2}, {1, 2}), inputs(1, "test_input"),
                    floats("test_target", {1}, {1})}),
            Task::Values, "targets of training have shape [2], others [1]");
    }
    void badTensorsAreNamed()
    {
        QFETCH(std::string, bytes);
        QFETCH(int, task);
        QFETCH(QString, says);
        write("x.safetensors", bytes);
        const auto data = readTensors(root() / "x.safetensors", static_cast<Task>(task));
        QVERIFY(!data);
        const auto message = QString::fromStdString(data.error().message);
        QVERIFY2(message.contains(says), qPrintable(message));
        QVERIFY2(message.contains("x.safetensors"), qPrintable(message));
    }

    /// A file with holes is as long as it likes.
    void whatDoesNotFitIntoMemoryIsAnError_data()
    {
        QTest::addColumn<bool>("inHeader");
        QTest::newRow("header") << true;
        QTest::newRow("samples") << false;
    }
    void whatDoesNotFitIntoMemoryIsAnError()
    {
        QFETCH(bool, inHeader);
        if (kIsSanitized && !inHeader)
            QSKIP("the sanitizer ends what asks for so much memory");
        constexpr std::int64_t kHuge = std::int64_t{1} << 43;
        std::vector<TensorEntry> entries{{"data_input", "U8", {kHuge >> 20, 1 << 20}, 0, 0}};
        auto head = safetensorsHeader(entries, {});
        auto size = static_cast<std::uint64_t>(kHuge);
        if (inHeader)
            std::memcpy(head.data(), &size, sizeof size);
        write("x.safetensors", head);
        std::error_code code;
        fs::resize_file(root() / "x.safetensors", head.size() + size, code);
        if (code)
            QSKIP("the file system has no files of 8 TiB");
        const auto data = readTensors(root() / "x.safetensors", Task::Reconstruction);
        QVERIFY(!data);
        const auto message = QString::fromStdString(data.error().message);
        QVERIFY2(message.contains(inHeader ? QStringLiteral("its header would be 8796093022208 bytes long")
                                           : QStringLiteral("there is not enough memory to read it")),
                 qPrintable(message));
    }

private:
    fs::path root() const { return m_folder->path().toStdString(); }
    void write(const char* name, const std::string& bytes) const
    {
        std::ofstream(root() / name, std::ios::binary) << bytes;
    }
    Result<SourceData> read(const std::vector<Tensor>& tensors, Task task) const
    {
        write("x.safetensors", fileOf(tensors));
        return readTensors(root() / "x.safetensors", task);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestTensors)
#include "tst_tensors.moc"
