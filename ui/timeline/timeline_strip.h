#pragma once

#include <optional>
#include <vector>

#include <QAbstractScrollArea>

#include "plots/branch_menu.h"
#include "timeline/freeze_track.h"

namespace frostline {

class StepAxis;

/// Layer x step: a row for each layer, what it was from step to step, and the changes as labelled marks
/// above. Shows what the plot of `axis` shows of the steps, and stands under it to the pixel where there is
/// room. GUI thread.
class TimelineStrip : public QAbstractScrollArea {
    Q_OBJECT
public:
    /// Both have to outlive it.
    TimelineStrip(const FreezeTrack& track, const StepAxis& axis, QWidget* parent = nullptr);

    /// Shows what is meant to be, not what was: nothing can be branched from.
    void setPlanned(const QString& hint);
    /// After the plot's steps have moved.
    void followAxis() { viewport()->update(); }
    /// After the track has grown.
    void refresh();
    /// After it has become another's.
    void showOtherLayers();
    void setSelected(int intervention);
    int selected() const { return m_selected; }
    /// Of the place that keys move: a row and a step.
    std::size_t currentLayer() const { return m_layer; }
    Step currentStep() const { return m_step; }
    void setBranchObstacle(const QString& why) { m_branchObstacle = why; }

    /// Where on the viewport a step stands, and what stands at a place.
    double xOf(Step step) const;
    Step stepAt(double x) const;
    QRect rowRect(std::size_t layer) const;
    std::optional<std::size_t> layerAt(int y) const;
    /// Indices of the interventions whose mark lies there.
    std::vector<std::size_t> marksAt(const QPoint& position) const;
    QString tipAt(const QPoint& position) const;
    std::vector<BranchPlace> branchPlacesAt(const QPoint& position) const;
    /// Of the names of layers, if they are to be seen whole.
    int labelWidth() const;
    /// What the steps take of the viewport, from left to right.
    QRect area() const;
    /// Whether it stands under the plot to the pixel.
    bool isAligned() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void interventionChosen(int index);
    void branchRequested(frostline::Step step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Mark {
        std::size_t first = 0; ///< Index of an intervention.
        std::size_t count = 1;
        std::size_t lead = 0;   ///< The one whose text it shows.
        std::size_t others = 0; ///< Marks that had no room beside it.
        QRectF box;
    };

    int rowHeight() const;
    int headerHeight() const;
    int rulerHeight() const;
    int rowsHeight() const;
    QRect plotArea() const;
    void updateScrollBar();
    void moveTo(std::size_t layer, Step step);
    void moveBy(int layers, Step steps);
    void goToIntervention(bool forward);
    void say();
    std::vector<Mark> layOutMarks() const;

    void paintRows(QPainter& painter) const;
    void paintRow(QPainter& painter, std::size_t layer) const;
    void paintName(QPainter& painter, std::size_t layer) const;
    void paintLines(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintRuler(QPainter& painter) const;
    void paintCursor(QPainter& painter) const;
    void paintHint(QPainter& painter) const;
    QColor markColour(const Change& change) const;

    const FreezeTrack& m_track;
    const StepAxis& m_axis;
    QString m_branchObstacle;
    QString m_hint;
    bool m_isPlanned = false;
    int m_selected = -1;
    std::size_t m_layer = 0;
    Step m_step = 0;
    mutable std::optional<std::size_t> m_measuredLayers; ///< As many layers m_labelWidth is of.
    mutable int m_labelWidth = 0;
    std::optional<QRect> m_paintedArea; ///< While painting, for it is asked for a hundred thousand times.
};

} // namespace frostline
