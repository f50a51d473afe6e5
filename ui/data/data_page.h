#pragma once

#include <memory>

#include <QWidget>

#include "data/data_set.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QListView;

namespace frostline {

class ClassChart;
class ImageGridModel;

/// "240 images, 4 classes, 28 × 28, grey".
QString describe(const DataSet& images);

/// The images that a recipe trains and is measured on, with their labels and class counts. GUI thread.
class DataPage : public QWidget {
    Q_OBJECT
public:
    explicit DataPage(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const DataSplits> splits);
    /// Nothing to see, and why.
    void clear(const QString& why);

private:
    QWidget* createBar();
    QWidget* createChart();
    void createGrid();
    void showSplit(int split);
    void showClass(int classIndex);
    void toggleClass(int classIndex);
    void fillClasses(const DataSet& images);

    std::shared_ptr<const DataSplits> m_data;
    ImageGridModel* m_model;
    QLabel* m_description;
    QButtonGroup* m_splits;
    QComboBox* m_classes;
    QListView* m_grid;
    ClassChart* m_chart;
};

} // namespace frostline
