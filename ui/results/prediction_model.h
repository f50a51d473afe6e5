#pragma once

#include <memory>
#include <vector>

#include <QAbstractListModel>

#include "data/picture_cache.h"
#include "results/evaluation_job.h"

namespace frostline {

/// Samples of an evaluation as pictures with what they were taken for. GUI thread.
class PredictionModel : public QAbstractListModel {
    Q_OBJECT
public:
    explicit PredictionModel(QObject* parent = nullptr);

    /// `rows` are the evaluation's, in the order in which they are shown.
    void setRows(std::shared_ptr<const EvaluatedSplit> result, std::vector<std::size_t> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    /// Picture as decoration, what it is and what it was taken for as text, the whole truth as tool tip.
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QString captionOf(std::size_t row) const;
    QString detailOf(std::size_t row) const;
    QString className(std::int64_t label) const;
    void tellOf(std::int64_t sample);

    std::shared_ptr<const EvaluatedSplit> m_result;
    std::vector<std::size_t> m_rows;
    mutable PictureCache m_pictures;
};

} // namespace frostline
