#include "compare/settings_table_model.h"

#include <cmath>
#include <functional>
#include <limits>

#include <QBrush>
#include <QFont>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

#include "compare/delta_text.h"
#include "plots/number_text.h"
#include "theme/colours.h"

namespace frostline {

namespace {

using Row = SettingsTableModel::Row;
using Figure = std::function<std::optional<double>(const LoadedSession&)>;
using Text = std::function<QString(double)>;

std::size_t at(int index)
{
    return static_cast<std::size_t>(index);
}

int baselineIndex(const ComparedRuns& sessions)
{
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        if (sessions[i].isBaseline)
            return static_cast<int>(i);
    }
    return -1;
}

/// A value for each session, with its signed difference to the baseline's.
Row figureRow(const ComparedRuns& sessions, const QString& name, const Figure& figure, const Text& text,
              const Text& delta)
{
    Row row;
    row.key = name;
    row.differs = true;
    row.isFigure = true;
    const auto* baseline = baselineOf(sessions);
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const double pinned = baseline ? figure(*baseline->loaded).value_or(kNone) : kNone;
    for (const auto& session : sessions) {
        const auto value = figure(*session.loaded);
        QString cell = value ? text(*value) : SettingsTableModel::tr("–");
        const bool isOther = !session.isBaseline && value && !std::isnan(pinned) && *value != pinned;
        if (isOther)
            cell += SettingsTableModel::tr("  (%1)").arg(delta(*value - pinned));
        row.values.append(cell);
        row.isOther.push_back(isOther);
    }
    return row;
}

std::vector<Row> figureRows(const ComparedRuns& sessions)
{
    const QLocale locale;
    const Text percent = [locale](double value) { return percentText(value, locale); };
    const Text points = [locale](double value) { return pointsText(value, locale); };
    const Text number = [locale](double value) { return compactNumber(value, locale); };
    const Text difference = [locale](double value) { return signedText(value, locale); };
    const Text duration = [locale](double value) { return durationText(value, locale); };
    const Text longer = [locale](double value) {
        const QString size = durationText(std::abs(value), locale);
        return (value < 0.0 ? QChar(0x2212) : QLatin1Char('+')) + size;
    };
    const auto figures = [](const LoadedSession& loaded) { return figuresOf(loaded.session); };
    const auto add = [&](const QString& name, const Figure& figure, const Text& text, const Text& delta) {
        return figureRow(sessions, name, figure, text, delta);
    };
    using Tr = SettingsTableModel;
    std::vector<Row> rows;
    rows.push_back(add(
        Tr::tr("Best validation accuracy"), [=](const auto& one) { return figures(one).bestAccuracy; },
        percent, points));
    rows.push_back(add(
        Tr::tr("Best validation loss"), [=](const auto& one) { return figures(one).bestLoss; }, number,
        difference));
    rows.push_back(add(
        Tr::tr("Best epoch"),
        [=](const auto& one) {
            const int epoch = figures(one).bestEpoch;
            return epoch > 0 ? std::optional<double>(epoch) : std::nullopt;
        },
        number, difference));
    rows.push_back(add(
        Tr::tr("Last validation accuracy"), [=](const auto& one) { return figures(one).lastAccuracy(); },
        percent, points));
    rows.push_back(add(
        Tr::tr("Last validation loss"),
        [=](const auto& one) {
            const auto last = figures(one).last;
            return last ? std::optional(last->loss) : std::nullopt;
        },
        number, difference));
    rows.push_back(add(
        Tr::tr("Trainable share, mean"), [](const auto& one) { return std::optional(one.trainableShare); },
        percent, points));
    rows.push_back(add(
        Tr::tr("Steps"),
        [=](const auto& one) { return std::optional(static_cast<double>(figures(one).steps)); }, number,
        difference));
    rows.push_back(add(
        Tr::tr("Time"), [=](const auto& one) { return std::optional(figures(one).seconds); }, duration,
        longer));
    return rows;
}

} // namespace

std::vector<Row> settingRowsOf(const ComparedRuns& sessions)
{
    if (sessions.empty())
        return {};
    auto rows = figureRows(sessions);
    std::vector<const SessionHead*> heads;
    for (const auto& session : sessions)
        heads.push_back(&session.loaded->session);
    const auto reference = at(std::max(0, baselineIndex(sessions)));
    for (const auto& setting : settingsOf(heads)) {
        Row row;
        row.key = QString::fromStdString(setting.key);
        row.differs = setting.differs;
        for (const auto& value : setting.values) {
            row.values.append(value ? QString::fromStdString(*value) : SettingsTableModel::tr("–"));
            row.isOther.push_back(value != setting.values[reference]);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

void SettingsTableModel::setSessions(const ComparedRuns& sessions, std::vector<Row> rows)
{
    beginResetModel();
    m_sessions = sessions;
    m_rows = std::move(rows);
    endResetModel();
}

void SettingsTableModel::refreshSwatches()
{
    if (m_rows.empty() || m_sessions.empty())
        return;
    const int last = static_cast<int>(m_sessions.size());
    Q_EMIT headerDataChanged(Qt::Horizontal, 1, last);
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, last));
}

int SettingsTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SettingsTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_sessions.size()) + 1;
}

/// What differs bears a sign before it: a tint alone would not do.
QString SettingsTableModel::textOf(const Row& row, int session) const
{
    const bool isMarked = row.isOther[at(session)] && !row.isFigure;
    return isMarked ? tr("≠ %1").arg(row.values[session]) : row.values[session];
}

QVariant SettingsTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& row = m_rows[at(index.row())];
    const int session = index.column() - 1;
    const bool isOther = session >= 0 && row.isOther[at(session)];
    switch (role) {
    case Qt::DisplayRole:
        return session < 0 ? row.key : textOf(row, session);
    case Qt::ToolTipRole:
        return session < 0 ? row.key : row.values[session];
    case Qt::FontRole: {
        QFont font;
        font.setBold(isOther && !row.isFigure);
        return font;
    }
    case Qt::BackgroundRole: {
        if (!isOther || row.isFigure)
            return {};
        const auto palette = QGuiApplication::palette();
        return QBrush(faded(seriesColour(5, palette), palette.color(QPalette::Base), 0.22));
    }
    case FolderRole:
        return session < 0 ? QString() : m_sessions[at(session)].folder;
    case DiffersRole:
        return row.differs;
    case FigureRole:
        return row.isFigure;
    default:
        return {};
    }
}

QVariant SettingsTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (section == 0)
        return role == Qt::DisplayRole ? tr("Setting") : QVariant();
    const auto& session = m_sessions[at(section - 1)];
    switch (role) {
    case Qt::DisplayRole:
        return session.isBaseline ? tr("%1 (baseline)").arg(session.name) : session.name;
    case Qt::ToolTipRole:
        return tr("%1\nClick to pin it as the baseline").arg(session.name);
    case Qt::DecorationRole:
        return swatchOf(session.style, QGuiApplication::palette());
    case FolderRole:
        return session.folder;
    default:
        return {};
    }
}

} // namespace frostline
