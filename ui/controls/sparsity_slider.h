#pragma once

#include <QWidget>

#include "model/layer_info.h"

class QDoubleSpinBox;
class QLabel;
class QSlider;

namespace frostline {

class QuietCommit;

/// A sparsity from 0 to 99.9 %, and how many weights that hides. GUI thread.
class SparsitySlider : public QWidget {
    Q_OBJECT
public:
    explicit SparsitySlider(QWidget* parent = nullptr);

    /// Fraction 0..1; tells nobody.
    void setValue(double fraction);
    double value() const { return m_value; }
    void setTotals(const LayerTotals& totals);
    /// Whether frozen layers are pruned too: without them the figure is an upper bound.
    void setFrozenIncluded(bool included);

    QSlider* slider() const { return m_slider; }
    QDoubleSpinBox* spinBox() const { return m_spin; }
    QString weightsText() const;

Q_SIGNALS:
    void valueChanged(double fraction);   ///< While it is dragged too.
    void valueCommitted(double fraction); ///< Once, when the user has finished.

private:
    void takeFromSlider(int perMille);
    void takeFromSpinBox(double percent);
    void take(double fraction, bool isHeld);
    void showEverywhere(double fraction);

    double m_value = 0.0;
    LayerTotals m_totals;
    bool m_frozenIncluded = false;
    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_spin = nullptr;
    QLabel* m_weights = nullptr;
    QuietCommit* m_commit = nullptr;
};

} // namespace frostline
