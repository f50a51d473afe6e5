#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>

class QCustomPlot;
class QImage;

namespace frostline {

class MetricHistory;

/// Pictures of everything on the canvas, laid out anew for a size in device-independent pixels; the canvas
/// wants a replot afterwards. GUI thread.
QImage renderImage(QCustomPlot& canvas, QSize size, double scale);
QByteArray renderPng(QCustomPlot& canvas, QSize size, double scale);
QByteArray renderSvg(QCustomPlot& canvas, QSize size, const QString& title);
QByteArray renderPdf(QCustomPlot& canvas, QSize size, const QString& title);

/// One row for each step, and one for each validated epoch; numbers read back to the same bits, and what is
/// not a number is left empty.
QByteArray csvOf(const MetricHistory& history);

/// A title as a file's name without a suffix: letters and digits in lower case, joined by hyphens; empty
/// where it has neither.
QString fileNameOf(const QString& title);

/// Whole or not at all; a sentence on what went wrong, or nothing.
QString writeFile(const QString& file, const QByteArray& content);

} // namespace frostline
