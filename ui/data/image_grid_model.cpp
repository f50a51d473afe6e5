#include "data/image_grid_model.h"

#include <algorithm>
#include <utility>

#include <QLocale>

#include "data/sample_picture.h"
#include "theme/tip_text.h"

namespace frostline {

ImageGridModel::ImageGridModel(QObject* parent) : QAbstractListModel(parent)
{
    connect(&m_pictures, &PictureCache::made, this, &ImageGridModel::tellOf);
}

void ImageGridModel::setImages(std::shared_ptr<const DataSet> images)
{
    beginResetModel();
    m_images = std::move(images);
    showStored();
    collectRows();
    endResetModel();
}

void ImageGridModel::showStored()
{
    if (!m_images) {
        m_pictures.setSource({}, PictureCache::Takes::NoTime);
        return;
    }
    m_pictures.setSource([images = m_images](std::int64_t image) { return pictureOf(*images, image); },
                         m_images->stream ? PictureCache::Takes::AWhile : PictureCache::Takes::NoTime);
}

void ImageGridModel::tellOf(std::int64_t image)
{
    const auto row = std::ranges::lower_bound(m_rows, image);
    if (row == m_rows.end() || *row != image)
        return;
    const auto place = index(static_cast<int>(row - m_rows.begin()));
    Q_EMIT dataChanged(place, place, {Qt::DecorationRole});
}

void ImageGridModel::setPictures(PictureCache::Make pictures)
{
    if (pictures)
        m_pictures.setSource(std::move(pictures), PictureCache::Takes::AWhile);
    else
        showStored();
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
        return m_pictures.picture(image);
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return classNameOf(image);
    case Qt::ToolTipRole:
        return tipText(tr("%1: %2").arg(nameOf(image), classNameOf(image)));
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
