#include "results/confusion_view.h"

#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "theme/colours.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

constexpr int kGap = 6;
constexpr int kSmallestCell = 6;
constexpr int kLargestCell = 56;
constexpr int kWidestName = 110;
constexpr double kSmallerFont = 0.75; ///< For counts that would not fit into their cell.

QColor mixed(const QColor& under, const QColor& over, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(a + share * (b - a)); };
    return QColor(mix(under.red(), over.red()), mix(under.green(), over.green()),
                  mix(under.blue(), over.blue()));
}

} // namespace

ConfusionView::ConfusionView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("confusion"));
    setAccessibleName(tr("Confusion matrix"));
    setFocusPolicy(Qt::StrongFocus);
}

void ConfusionView::setMatrix(const QStringList& classNames, const std::vector<std::int64_t>& counts)
{
    m_names = counts.empty() ? QStringList() : classNames;
    m_counts = counts;
    m_rowSums.assign(static_cast<std::size_t>(classes()), 0);
    for (int label = 0; label < classes(); ++label) {
        for (int predicted = 0; predicted < classes(); ++predicted)
            m_rowSums[static_cast<std::size_t>(label)] += countAt(label, predicted);
    }
    m_chosen.reset();
    updateGeometry();
    update();
}

QSize ConfusionView::sizeHint() const
{
    const int side = classes() * std::clamp(400 / std::max(1, classes()), kSmallestCell, kLargestCell);
    return {nameWidth() + side + recallWidth(), headerHeight() + side + kGap};
}

QSize ConfusionView::minimumSizeHint() const
{
    const int side = classes() * kSmallestCell;
    return {nameWidth() + side + recallWidth(), headerHeight() + side + kGap};
}

std::int64_t ConfusionView::countAt(int label, int predicted) const
{
    return m_counts[static_cast<std::size_t>(label * classes() + predicted)];
}

int ConfusionView::nameWidth() const
{
    int width = 0;
    for (const auto& name : m_names)
        width = std::max(width, fontMetrics().horizontalAdvance(name));
    return std::min(width, kWidestName) + 2 * kGap;
}

int ConfusionView::headerHeight() const
{
    return fontMetrics().height() + nameWidth();
}

int ConfusionView::recallWidth() const
{
    return fontMetrics().horizontalAdvance(tr("100 % found")) + 2 * kGap;
}

int ConfusionView::cellSize() const
{
    const int across = width() - nameWidth() - recallWidth();
    const int down = height() - headerHeight() - kGap;
    return std::clamp(std::min(across, down) / std::max(1, classes()), kSmallestCell, kLargestCell);
}

QRect ConfusionView::cellRect(int label, int predicted) const
{
    const int size = cellSize();
    return {nameWidth() + predicted * size, headerHeight() + label * size, size, size};
}

std::optional<ConfusionCell> ConfusionView::cellAt(const QPoint& point) const
{
    const QPoint place = point - QPoint(nameWidth(), headerHeight());
    const ConfusionCell cell{place.y() / cellSize(), place.x() / cellSize()};
    if (place.x() < 0 || place.y() < 0 || cell.label >= classes() || cell.predicted >= classes())
        return std::nullopt;
    return cell;
}

void ConfusionView::choose(const std::optional<ConfusionCell>& cell)
{
    if (cell == m_chosen)
        return;
    m_chosen = cell;
    setAccessibleDescription(cell ? textOf(*cell) : QString());
    update();
    Q_EMIT cellChosen(cell ? cell->label : -1, cell ? cell->predicted : -1);
}

void ConfusionView::paintEvent(QPaintEvent* event)
{
    if (m_names.isEmpty())
        return;
    QPainter painter(this);
    paintNames(painter);
    paintColumnNames(painter);
    const QRect exposed = event->rect().translated(-nameWidth(), -headerHeight());
    const auto place = [this](int pixel) { return std::clamp(pixel / cellSize(), 0, classes() - 1); };
    for (int label = place(exposed.top()); label <= place(exposed.bottom()); ++label) {
        for (int predicted = place(exposed.left()); predicted <= place(exposed.right()); ++predicted)
            paintCell(painter, label, predicted);
        paintRecall(painter, label);
    }
    if (!m_chosen)
        return;
    painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(cellRect(m_chosen->label, m_chosen->predicted).adjusted(1, 1, -1, -1));
}

void ConfusionView::paintNames(QPainter& painter) const
{
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(QRect(0, 0, width(), fontMetrics().height()), Qt::AlignLeft,
                     tr("Rows: what it is. Columns: what it was taken for."));
    if (cellSize() < fontMetrics().height())
        return;
    painter.setPen(palette().color(QPalette::WindowText));
    for (int label = 0; label < classes(); ++label) {
        const QRect cell = cellRect(label, 0);
        const QRect line(kGap, cell.top(), nameWidth() - 2 * kGap, cell.height());
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight,
                         fontMetrics().elidedText(m_names[label], Qt::ElideRight, line.width()));
    }
}

void ConfusionView::paintColumnNames(QPainter& painter) const
{
    if (cellSize() < fontMetrics().height())
        return;
    const int room = nameWidth() - 2 * kGap;
    for (int predicted = 0; predicted < classes(); ++predicted) {
        const QRect cell = cellRect(0, predicted);
        painter.save();
        painter.translate(cell.center().x(), headerHeight() - kGap);
        painter.rotate(-90.0);
        painter.drawText(QRect(0, -fontMetrics().height() / 2, room, fontMetrics().height()),
                         Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(m_names[predicted], Qt::ElideRight, room));
        painter.restore();
    }
}

void ConfusionView::paintCell(QPainter& painter, int label, int predicted) const
{
    const auto count = countAt(label, predicted);
    const auto sum = rowSum(label);
    const double share = sum > 0 ? static_cast<double>(count) / static_cast<double>(sum) : 0.0;
    const QRect cell = cellRect(label, predicted).adjusted(0, 0, -1, -1);
    const QColor base = palette().color(QPalette::Base);
    const QColor shade = label == predicted ? frozenColour(palette()) : trainableColour(palette());
    // A single mistake among thousands shall still be seen.
    const double visible = count == 0 ? 0.0 : 0.12 + 0.88 * share;
    const QColor colour = mixed(base, shade, visible);
    painter.fillRect(cell, colour);
    if (count == 0)
        return;
    const QString text = QLocale().toString(static_cast<qlonglong>(count));
    QFont smaller = font();
    smaller.setPointSizeF(kSmallerFont * font().pointSizeF());
    const bool isWide = fontMetrics().horizontalAdvance(text) + 2 > cell.width();
    const QFontMetrics metrics(isWide ? smaller : font());
    if (metrics.horizontalAdvance(text) > cell.width() || metrics.height() > cell.height())
        return;
    painter.setFont(isWide ? smaller : font());
    painter.setPen(colour.lightnessF() > 0.5 ? Qt::black : Qt::white);
    painter.drawText(cell, Qt::AlignCenter, text);
}

void ConfusionView::paintRecall(QPainter& painter, int label) const
{
    const auto sum = rowSum(label);
    if (sum == 0 || cellSize() < fontMetrics().height())
        return;
    const double recall = 100.0 * static_cast<double>(countAt(label, label)) / static_cast<double>(sum);
    const QRect last = cellRect(label, classes() - 1);
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(last.right() + kGap, last.top(), recallWidth(), last.height()),
                     Qt::AlignVCenter | Qt::AlignLeft,
                     tr("%1 % found").arg(QLocale().toString(recall, 'f', 0)));
}

QString ConfusionView::textOf(const ConfusionCell& cell) const
{
    const QString count = QLocale().toString(static_cast<qlonglong>(countAt(cell.label, cell.predicted)));
    const QString all = QLocale().toString(static_cast<qlonglong>(rowSum(cell.label)));
    if (cell.label == cell.predicted)
        return tr("%1 of %2 samples of %3 were found").arg(count, all, m_names[cell.label]);
    return tr("%1 of %2 samples of %3 were taken for %4")
        .arg(count, all, m_names[cell.label], m_names[cell.predicted]);
}

void ConfusionView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto cell = cellAt(event->position().toPoint());
    choose(cell == m_chosen ? std::nullopt : cell);
}

void ConfusionView::keyPressEvent(QKeyEvent* event)
{
    auto cell = m_chosen.value_or(ConfusionCell{});
    switch (event->key()) {
    case Qt::Key_Left:
        --cell.predicted;
        break;
    case Qt::Key_Right:
        ++cell.predicted;
        break;
    case Qt::Key_Up:
        --cell.label;
        break;
    case Qt::Key_Down:
        ++cell.label;
        break;
    case Qt::Key_Escape:
        choose(std::nullopt);
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (m_names.isEmpty())
        return;
    cell.label = std::clamp(cell.label, 0, classes() - 1);
    cell.predicted = std::clamp(cell.predicted, 0, classes() - 1);
    choose(cell);
}

bool ConfusionView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = cellAt(help->pos());
    QToolTip::showText(help->globalPos(), cell && !m_names.isEmpty() ? tipText(textOf(*cell)) : QString(),
                       this);
    return true;
}

} // namespace frostline
