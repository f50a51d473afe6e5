#pragma once

#include <optional>
#include <span>

#include <QWidget>

#include "training/range_test.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace frostline {

class NumberEdit;
class RangePlot;
class SuggestionRow;
class ToolRow;

/// The Range test tab: raises the learning rate step by step, shows what becomes of the loss, and offers the
/// rates that the curve suggests. GUI thread.
class RangePage : public QWidget {
    Q_OBJECT
public:
    explicit RangePage(QWidget* parent = nullptr);

    /// Why no test can be made now; empty where it can.
    void setObstacle(const QString& obstacle);
    /// Why the learning rate cannot be set now; empty where it can.
    void setUseObstacle(const QString& obstacle);
    /// Whether what is shown is of other settings than those there are now.
    void setOutdated(bool outdated);

    void begin(const RangeTestOptions& options);
    void addPoints(std::span<const RangePoint> points);
    void showTest(const RangeTest& test);
    /// The test has ended without a result.
    void showProblem(const QString& problem);
    /// What is shown is of another network: nothing is shown any more.
    void clear();

    bool isRunning() const { return m_isRunning; }
    RangePlot* plot() const { return m_plot; }
    /// Writes the plot or its numbers, by the file's suffix; a sentence on what went wrong, or nothing.
    QString exportTo(const QString& file) const;

Q_SIGNALS:
    void testRequested(const frostline::RangeTestOptions& options);
    void stopRequested();
    void rateChosen(double rate);
    void messageRequested(const QString& message);

protected:
    void changeEvent(QEvent* event) override;

private:
    ToolRow* createTools();
    void createFields(ToolRow* tools);
    void showRunning(bool running);
    void startOrStop();
    void updateButton();
    void showOutcome(const QString& outcome);
    void exportFigures();

    NumberEdit* m_start = nullptr;
    NumberEdit* m_end = nullptr;
    QSpinBox* m_steps = nullptr;
    QPushButton* m_run = nullptr;
    QWidget* m_export = nullptr;
    QProgressBar* m_progress = nullptr;
    RangePlot* m_plot = nullptr;
    SuggestionRow* m_suggestions = nullptr;
    QLabel* m_outcome = nullptr;
    QLabel* m_outdated = nullptr;
    std::optional<RangeTest> m_test;
    QString m_obstacle;
    bool m_isRunning = false;
};

} // namespace frostline
