#include "start/ready_card.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "data/data_page.h"
#include "data/sample_picture.h"
#include "theme/icons.h"

namespace frostline {

namespace {

constexpr int kSample = 48;
constexpr int kSampleGap = 6;
constexpr int kStripHeight = 60;
constexpr std::size_t kMostSamples = 14;

/// The first image of each class, then the second of each, and so on.
std::vector<std::int64_t> sampleOf(const DataSet& images)
{
    std::vector<std::vector<std::int64_t>> ofClass(images.classNames.size());
    for (std::int64_t i = 0; i < images.size(); ++i) {
        auto& list = ofClass[static_cast<std::size_t>(images.labels[static_cast<std::size_t>(i)])];
        if (list.size() < kMostSamples)
            list.push_back(i);
    }
    std::vector<std::int64_t> taken;
    for (std::size_t round = 0; round < kMostSamples; ++round) {
        for (const auto& list : ofClass) {
            if (round < list.size() && taken.size() < kMostSamples)
                taken.push_back(list[round]);
        }
    }
    return taken;
}

} // namespace

ReadyPreview::ReadyPreview(QWidget* parent) : QWidget(parent)
{
    setFixedHeight(kSample + 2 * kSampleGap + kStripHeight);
    setAccessibleName(tr("Some of the images, and the network"));
}

void ReadyPreview::setSamples(const DataSet& images)
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
    int x = 0;
    for (const auto& sample : m_samples) {
        if (x + kSample > width())
            break;
        painter.drawImage(QRect(x, 0, kSample, kSample), sample);
        x += kSample + kSampleGap;
    }
    const QRect strip(0, kSample + 2 * kSampleGap, width(), kStripHeight);
    paintStrip(painter, strip, m_blocks, palette());
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
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 18);
    layout->setSpacing(10);
    for (QWidget* part : std::initializer_list<QWidget*>{m_title, m_notes, m_facts, m_preview})
        layout->addWidget(part);
    layout->addWidget(createStartRow());
    for (auto* label : {m_title, m_notes, m_facts}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_title->setObjectName(QStringLiteral("readyTitle"));
    m_facts->setObjectName(QStringLiteral("readyFacts"));
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    connect(m_start, &QPushButton::clicked, this, &ReadyCard::startRequested);
    updateStyle();
}

QWidget* ReadyCard::createStartRow()
{
    auto* row = new QWidget(this);
    auto* hint =
        new QLabel(tr("Tick under Layers what shall learn, then start. Freeze, thaw and slide while it runs: "
                      "every change takes effect at the next step and becomes a marker on the curves."),
                   row);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_start->setObjectName(QStringLiteral("readyStart"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    layout->addWidget(m_start);
    layout->addWidget(hint, 1);
    return row;
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

void ReadyCard::setData(const DataSplits& splits)
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
    const QColor ground = palette().color(QPalette::Highlight).darker(125);
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
