#include "window/feature_label.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QStatusBar>

#include "controls/feature_text.h"
#include "layers/tinted_icon.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

constexpr int kIconExtent = 16;

} // namespace

FeatureLabel::FeatureLabel(QStatusBar* bar) : QWidget(bar), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    m_text->setObjectName(QStringLiteral("runFeatures"));
    m_text->setTextFormat(Qt::PlainText);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 10, 0);
    layout->setSpacing(4);
    layout->addWidget(m_icon);
    layout->addWidget(m_text);
    showIcon();
    bar->addPermanentWidget(this);
    hide();
}

void FeatureLabel::setFeatures(const FeatureReport& features)
{
    const auto text = keptShortText(features);
    m_text->setText(text);
    setToolTip(tipText(keptToolTip(features)));
    setVisible(!text.isEmpty());
}

void FeatureLabel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_icon)
        showIcon();
}

void FeatureLabel::showIcon()
{
    m_icon->setPixmap(frozenIcon(QStringLiteral("frozen")).pixmap(kIconExtent));
}

} // namespace frostline
