#pragma once

#include <memory>
#include <vector>

#include <QAbstractListModel>

#include "data/data_set.h"
#include "data/picture_cache.h"

namespace frostline {

/// The images of one split, or those of one class of it. Pictures are made when a view asks for them, so
/// that 60,000 cost no more than what is visible.
class ImageGridModel : public QAbstractListModel {
    Q_OBJECT
public:
    static constexpr int kAllClasses = -1;

    explicit ImageGridModel(QObject* parent = nullptr);

    void setImages(std::shared_ptr<const DataSet> images);
    void setClassFilter(int classIndex);
    /// Another way to draw an image than as it is stored; empty goes back to that. It owns what it draws
    /// from.
    void setPictures(PictureCache::Make pictures);

    int rowCount(const QModelIndex& parent = {}) const override;
    /// Picture as decoration, class name as text, place in the split as tool tip.
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    void collectRows();
    void showStored();
    void tellOf(std::int64_t image);
    QString nameOf(std::int64_t image) const;
    QString classNameOf(std::int64_t image) const;

    std::shared_ptr<const DataSet> m_images;
    std::vector<int> m_rows; ///< Indices in m_images.
    mutable PictureCache m_pictures;
    int m_class = kAllClasses;
};

} // namespace frostline
