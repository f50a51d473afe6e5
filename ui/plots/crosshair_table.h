#pragma once

#include <vector>

#include <QColor>
#include <QTableWidget>

namespace frostline {

/// One curve's values under the crosshair, as texts.
struct CrosshairRow {
    QColor colour;
    bool isDashed = false;
    QString curve;
    QString smoothed;
    QString raw;
    QString step;
    QString epoch;
    QString time;
};

/// The small table that floats beside the crosshair; clicks fall through it. GUI thread.
class CrosshairTable : public QTableWidget {
    Q_OBJECT
public:
    explicit CrosshairTable(QWidget* parent);

    void setRows(const std::vector<CrosshairRow>& rows, bool showsSmoothed);
    /// The values as one text, for those who hear it.
    QString spoken() const;

private:
    void setRow(int row, const CrosshairRow& values);
    void fitToContents();
};

} // namespace frostline
