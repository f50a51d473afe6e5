#pragma once

#include <memory>

#include <QWidget>

#include "data/data_set.h"
#include "training/recipe.h"

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QLabel;
class QListView;
class QTabWidget;
class QToolButton;

namespace frostline {

class ClassChart;
class ImageGridModel;
class ResultsPanel;

/// "240 images, 4 classes, 28 × 28, grey".
QString describe(const DataSet& images);

/// The samples that a recipe trains and is measured on, with their labels and class counts, as they are
/// stored or as the network is given them; and what a session's network makes of them. GUI thread.
class DataPage : public QWidget {
    Q_OBJECT
public:
    explicit DataPage(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const DataSplits> splits, const Recipe& recipe);
    /// Nothing to see, and why.
    void clear(const QString& why);

    ResultsPanel& results() { return *m_results; }
    std::shared_ptr<const DataSplits> data() const { return m_data; }

private:
    QWidget* createSamples();
    QWidget* createBar();
    QWidget* createChart();
    void createGrid();
    void showSplit(int split);
    void showClass(int classIndex);
    void toggleClass(int classIndex);
    void fillClasses(const DataSet& images);
    void showAugmented();

    std::shared_ptr<const DataSplits> m_data;
    Recipe m_recipe;
    int m_round = 1;
    ImageGridModel* m_model;
    QLabel* m_description;
    QButtonGroup* m_splits;
    QComboBox* m_classes;
    QListView* m_grid;
    ClassChart* m_chart;
    QCheckBox* m_augmented;
    QToolButton* m_again;
    QTabWidget* m_tabs;
    ResultsPanel* m_results;
};

} // namespace frostline
