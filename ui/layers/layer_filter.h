#pragma once

#include <QRegularExpression>
#include <QSortFilterProxyModel>

namespace frostline {

/// Layers whose path matches a text, with all that is in them and what they lie in.
/// Plain text is looked for anywhere; with `*`, `?` or `[` it is a glob over the whole path. GUI thread.
class LayerFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LayerFilter(QObject* parent = nullptr);

    void setPattern(const QString& pattern);
    void setRegularExpression(bool on);

    bool isFiltering() const { return !m_pattern.isEmpty() && m_error.isEmpty(); }
    /// What is wrong with the regular expression; empty if nothing is. With an error everything is shown.
    QString error() const { return m_error; }
    /// Leaves that match or lie in a container that does.
    int matchCount() const;
    int layerCount() const;

Q_SIGNALS:
    void filterChanged();

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;

private:
    void apply();
    bool matches(const QString& path) const;
    int countLeaves(const QModelIndex& sourceParent, bool insideMatch) const;

    QString m_pattern;
    bool m_isRegularExpression = false;
    QRegularExpression m_expression;
    QString m_error;
};

} // namespace frostline
