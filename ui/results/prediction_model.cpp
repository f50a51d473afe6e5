#include "results/prediction_model.h"

#include <utility>

#include <QImage>
#include <QLocale>

#include "data/sample_picture.h"

namespace frostline {

void PredictionModel::setRows(std::shared_ptr<const EvaluatedSplit> result, std::vector<std::size_t> rows)
{
    beginResetModel();
    m_result = std::move(result);
    m_rows = std::move(rows);
    endResetModel();
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
        return pictureOf(m_result->samples(), m_result->evaluation.samples[row]);
    case Qt::DisplayRole:
        return captionOf(row);
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole:
        return detailOf(row);
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
    return tr("%1 %2 %")
        .arg(className(evaluation.predicted[row]))
        .arg(QLocale().toString(100.0F * evaluation.confidences[row], 'f', 0));
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
