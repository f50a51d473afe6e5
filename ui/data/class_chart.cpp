#include "data/class_chart.h"

#include <algorithm>

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kWidth = 220;
constexpr int kSmallestWidth = 120;
constexpr int kGap = 8;

} // namespace

ClassChart::ClassChart(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Images in each class"));
    setToolTip(tr("Click a class to see its images only"));
}

void ClassChart::setCounts(const QStringList& classNames, const std::vector<std::int64_t>& counts)
{
    m_names = classNames;
    m_counts = counts;
    m_largest = counts.empty() ? 1 : std::max<std::int64_t>(1, *std::ranges::max_element(counts));
    QStringList lines;
    for (int i = 0; i < static_cast<int>(counts.size()); ++i)
        lines.append(QStringLiteral("%1: %2").arg(m_names.value(i),
                                                  QLocale().toString(counts[static_cast<std::size_t>(i)])));
    setAccessibleDescription(lines.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

void ClassChart::setChosen(int classIndex)
{
    m_chosen = classIndex;
    update();
}

QSize ClassChart::sizeHint() const
{
    return {kWidth, rowHeight() * static_cast<int>(m_counts.size()) + kGap};
}

QSize ClassChart::minimumSizeHint() const
{
    return {kSmallestWidth, sizeHint().height()};
}

int ClassChart::rowHeight() const
{
    return fontMetrics().height() + 10;
}

int ClassChart::nameWidth() const
{
    int width = 0;
    for (const auto& name : m_names)
        width = std::max(width, fontMetrics().horizontalAdvance(name));
    return std::min(width + kGap, kWidth / 2);
}

void ClassChart::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const int first = event->rect().top() / rowHeight();
    const int last = std::min(static_cast<int>(m_counts.size()) - 1, event->rect().bottom() / rowHeight());
    for (int row = first; row <= last; ++row)
        paintRow(painter, row);
}

void ClassChart::paintRow(QPainter& painter, int row) const
{
    const auto count = m_counts[static_cast<std::size_t>(row)];
    const QString number = QLocale().toString(count);
    const QRect line(0, row * rowHeight(), width(), rowHeight());
    const int numberWidth = fontMetrics().horizontalAdvance(QLocale().toString(m_largest)) + kGap;
    const int names = nameWidth();
    const int room = std::max(1, line.width() - names - numberWidth - kGap);
    const auto share = static_cast<double>(count) / static_cast<double>(m_largest);
    if (row == m_chosen)
        painter.fillRect(line, palette().color(QPalette::Midlight));
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(line.adjusted(kGap / 2, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(m_names.value(row), Qt::ElideRight, names - kGap / 2));
    const QRect bar(names, line.top() + 5, static_cast<int>(share * room), line.height() - 10);
    painter.fillRect(bar, seriesColour(0, palette()));
    painter.drawText(QRect(bar.right() + kGap, line.top(), numberWidth, line.height()),
                     Qt::AlignVCenter | Qt::AlignLeft, number);
}

void ClassChart::mouseReleaseEvent(QMouseEvent* event)
{
    const int row = event->position().toPoint().y() / rowHeight();
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()) &&
        row < static_cast<int>(m_counts.size()))
        Q_EMIT classClicked(row);
}

} // namespace frostline
