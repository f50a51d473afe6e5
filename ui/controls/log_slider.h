#pragma once

#include <QWidget>

class QSlider;

namespace frostline {

class HintLabel;
class NumberEdit;
class QuietCommit;

/// A number from 1e-6 to 10: a slider on a log scale, 20 steps to a decade, and the number itself to be
/// typed. A double click on the slider brings back the reset value. GUI thread.
class LogSlider : public QWidget {
    Q_OBJECT
public:
    explicit LogSlider(const QString& accessibleName, QWidget* parent = nullptr);

    /// Kept exactly, on the scale or not; tells nobody.
    void setValue(double value);
    double value() const { return m_value; }
    void setResetValue(double value) { m_resetValue = value; }

    QSlider* slider() const { return m_slider; }
    NumberEdit* edit() const { return m_edit; }

Q_SIGNALS:
    void valueChanged(double value);   ///< While it is dragged too.
    void valueCommitted(double value); ///< Once, when the user has finished.

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void takeFromSlider(int position);
    void takeFromEdit(double value);
    void take(double value, bool isHeld);
    void showOnSlider(double value);

    double m_value = 0.0;
    double m_resetValue = 0.0;
    QSlider* m_slider = nullptr;
    NumberEdit* m_edit = nullptr;
    HintLabel* m_hint = nullptr;
    QuietCommit* m_commit = nullptr;
};

} // namespace frostline
