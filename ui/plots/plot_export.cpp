#include "plots/plot_export.h"

#include <algorithm>
#include <cmath>

#include <QBuffer>
#include <QCoreApplication>
#include <QDir>
#include <QImage>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <qcustomplot.h>

#include "base/number.h"
#include "plots/metric_history.h"

namespace frostline {

namespace {

constexpr double kPointsPerInch = 72.0;
constexpr qsizetype kLongestName = 80;

void paint(QCustomPlot& canvas, QPaintDevice& device, QSize size)
{
    QCPPainter painter(&device);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    canvas.toPainter(&painter, size.width(), size.height());
}

void addCell(QByteArray& row, double value)
{
    row += ',';
    if (!std::isnan(value))
        row += formatNumber(value).c_str();
}

/// Tasks without accuracy have two columns more.
bool hasError(const MetricHistory& history)
{
    return std::ranges::any_of(history.points(),
                               [](const MetricPoint& point) { return !std::isnan(point.mae); });
}

void addPoint(QByteArray& csv, const MetricPoint& point, bool withError)
{
    csv += QByteArray::number(static_cast<qlonglong>(point.step)) + ',' + QByteArray::number(point.epoch);
    for (const double value : {point.seconds, point.loss, point.accuracy, point.learningRate, point.sparsity})
        addCell(csv, value);
    csv += ",,";
    if (withError) {
        addCell(csv, point.mae);
        csv += ',';
    }
    csv += '\n';
}

void addEpoch(QByteArray& csv, const EpochRecord& record, double seconds, bool withError)
{
    csv += QByteArray::number(static_cast<qlonglong>(record.step)) + ',' + QByteArray::number(record.epoch);
    addCell(csv, seconds);
    csv += ",,,,";
    addCell(csv, record.validation->loss);
    addCell(csv, record.validation->accuracy);
    if (withError) {
        csv += ',';
        addCell(csv, record.validation->mae);
    }
    csv += '\n';
}

} // namespace

QImage renderImage(QCustomPlot& canvas, QSize size, double scale)
{
    return canvas.toPixmap(size.width(), size.height(), scale).toImage();
}

QByteArray renderPng(QCustomPlot& canvas, QSize size, double scale)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    renderImage(canvas, size, scale).save(&buffer, "PNG");
    return buffer.data();
}

QByteArray renderSvg(QCustomPlot& canvas, QSize size, const QString& title)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(canvas.logicalDpiX());
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(title);
    paint(canvas, generator, size);
    return buffer.data();
}

QByteArray renderPdf(QCustomPlot& canvas, QSize size, const QString& title)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        const double points = kPointsPerInch / canvas.logicalDpiX();
        QPdfWriter writer(&buffer);
        writer.setTitle(title);
        writer.setResolution(canvas.logicalDpiX());
        writer.setPageSize(QPageSize(QSizeF(size) * points, QPageSize::Point));
        writer.setPageMargins(QMarginsF());
        paint(canvas, writer, size);
    }
    return buffer.data();
}

QByteArray csvOf(const MetricHistory& history)
{
    const bool withError = hasError(history);
    QByteArray csv("step,epoch,seconds,loss,accuracy,learning_rate,sparsity,"
                   "validation_loss,validation_accuracy");
    csv += withError ? ",mae,validation_mae\n" : "\n";
    auto record = history.epochs().begin();
    const auto end = history.epochs().end();
    const auto addEpochsUpTo = [&](Step step) {
        for (; record != end && record->step <= step; ++record) {
            if (record->validation)
                addEpoch(csv, *record, history.xOf(record->step, XAxis::Time), withError);
        }
    };
    for (const auto& point : history.points()) {
        addEpochsUpTo(point.step);
        addPoint(csv, point, withError);
    }
    addEpochsUpTo(std::numeric_limits<Step>::max());
    return csv;
}

QString fileNameOf(const QString& title)
{
    QString name;
    for (const QChar letter : title.toLower()) {
        if (letter.isLetterOrNumber())
            name += letter;
        else if (!name.isEmpty() && !name.endsWith(QLatin1Char('-')))
            name += QLatin1Char('-');
    }
    name.truncate(kLongestName);
    while (name.endsWith(QLatin1Char('-')))
        name.chop(1);
    return name;
}

QString writeFile(const QString& file, const QByteArray& content)
{
    QSaveFile target(file);
    const bool isWritten =
        target.open(QIODevice::WriteOnly) && target.write(content) == content.size() && target.commit();
    if (isWritten)
        return {};
    return QCoreApplication::translate("PlotExport", "%1 could not be written: %2. Choose another place.")
        .arg(QDir::toNativeSeparators(file), target.errorString());
}

} // namespace frostline
