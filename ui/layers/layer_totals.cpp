#include "layers/layer_totals.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include "layers/layer_text.h"
#include "theme/colours.h"
#include "theme/icons.h"

namespace frostline {

namespace {

constexpr int kBarHeight = 8;
constexpr int kSmallestShare = 3; ///< Pixels: a few values among millions are to be seen too.

QString legend(const QColor& colour, const QString& text)
{
    return QStringLiteral("<span style=\"color:%1\">■</span> %2").arg(colour.name(), text.toHtmlEscaped());
}

} // namespace

/// The trainable share from the left, what is frozen hatched: colour is not the only cue.
class LayerTotalsView::ShareBar : public QWidget {
public:
    explicit ShareBar(QWidget* parent) : QWidget(parent) { setFixedHeight(kBarHeight); }

    void setTotals(const LayerTotals& totals)
    {
        m_totals = totals;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath outline;
        outline.addRoundedRect(rect(), kBarHeight / 2.0, kBarHeight / 2.0);
        painter.setClipPath(outline);
        painter.fillRect(rect(), palette().color(QPalette::Mid));
        if (m_totals.parameters == 0)
            return;
        painter.fillRect(rect(), frozenColour(palette()));
        painter.fillRect(rect(), QBrush(palette().color(QPalette::Window), Qt::BDiagPattern));
        painter.fillRect(QRect(0, 0, trainableWidth(), height()), trainableColour(palette()));
    }

private:
    int trainableWidth() const
    {
        if (m_totals.trainable == 0 || m_totals.frozen == 0)
            return m_totals.trainable == 0 ? 0 : width();
        const int exact = static_cast<int>(m_totals.trainableFraction() * width());
        return std::clamp(exact, kSmallestShare, std::max(kSmallestShare, width() - kSmallestShare));
    }

    LayerTotals m_totals;
};

LayerTotalsView::LayerTotalsView(QWidget* parent)
    : QWidget(parent),
      m_bar(new ShareBar(this)),
      m_trainable(new QLabel(this)),
      m_frozen(new QLabel(this))
{
    m_trainable->setObjectName(QStringLiteral("trainableTotal"));
    m_frozen->setObjectName(QStringLiteral("frozenTotal"));
    createWarning();
    auto* figures = new QHBoxLayout;
    figures->addWidget(m_trainable);
    figures->addStretch();
    figures->addWidget(m_frozen);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(4);
    layout->addWidget(m_bar);
    layout->addLayout(figures);
    layout->addWidget(m_warning);
    showTotals();
}

void LayerTotalsView::createWarning()
{
    m_warning = new QWidget(this);
    m_warning->setObjectName(QStringLiteral("nothingTrainable"));
    m_warningIcon = new QLabel(m_warning);
    m_warningText = new QLabel(tr("Nothing is trainable: training cannot start"), m_warning);
    m_warningText->setWordWrap(true);
    auto* layout = new QHBoxLayout(m_warning);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_warningIcon);
    layout->addWidget(m_warningText, 1);
}

void LayerTotalsView::setTotals(const LayerTotals& totals)
{
    m_totals = totals;
    showTotals();
}

void LayerTotalsView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showTotals();
}

void LayerTotalsView::showTotals()
{
    m_bar->setTotals(m_totals);
    m_trainable->setText(
        legend(trainableColour(palette()),
               tr("%1 trainable (%2)")
                   .arg(countText(m_totals.trainable), percentText(m_totals.trainableFraction()))));
    m_frozen->setText(legend(frozenColour(palette()), tr("%1 frozen").arg(countText(m_totals.frozen))));
    setToolTip(tr("%1 learnable values, and %2 running statistics that never learn")
                   .arg(countText(m_totals.parameters), countText(m_totals.statistics)));
    m_warning->setVisible(m_totals.parameters > 0 && m_totals.trainable == 0);
    const int extent = m_warningText->fontMetrics().height();
    m_warningIcon->setPixmap(icon(QStringLiteral("warning")).pixmap(extent));
    QPalette warning;
    warning.setColor(QPalette::WindowText, warningColour(palette()));
    m_warningText->setPalette(warning);
}

} // namespace frostline
