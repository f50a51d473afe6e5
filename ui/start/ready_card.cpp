#include "start/ready_card.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "data/data_page.h"
#include "data/image_grid_model.h"
#include "theme/icons.h"

namespace frostline {

namespace {

constexpr int kSample = 44;
constexpr int kSampleGap = 6;
constexpr std::size_t kSamplesInRow = 6;
constexpr std::size_t kMostSamples = 12;
constexpr int kPreviewWidth = 6 * (kSample + kSampleGap);

/// The first image of each class in turn, then the second of each, and so on.
std::vector<std::int64_t> sampleOf(const ImageSet& images)
{
    std::vector<std::int64_t> taken;
    std::vector<std::size_t> seen(images.classNames.size());
    const auto quota = kMostSamples / std::max<std::size_t>(1, seen.size()) + 1;
    for (std::int64_t i = 0; i < images.size() && taken.size() < kMostSamples; ++i) {
        auto& count = seen[static_cast<std::size_t>(images.labels[static_cast<std::size_t>(i)])];
        if (count < quota) {
            ++count;
            taken.push_back(i);
        }
    }
    return taken;
}

} // namespace

ReadyPreview::ReadyPreview(QWidget* parent) : QWidget(parent)
{
    setFixedWidth(kPreviewWidth);
    setMinimumHeight(2 * (kSample + kSampleGap) + 80);
    setAccessibleName(tr("Some of the images, and the network"));
}

void ReadyPreview::setSamples(const ImageSet& images)
{
    m_samples.clear();
    for (const auto index : sampleOf(images))
        m_samples.push_back(pictureOf(images, index));
    update();
}

void ReadyPreview::setBlocks(std::vector<StripBlock> blocks)
{
    m_blocks = std::move(blocks);
    update();
}

void ReadyPreview::clear()
{
    m_samples.clear();
    setBlocks({});
}

void ReadyPreview::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    for (std::size_t i = 0; i < m_samples.size(); ++i) {
        const int column = static_cast<int>(i % kSamplesInRow);
        const int row = static_cast<int>(i / kSamplesInRow);
        const QRect cell(column * (kSample + kSampleGap), row * (kSample + kSampleGap), kSample, kSample);
        painter.drawImage(cell, m_samples[i]);
    }
    const int top = 2 * (kSample + kSampleGap) + 8;
    paintStrip(painter, QRect(0, top, width() - kSampleGap, std::min(72, height() - top)), m_blocks,
               palette());
}

ReadyCard::ReadyCard(QWidget* parent)
    : QFrame(parent),
      m_title(new QLabel(this)),
      m_notes(new QLabel(this)),
      m_facts(new QLabel(this)),
      m_start(new QPushButton(tr("&Start training"), this)),
      m_preview(new ReadyPreview(this))
{
    setObjectName(QStringLiteral("readyCard"));
    setFrameShape(QFrame::StyledPanel);
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(20, 18, 20, 18);
    layout->setHorizontalSpacing(24);
    layout->setVerticalSpacing(10);
    layout->setColumnStretch(0, 1);
    layout->addWidget(m_title, 0, 0, 1, 2);
    layout->addWidget(createText(), 1, 0);
    layout->addWidget(m_preview, 1, 1);
    connect(m_start, &QPushButton::clicked, this, &ReadyCard::startRequested);
    updateStyle();
}

QWidget* ReadyCard::createText()
{
    auto* side = new QWidget(this);
    auto* hints =
        new QLabel(tr("Tick under Layers what shall learn, then start. Freeze, thaw and slide while it runs: "
                      "every change takes effect at the next step and becomes a marker on the curves."),
                   side);
    for (auto* label : {m_title, m_notes, m_facts, hints}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_title->setObjectName(QStringLiteral("readyTitle"));
    m_facts->setObjectName(QStringLiteral("readyFacts"));
    m_start->setObjectName(QStringLiteral("readyStart"));
    hints->setForegroundRole(QPalette::PlaceholderText);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_notes);
    layout->addWidget(m_facts);
    layout->addStretch(1);
    layout->addWidget(m_start, 0, Qt::AlignLeft);
    layout->addWidget(hints);
    return side;
}

void ReadyCard::setRecipe(const Recipe& recipe)
{
    m_title->setText(QString::fromStdString(recipe.title));
    m_notes->setText(QString::fromStdString(recipe.notes));
    const QString epochs = recipe.epochs == 1 ? tr("1 epoch") : tr("%1 epochs").arg(recipe.epochs);
    m_plan = tr("%1, %2").arg(QString::fromStdString(recipe.model.architecture), epochs);
    m_facts->setText(m_plan);
    m_preview->clear();
    m_preview->setBlocks(blocksOf(recipe));
}

void ReadyCard::setData(const ImageSplits& splits)
{
    m_facts->setText(m_plan + QStringLiteral(" · ") + describe(splits.train));
    m_preview->setSamples(splits.train);
}

void ReadyCard::setLayers(const LayerTable& layers)
{
    m_preview->setBlocks(blocksOf(layers));
}

void ReadyCard::clear(const QString& why)
{
    m_title->setText(tr("Nothing is loaded"));
    m_notes->setText(why);
    m_facts->clear();
    m_preview->clear();
}

void ReadyCard::setStartEnabled(bool enabled, const QString& why)
{
    m_start->setEnabled(enabled);
    m_start->setToolTip(why);
}

void ReadyCard::updateStyle()
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.6);
    large.setBold(true);
    m_title->setFont(large);
    QFont medium = font();
    medium.setPointSizeF(medium.pointSizeF() * 1.2);
    medium.setBold(true);
    m_start->setFont(medium);
    // The one thing to press stands out.
    const QColor ground = palette().color(QPalette::Highlight);
    const QColor text = palette().color(QPalette::HighlightedText);
    QPalette strong = palette();
    for (const auto group : {QPalette::Active, QPalette::Inactive}) {
        strong.setColor(group, QPalette::Button, ground);
        strong.setColor(group, QPalette::ButtonText, text);
    }
    m_start->setPalette(strong);
    m_start->setIcon(icon(QStringLiteral("play"), text));
    m_start->setMinimumHeight(fontMetrics().height() * 2 + 6);
    m_start->setDefault(true);
}

void ReadyCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        updateStyle();
    QFrame::changeEvent(event);
}

} // namespace frostline
