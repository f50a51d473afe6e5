#include "data/image_grid_model.h"

#include <utility>

#include <QLocale>

namespace frostline {

void ImageGridModel::setImages(std::shared_ptr<const DataSet> images)
{
    beginResetModel();
    m_images = std::move(images);
    collectRows();
    endResetModel();
}

void ImageGridModel::setPictures(std::function<QImage(std::int64_t)> pictures)
{
    m_pictures = std::move(pictures);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::DecorationRole});
}

void ImageGridModel::setClassFilter(int classIndex)
{
    if (m_class == classIndex)
        return;
    beginResetModel();
    m_class = classIndex;
    collectRows();
    endResetModel();
}

int ImageGridModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ImageGridModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const std::int64_t image = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DecorationRole:
        return m_pictures ? m_pictures(image) : pictureOf(*m_images, image);
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return classNameOf(image);
    case Qt::ToolTipRole:
        return tr("%1: %2").arg(nameOf(image), classNameOf(image));
    default:
        return {};
    }
}

void ImageGridModel::collectRows()
{
    m_rows.clear();
    if (!m_images)
        return;
    for (int i = 0; i < static_cast<int>(m_images->size()); ++i) {
        if (m_class == kAllClasses || m_images->labels[static_cast<std::size_t>(i)] == m_class)
            m_rows.push_back(i);
    }
}

/// Its file, where it has one.
QString ImageGridModel::nameOf(std::int64_t image) const
{
    const auto& origins = m_images->origins;
    return origins.empty() ? tr("Image %1").arg(QLocale().toString(image))
                           : QString::fromStdString(origins[static_cast<std::size_t>(image)]);
}

QString ImageGridModel::classNameOf(std::int64_t image) const
{
    const auto label = static_cast<std::size_t>(m_images->labels[static_cast<std::size_t>(image)]);
    return QString::fromStdString(m_images->classNames[label]);
}

} // namespace frostline
