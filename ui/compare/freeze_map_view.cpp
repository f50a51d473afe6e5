#include "compare/freeze_map_view.h"

#include <algorithm>
#include <cmath>

#include <QIcon>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "compare/freeze_paint.h"
#include "compare/hover_link.h"
#include "plots/number_text.h"

namespace frostline {

namespace {

constexpr int kMargin = 10;
constexpr int kWidestGutter = 170;
constexpr int kLeastStrip = 160;

std::size_t at(int index)
{
    return static_cast<std::size_t>(index);
}

QFont smallOf(const QFont& font)
{
    QFont small = font;
    small.setPointSizeF(QFontInfo(font).pointSizeF() * 0.85);
    return small;
}

/// A distance between ticks of 1, 2 or 5 times a power of ten.
Step tickStep(Step steps, int most)
{
    const double rough = static_cast<double>(steps) / std::max(1, most);
    const double power = std::pow(10.0, std::floor(std::log10(std::max(1.0, rough))));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        if (factor * power >= rough)
            return static_cast<Step>(factor * power);
    }
    return steps;
}

} // namespace

QString wordFor(FreezeState state)
{
    switch (state) {
    case FreezeState::Frozen:
        return FreezeMapView::tr("frozen");
    case FreezeState::StatisticsOnly:
        return FreezeMapView::tr("frozen, statistics updated");
    case FreezeState::Trainable:
        break;
    }
    return FreezeMapView::tr("trainable");
}

QIcon freezeSwatch(FreezeState state, const QPalette& palette)
{
    QPixmap pixmap(22, 12);
    pixmap.fill(palette.color(QPalette::Base));
    QPainter painter(&pixmap);
    paintFreezeState(painter, pixmap.rect(), state, palette);
    painter.end();
    return QIcon(pixmap);
}

FreezeMapView::FreezeMapView(HoverLink& hover, QWidget* parent) : QWidget(parent), m_hover(hover)
{
    setObjectName(QStringLiteral("freezeMaps"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setAccessibleName(tr("What was trainable when"));
    connect(&hover, &HoverLink::hovered, this, qOverload<>(&QWidget::update));
}

void FreezeMapView::setSessions(const ComparedRuns& sessions)
{
    m_sessions = sessions;
    m_differences.assign(sessions.size(), {});
    m_current.reset();
    if (const auto* baseline = baselineOf(sessions)) {
        for (std::size_t i = 0; i < sessions.size(); ++i) {
            if (!sessions[i].isBaseline)
                m_differences[i] = freezeDifferences(sessions[i].loaded->history, baseline->loaded->history);
        }
    }
    measure();
}

void FreezeMapView::measure()
{
    const QFontMetrics metrics(smallOf(font()));
    m_steps = 1;
    m_gutter = 40;
    m_tops.assign(1, kMargin / 2);
    for (int session = 0; session < static_cast<int>(m_sessions.size()); ++session) {
        for (const auto& layer : historyOf(session)) {
            m_gutter = std::max(m_gutter, metrics.horizontalAdvance(QString::fromStdString(layer.path)) + 4);
            if (!layer.spans.empty())
                m_steps = std::max(m_steps, layer.spans.back().to);
        }
        m_tops.push_back(m_tops.back() + blockHeight(session));
    }
    m_gutter = std::min(m_gutter, kWidestGutter);
    updateGeometry();
    update();
}

const std::vector<LayerHistory>& FreezeMapView::historyOf(int session) const
{
    return m_sessions[at(session)].loaded->history;
}

int FreezeMapView::rowHeight() const
{
    return QFontMetrics(smallOf(font())).height() + 1;
}

int FreezeMapView::headHeight() const
{
    return fontMetrics().height() + 10;
}

int FreezeMapView::axisHeight() const
{
    return rowHeight() + 10;
}

int FreezeMapView::blockTop(int session) const
{
    return m_tops[at(session)];
}

int FreezeMapView::blockHeight(int session) const
{
    return headHeight() + static_cast<int>(historyOf(session).size()) * rowHeight() + axisHeight();
}

QSize FreezeMapView::sizeHint() const
{
    return {600, (m_tops.empty() ? 0 : m_tops.back()) + kMargin};
}

QSize FreezeMapView::minimumSizeHint() const
{
    return {m_gutter + kLeastStrip + 3 * kMargin, sizeHint().height()};
}

QRect FreezeMapView::strip(int top, int height) const
{
    const int left = m_gutter + 2 * kMargin;
    return {left, top, std::max(1, width() - left - 2 * kMargin), height};
}

double FreezeMapView::pixelOf(Step step) const
{
    const QRect room = strip(0, 0);
    return room.left() +
           static_cast<double>(room.width()) * static_cast<double>(step) / static_cast<double>(m_steps);
}

QRect FreezeMapView::rowRect(int session, int layer) const
{
    return strip(blockTop(session) + headHeight() + layer * rowHeight(), rowHeight());
}

const FreezeSpan& FreezeMapView::spanOf(const Place& place) const
{
    return historyOf(place.session)[at(place.layer)].spans[at(place.span)];
}

QRectF FreezeMapView::spanRect(const Place& place) const
{
    const auto& span = spanOf(place);
    const QRect row = rowRect(place.session, place.layer);
    return {QPointF(pixelOf(span.from), row.top() + 0.5), QPointF(pixelOf(span.to), row.bottom() + 0.5)};
}

QPoint FreezeMapView::positionOf(int session, int layer, int span) const
{
    if (session >= static_cast<int>(m_sessions.size()) ||
        layer >= static_cast<int>(historyOf(session).size()))
        return {};
    return spanRect({session, layer, span}).center().toPoint();
}

std::optional<FreezeMapView::Place> FreezeMapView::placeAt(const QPoint& position) const
{
    for (int session = 0; session < static_cast<int>(m_sessions.size()); ++session) {
        const int row = position.y() - blockTop(session) - headHeight();
        const int layer = row / rowHeight();
        if (row < 0 || layer >= static_cast<int>(historyOf(session).size()))
            continue;
        const auto count = static_cast<int>(historyOf(session)[at(layer)].spans.size());
        for (int span = 0; span < count; ++span) {
            const QRectF area = spanRect({session, layer, span});
            if (position.x() >= area.left() && position.x() < area.right())
                return Place{session, layer, span};
        }
    }
    return {};
}

QString FreezeMapView::describe(const Place& place) const
{
    const QLocale locale;
    const auto& span = spanOf(place);
    const auto& path = historyOf(place.session)[at(place.layer)].path;
    QString text = tr("%1, %2: %3, steps %4–%5")
                       .arg(m_sessions[at(place.session)].name, QString::fromStdString(path),
                            wordFor(span.state), locale.toString(static_cast<qlonglong>(span.from)),
                            locale.toString(static_cast<qlonglong>(span.to - 1)));
    for (const auto& difference : m_differences[at(place.session)]) {
        if (difference.path == path && difference.from < span.to && difference.to > span.from) {
            text +=
                tr("; in the baseline %1 at steps %2–%3")
                    .arg(wordFor(difference.second), locale.toString(static_cast<qlonglong>(difference.from)),
                         locale.toString(static_cast<qlonglong>(difference.to - 1)));
        }
    }
    return text;
}

void FreezeMapView::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    for (int session = 0; session < static_cast<int>(m_sessions.size()); ++session) {
        const QRect block(0, blockTop(session), width(), blockHeight(session));
        if (block.intersects(event->rect()))
            paintBlock(painter, session, event->rect());
    }
    if (m_current && hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(spanRect(*m_current));
    }
}

void FreezeMapView::paintBlock(QPainter& painter, int session, const QRect& exposed) const
{
    const QRect block(0, blockTop(session), width(), blockHeight(session));
    if (m_sessions[at(session)].folder == m_hover.run())
        painter.fillRect(block,
                         faded(palette().color(QPalette::Highlight), palette().color(QPalette::Base), 0.12));
    paintHead(painter, session);
    for (int layer = 0; layer < static_cast<int>(historyOf(session).size()); ++layer) {
        if (rowRect(session, layer).adjusted(-width(), 0, 0, 0).intersects(exposed))
            paintRow(painter, session, layer);
    }
    paintDifferences(painter, session, exposed);
    paintAxis(painter, session);
}

void FreezeMapView::paintHead(QPainter& painter, int session) const
{
    const auto& compared = m_sessions[at(session)];
    const QRect head(kMargin, blockTop(session), width() - 2 * kMargin, headHeight());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colourOf(compared.style, palette()));
    painter.drawPath(shapeOf(compared.style, QPointF(head.left() + 7, head.center().y()), 5.0));
    painter.setRenderHint(QPainter::Antialiasing, false);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    const QString name = compared.isBaseline ? tr("%1 (baseline)").arg(compared.name) : compared.name;
    const QString shown = QFontMetrics(bold).elidedText(name, Qt::ElideRight, head.width() / 2);
    painter.drawText(head.adjusted(22, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, shown);
    painter.setFont(font());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(
        head, Qt::AlignRight | Qt::AlignVCenter,
        tr("%1 trainable on average").arg(percentText(compared.loaded->trainableShare, QLocale())));
}

void FreezeMapView::paintRow(QPainter& painter, int session, int layer) const
{
    const auto& history = historyOf(session)[at(layer)];
    const QRect row = rowRect(session, layer);
    painter.setFont(smallOf(font()));
    painter.setPen(palette().color(QPalette::Text));
    const QRect gutter(kMargin, row.top(), m_gutter, row.height());
    painter.drawText(gutter, Qt::AlignRight | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(QString::fromStdString(history.path), Qt::ElideLeft,
                                                      gutter.width()));
    for (int span = 0; span < static_cast<int>(history.spans.size()); ++span) {
        const QRectF area = spanRect({session, layer, span});
        paintFreezeState(painter, area.adjusted(0.0, 0.5, 0.0, -0.5), history.spans[at(span)].state,
                         palette());
    }
}

void FreezeMapView::paintDifferences(QPainter& painter, int session, const QRect& exposed) const
{
    painter.setPen(QPen(palette().color(QPalette::Text), 2.0));
    painter.setBrush(Qt::NoBrush);
    const auto& layers = historyOf(session);
    for (const auto& difference : m_differences[at(session)]) {
        const auto found = std::ranges::find(layers, difference.path, &LayerHistory::path);
        if (found == layers.end())
            continue;
        const QRect row = rowRect(session, static_cast<int>(found - layers.begin()));
        if (row.intersects(exposed))
            painter.drawRect(QRectF(QPointF(pixelOf(difference.from), row.top() + 1.0),
                                    QPointF(pixelOf(difference.to), row.bottom())));
    }
}

void FreezeMapView::paintAxis(QPainter& painter, int session) const
{
    const QRect room = strip(blockTop(session) + blockHeight(session) - axisHeight(), axisHeight());
    painter.setFont(smallOf(font()));
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const Step distance = tickStep(m_steps, room.width() / 90);
    for (Step step = 0; step <= m_steps; step += distance) {
        const int x = qRound(pixelOf(step));
        painter.drawLine(x, room.top(), x, room.top() + 3);
        painter.drawText(QRect(x - 40, room.top() + 3, 80, rowHeight()), Qt::AlignHCenter | Qt::AlignTop,
                         QLocale().toString(static_cast<qlonglong>(step)));
    }
    painter.drawText(QRect(kMargin, room.top() + 3, m_gutter, rowHeight()), Qt::AlignRight | Qt::AlignTop,
                     tr("step"));
}

void FreezeMapView::mouseMoveEvent(QMouseEvent* event)
{
    const auto place = placeAt(event->pos());
    QString folder;
    for (int session = 0; session < static_cast<int>(m_sessions.size()); ++session) {
        if (event->pos().y() >= blockTop(session) && event->pos().y() < m_tops[at(session) + 1])
            folder = m_sessions[at(session)].folder;
    }
    m_hover.setRun(folder);
    const QString text = place ? describe(*place) : QString();
    Q_EMIT described(text);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void FreezeMapView::mousePressEvent(QMouseEvent* event)
{
    QWidget::mousePressEvent(event);
    if (const auto place = placeAt(event->pos()))
        moveTo(*place);
}

void FreezeMapView::leaveEvent(QEvent*)
{
    m_hover.setRun({});
    Q_EMIT described(m_current ? describe(*m_current) : QString());
}

void FreezeMapView::setCurrent(int session, const std::string& path, Step step)
{
    const auto& layers = historyOf(session);
    for (int layer = 0; layer < static_cast<int>(layers.size()); ++layer) {
        if (layers[at(layer)].path != path)
            continue;
        const auto& spans = layers[at(layer)].spans;
        const auto found = std::ranges::find_if(
            spans, [step](const FreezeSpan& span) { return step >= span.from && step < span.to; });
        if (found != spans.end())
            moveTo({session, layer, static_cast<int>(found - spans.begin())});
        return;
    }
}

void FreezeMapView::moveTo(const Place& place)
{
    m_current = place;
    m_hover.setRun(m_sessions[at(place.session)].folder);
    setAccessibleDescription(describe(place));
    Q_EMIT described(describe(place));
    Q_EMIT currentMoved(rowRect(place.session, place.layer));
    update();
}

FreezeMapView::Place FreezeMapView::moved(const Place& from, int key) const
{
    Place to = from;
    const auto layers = [this](int session) { return static_cast<int>(historyOf(session).size()); };
    if (key == Qt::Key_Left || key == Qt::Key_Right) {
        const auto spans = static_cast<int>(historyOf(from.session)[at(from.layer)].spans.size());
        to.span = std::clamp(from.span + (key == Qt::Key_Right ? 1 : -1), 0, spans - 1);
        return to;
    }
    const Step step = spanOf(from).from;
    to.layer += key == Qt::Key_Down ? 1 : -1;
    if (to.layer < 0 && to.session > 0)
        to.layer = layers(--to.session) - 1;
    else if (to.layer >= layers(to.session) && to.session + 1 < static_cast<int>(m_sessions.size()))
        to = {to.session + 1, 0, 0};
    to.layer = std::clamp(to.layer, 0, std::max(0, layers(to.session) - 1));
    const auto& spans = historyOf(to.session)[at(to.layer)].spans;
    to.span = 0;
    while (to.span + 1 < static_cast<int>(spans.size()) && spans[at(to.span)].to <= step)
        ++to.span;
    return to;
}

void FreezeMapView::keyPressEvent(QKeyEvent* event)
{
    const bool isArrow = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down ||
                         event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    const bool hasRows = !m_sessions.empty() && !historyOf(0).empty() && !historyOf(0).front().spans.empty();
    if (!isArrow || !hasRows) {
        QWidget::keyPressEvent(event);
        return;
    }
    moveTo(m_current ? moved(*m_current, event->key()) : Place{});
}

void FreezeMapView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        measure();
}

} // namespace frostline
