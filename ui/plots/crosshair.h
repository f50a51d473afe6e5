#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <QCoreApplication>

class QCustomPlot;
class QPalette;

namespace frostline {

class CrosshairLayer;
class CrosshairTable;
class CurveModel;
class PlotPanel;
struct CrosshairRow;

using PlotPanels = std::vector<std::unique_ptr<PlotPanel>>;

/// A line through all plots at one training point, a dot on each curve, and the table of their values.
/// GUI thread.
class Crosshair {
    Q_DECLARE_TR_FUNCTIONS(frostline::Crosshair)
public:
    Crosshair(QCustomPlot& canvas, const CurveModel& model, const PlotPanels& panels);

    void setEnabled(bool on);
    bool isEnabled() const { return m_isEnabled; }
    void applyPalette(const QPalette& palette);

    /// To the point nearest to x. The table keeps away from the pointer, at `pointerY` on the canvas.
    void moveTo(double x, std::optional<double> pointerY = {});
    void moveToPoint(std::size_t index);
    void hide();
    /// Reads everything anew, after the data have changed.
    void refresh();
    std::optional<std::size_t> point() const { return m_point; }

private:
    void show(std::size_t index, std::optional<double> pointerY);
    void draw();
    void placeTable(double pixel);
    std::vector<CrosshairRow> rows(std::size_t index) const;
    void addTrainingRow(const PlotPanel& panel, std::size_t index, std::vector<CrosshairRow>& rows) const;
    void addValidationRow(const PlotPanel& panel, std::size_t index, std::vector<CrosshairRow>& rows) const;
    void addDots(std::size_t index);

    QCustomPlot& m_canvas;
    const CurveModel& m_model;
    const PlotPanels& m_panels;
    CrosshairLayer* m_layer; ///< Owned by the canvas, as is the table.
    CrosshairTable* m_table;
    std::optional<std::size_t> m_point;
    std::optional<double> m_pointerY; ///< None while keys move it.
    bool m_isEnabled = true;
};

} // namespace frostline
