#pragma once

#include <QSortFilterProxyModel>

namespace frostline {

/// Sessions that hold all words searched for; those put away only where asked for. GUI thread.
class SessionFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit SessionFilter(QObject* parent = nullptr);

    void setWords(const QString& text);
    void setShowsArchived(bool on);
    bool showsArchived() const { return m_showsArchived; }
    /// Sessions found, and all that the search went through.
    int matchCount() const;
    int searchedCount() const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    template <class Accepts>
    int count(const Accepts& accepts, const QModelIndex& parent = {}) const;
    bool isSearched(const QModelIndex& index) const;
    bool hasWords(const QModelIndex& index) const;

    QStringList m_words;
    bool m_showsArchived = false;
};

} // namespace frostline
