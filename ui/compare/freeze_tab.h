#pragma once

#include <QWidget>

#include "compare/compared_run.h"

class QLabel;
class QScrollArea;
class QTreeWidget;

namespace frostline {

class FreezeMapView;
class HoverLink;

/// The freeze maps with their legend, and a list of where sessions were set differently from the baseline.
/// GUI thread.
class FreezeTab : public QWidget {
    Q_OBJECT
public:
    explicit FreezeTab(HoverLink& hover, QWidget* parent = nullptr);

    void setSessions(const ComparedRuns& sessions);
    FreezeMapView& map() const { return *m_map; }

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* createLegend();
    QWidget* createList();
    void showSwatches();
    void showDifferences();

    FreezeMapView* m_map;
    QScrollArea* m_scroll;
    QTreeWidget* m_list = nullptr;
    QLabel* m_hint = nullptr;
    QLabel* m_description = nullptr;
    std::vector<QLabel*> m_swatches;
    ComparedRuns m_sessions;
};

} // namespace frostline
