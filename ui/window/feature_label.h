#pragma once

#include <QWidget>

#include "training/cost.h"

class QLabel;
class QStatusBar;

namespace frostline {

/// A snowflake and what is kept under the frost line, in the status bar; hidden while there is nothing to
/// tell. GUI thread.
class FeatureLabel : public QWidget {
    Q_OBJECT
public:
    explicit FeatureLabel(QStatusBar* bar);

    void setFeatures(const FeatureReport& features);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showIcon();

    QLabel* m_icon = nullptr;
    QLabel* m_text = nullptr;
};

} // namespace frostline
