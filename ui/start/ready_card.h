#pragma once

#include <memory>
#include <vector>

#include <QFrame>

#include "data/data_set.h"
#include "model/layer_info.h"
#include "start/architecture_strip.h"
#include "training/recipe.h"

class QLabel;
class QPushButton;

namespace frostline {

/// A few images, as many as there is room for, and under them the network.
class ReadyPreview : public QWidget {
    Q_OBJECT
public:
    explicit ReadyPreview(QWidget* parent = nullptr);

    void setSamples(const DataSet& images);
    void setBlocks(std::vector<StripBlock> blocks);
    void clear();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QImage> m_samples;
    std::vector<StripBlock> m_blocks;
};

/// What is loaded and would run, in one look, with the one obvious Start. GUI thread.
class ReadyCard : public QFrame {
    Q_OBJECT
public:
    explicit ReadyCard(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe);
    void setData(const DataSplits& splits);
    void setLayers(const LayerTable& layers);
    /// Nothing could be loaded.
    void clear(const QString& why);
    void setStartEnabled(bool enabled, const QString& why);

Q_SIGNALS:
    void startRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* createStartRow();
    void updateStyle();

    QLabel* m_title;
    QLabel* m_notes;
    QLabel* m_facts;
    QPushButton* m_start;
    ReadyPreview* m_preview;
    QString m_plan; ///< "convnet, 5 epochs of batches of 64"
};

} // namespace frostline
