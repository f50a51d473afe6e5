#pragma once

#include <QWidget>

#include "model/layer_info.h"

class QLabel;

namespace frostline {

/// How much of the network trains, as a bar and in figures; says so where nothing does. GUI thread.
class LayerTotalsView : public QWidget {
    Q_OBJECT
public:
    explicit LayerTotalsView(QWidget* parent = nullptr);

    void setTotals(const LayerTotals& totals);

protected:
    void changeEvent(QEvent* event) override;

private:
    class ShareBar;

    void createWarning();
    void showTotals();

    LayerTotals m_totals;
    ShareBar* m_bar = nullptr;
    QLabel* m_trainable = nullptr;
    QLabel* m_frozen = nullptr;
    QWidget* m_warning = nullptr;
    QLabel* m_warningIcon = nullptr;
    QLabel* m_warningText = nullptr;
};

} // namespace frostline
