#pragma once

#include <vector>

#include <QWidget>

#include "plots/metric_history.h"

class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QSlider;
class QToolButton;

namespace frostline {

/// What can be done with the plots under it. Holds no state but that of its own controls. GUI thread.
class PlotToolbar : public QWidget {
    Q_OBJECT
public:
    explicit PlotToolbar(QWidget* parent = nullptr);

    void setFitted(bool fitted);
    /// Copying and exporting need something to show.
    void setHasData(bool hasData);

Q_SIGNALS:
    void fitRequested();
    void axisChosen(XAxis axis);
    void smoothingChanged(double weight);
    void logarithmicToggled(bool on);
    void outliersIgnored(bool on);
    void crosshairToggled(bool on);
    void legendToggled(bool on);
    void copyRequested();
    void exportRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct IconButton {
        QToolButton* button;
        QString icon;
    };

    QToolButton* addButton(const QString& icon, const QString& text, const QString& help);
    QToolButton* addToggle(const QString& icon, const QString& text, const QString& help, bool on);
    void addViewButtons();
    void addAxisChoice();
    void addSmoothing();
    void addOutputButtons();
    void setSmoothing(double weight);
    void updateIcons();

    QHBoxLayout* m_layout;
    std::vector<IconButton> m_buttons;
    QToolButton* m_fit = nullptr;
    QToolButton* m_copy = nullptr;
    QToolButton* m_export = nullptr;
    QComboBox* m_axis = nullptr;
    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_weight = nullptr;
};

} // namespace frostline
