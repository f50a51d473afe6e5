#pragma once

#include <QWidget>

#include "compare/compared_run.h"

class QCheckBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace frostline {

class HoverLink;
class SettingsTableModel;

/// Figures and settings of the ticked sessions side by side: only what differs, unless asked for all.
/// GUI thread.
class SettingsTab : public QWidget {
    Q_OBJECT
public:
    explicit SettingsTab(HoverLink& hover, QWidget* parent = nullptr);

    void setSessions(const ComparedRuns& sessions);

Q_SIGNALS:
    /// The user chose a session as baseline, or, with an empty folder, took the pin away.
    void baselineChosen(const QString& folder);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createView();
    void choose(int column);
    void showCount();
    void lightUp(const QString& folder);

    HoverLink& m_hover;
    SettingsTableModel* m_model;
    QSortFilterProxyModel* m_filter;
    QTableView* m_view;
    QCheckBox* m_diffOnly;
    QLabel* m_count;
    ComparedRuns m_sessions;
    int m_reads = 0;
};

} // namespace frostline
