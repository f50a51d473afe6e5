#include "results/prediction_model.h"

#include <utility>

#include <QImage>
#include <QLocale>

#include "data/sample_picture.h"
#include "theme/tip_text.h"

namespace frostline {

PredictionModel::PredictionModel(QObject* parent) : QAbstractListModel(parent)
{
    connect(&m_pictures, &PictureCache::made, this, &PredictionModel::tellOf);
}

void PredictionModel::setRows(std::shared_ptr<const EvaluatedSplit> result, std::vector<std::size_t> rows)
{
    beginResetModel();
    if (result != m_result)
        m_pictures.setSource([result](std::int64_t sample) { return pictureOf(result->samples(), sample); },
                             result && result->samples().stream ? PictureCache::Takes::AWhile
                                                                : PictureCache::Takes::NoTime);
    m_result = std::move(result);
    m_rows = std::move(rows);
    endResetModel();
}

void PredictionModel::tellOf(std::int64_t sample)
{
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_result->evaluation.samples[m_rows[row]] != sample)
            continue;
        const auto place = index(static_cast<int>(row));
        Q_EMIT dataChanged(place, place, {Qt::DecorationRole});
        return;
    }
}

int PredictionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PredictionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DecorationRole:
        return m_pictures.picture(m_result->evaluation.samples[row]);
    case Qt::DisplayRole:
        return captionOf(row);
    case Qt::AccessibleTextRole:
        return detailOf(row);
    case Qt::ToolTipRole:
        return tipText(detailOf(row));
    default:
        return {};
    }
}

QString PredictionModel::className(std::int64_t label) const
{
    return QString::fromStdString(m_result->evaluation.classNames[static_cast<std::size_t>(label)]);
}

QString PredictionModel::captionOf(std::size_t row) const
{
    const auto& evaluation = m_result->evaluation;
    if (evaluation.predicted.empty())
        return tr("loss %1").arg(QLocale().toString(evaluation.losses[row], 'g', 3));
    // What it is, and under it what it was taken for.
    return tr("%1\n→ %2 %3 %")
        .arg(className(evaluation.labels[row]), className(evaluation.predicted[row]),
             QLocale().toString(100.0F * evaluation.confidences[row], 'f', 0));
}

QString PredictionModel::detailOf(std::size_t row) const
{
    const auto& evaluation = m_result->evaluation;
    const auto sample = evaluation.samples[row];
    const auto& origins = m_result->samples().origins;
    const QString name = origins.empty() ? tr("Sample %1").arg(QLocale().toString(sample))
                                         : QString::fromStdString(origins[static_cast<std::size_t>(sample)]);
    const QString loss = QLocale().toString(evaluation.losses[row], 'g', 3);
    if (evaluation.predicted.empty())
        return tr("%1: loss %2").arg(name, loss);
    const QString truth = className(evaluation.labels[row]);
    if (evaluation.labels[row] == evaluation.predicted[row])
        return tr("%1: %2, as predicted; loss %3").arg(name, truth, loss);
    return tr("%1: %2, taken for %3; loss %4").arg(name, truth, className(evaluation.predicted[row]), loss);
}

} // namespace frostline
