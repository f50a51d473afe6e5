#include "data/image_grid_model.h"

#include <utility>

#include <QLocale>

namespace frostline {

namespace {

QImage greyPicture(const DataSet& images, std::int64_t index)
{
    const auto bytes = images.image(index);
    return QImage(bytes.data(), images.width, images.height, images.width, QImage::Format_Grayscale8).copy();
}

QImage colourPicture(const DataSet& images, std::int64_t index)
{
    const auto bytes = images.image(index);
    const auto plane = static_cast<std::size_t>(images.width) * static_cast<std::size_t>(images.height);
    QImage picture(images.width, images.height, QImage::Format_RGB888);
    std::size_t place = 0;
    for (int y = 0; y < images.height; ++y) {
        auto* out = picture.scanLine(y);
        for (int x = 0; x < images.width; ++x, ++place) {
            for (std::size_t channel = 0; channel < 3; ++channel)
                *out++ = bytes[channel * plane + place];
        }
    }
    return picture;
}

} // namespace

QImage pictureOf(const DataSet& images, std::int64_t index)
{
    return images.channels == 3 ? colourPicture(images, index) : greyPicture(images, index);
}

void ImageGridModel::setImages(std::shared_ptr<const DataSet> images)
{
    beginResetModel();
    m_images = std::move(images);
    collectRows();
    endResetModel();
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
        return pictureOf(*m_images, image);
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return classNameOf(image);
    case Qt::ToolTipRole:
        return tr("Image %1: %2").arg(QLocale().toString(image), classNameOf(image));
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

QString ImageGridModel::classNameOf(std::int64_t image) const
{
    const auto label = static_cast<std::size_t>(m_images->labels[static_cast<std::size_t>(image)]);
    return QString::fromStdString(m_images->classNames[label]);
}

} // namespace frostline
