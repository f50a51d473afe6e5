#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QAbstractListModel>
#include <QImage>

#include "data/sample_picture.h"

namespace frostline {

/// The images of one split, or those of one class of it. Pictures are made when a view asks for them, so
/// that 60,000 cost no more than what is visible.
class ImageGridModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int kAllClasses = -1;

    using QAbstractListModel::QAbstractListModel;

    void setImages(std::shared_ptr<const DataSet> images);
    void setClassFilter(int classIndex);
    /// Another way to draw an image than as it is stored; empty goes back to that.
    void setPictures(std::function<QImage(std::int64_t image)> pictures);

    int rowCount(const QModelIndex& parent = {}) const override;
    /// Picture as decoration, class name as text, place in the split as tool tip.
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    void collectRows();
    QString nameOf(std::int64_t image) const;
    QString classNameOf(std::int64_t image) const;

    std::shared_ptr<const DataSet> m_images;
    std::vector<int> m_rows; ///< Indices in m_images.
    std::function<QImage(std::int64_t)> m_pictures;
    int m_class = kAllClasses;
};

} // namespace frostline
