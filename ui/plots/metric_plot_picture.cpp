// What a plot is on paper; metric_plot.cpp is what it is on the screen.

#include <qcustomplot.h>

#include "plots/markers.h"
#include "plots/metric_plot.h"
#include "plots/plot_export.h"
#include "plots/plot_panel.h"

namespace frostline {

namespace {

constexpr QSize kSmallestPicture(800, 600);
constexpr double kPictureScale = 2.0;

QPalette paperPalette()
{
    QPalette palette(Qt::black, QColor(0xf0, 0xf0, 0xf0), Qt::white, Qt::darkGray, Qt::gray, Qt::black,
                     Qt::white, Qt::white, Qt::white);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x5f, 0x9f));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    return palette;
}

} // namespace

QSize MetricPlot::pictureSize() const
{
    return size().expandedTo(kSmallestPicture);
}

QImage MetricPlot::image()
{
    return QImage::fromData(picture(PictureFormat::Png));
}

QByteArray MetricPlot::picture(PictureFormat format)
{
    // What is selected is a matter of the window.
    const int selected = m_markers->highlighted();
    m_markers->highlight(-1);
    m_isPrinting = true;
    m_crosshair->hide();
    applyPalette(shownPalette());
    sync();
    const QSize extent = pictureSize();
    fitTitle(extent.width());
    const QByteArray result = format == PictureFormat::Svg   ? renderSvg(*m_canvas, extent, m_titleText)
                              : format == PictureFormat::Pdf ? renderPdf(*m_canvas, extent, m_titleText)
                                                             : renderPng(*m_canvas, extent, kPictureScale);
    m_markers->highlight(selected);
    m_isPrinting = false;
    applyPalette(shownPalette());
    scheduleRedraw();
    return result;
}

QPalette MetricPlot::shownPalette() const
{
    return m_isPrinting ? paperPalette() : palette();
}

} // namespace frostline
