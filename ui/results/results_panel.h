#pragma once

#include <memory>

#include <QWidget>

#include "results/evaluation_job.h"

class QComboBox;
class QLabel;
class QListView;
class QProgressBar;
class QPushButton;
class QSplitter;

namespace frostline {

class ConfusionView;
class PredictionModel;

/// What a session's network makes of its samples: figures, confusion matrix, predictions with pictures, the
/// worst mistakes first. GUI thread.
class ResultsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ResultsPanel(QWidget* parent = nullptr);

    /// What to evaluate: a session's folder, and its data, where they are at hand.
    void setSession(const QString& folder, std::shared_ptr<const DataSplits> splits);
    /// Nothing to evaluate, and why.
    void clear(const QString& why);

    ConfusionView& confusion() { return *m_confusion; }

private:
    QWidget* createBar();
    QWidget* createPredictions();
    QWidget* createMatrix();
    void clearResult();
    void evaluate();
    void showRunning(bool isRunning);
    void showResult(const std::shared_ptr<const EvaluatedSplit>& result);
    void showMatrix();
    void showFigures();
    void showRows();
    void showCell(int label, int predicted);
    std::vector<std::size_t> chosenRows() const;

    QString m_folder;
    std::shared_ptr<const DataSplits> m_data;
    std::shared_ptr<const EvaluatedSplit> m_result;
    EvaluationJob* m_job;
    PredictionModel* m_model;
    QSplitter* m_body = nullptr; ///< Hidden while there is no result.
    QComboBox* m_split = nullptr;
    QPushButton* m_evaluate = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_figures = nullptr;
    QComboBox* m_shown = nullptr;
    QListView* m_grid = nullptr;
    QLabel* m_nothing = nullptr; ///< Stands where the list is empty.
    ConfusionView* m_confusion = nullptr;
};

} // namespace frostline
