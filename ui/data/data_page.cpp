#include "data/data_page.h"

#include <array>
#include <utility>

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>

#include "data/class_chart.h"
#include "data/image_delegate.h"
#include "data/image_grid_model.h"
#include "data/prepare.h"
#include "data/sample_picture.h"
#include "results/results_panel.h"

namespace frostline {

namespace {

constexpr int kSplits = 3;

const DataSet& splitOf(const DataSplits& data, int split)
{
    const std::array<const DataSet*, kSplits> sets{&data.train, &data.validation, &data.test};
    return *sets[static_cast<std::size_t>(split)];
}

QString splitName(int split)
{
    switch (split) {
    case 0:
        return DataPage::tr("Training");
    case 1:
        return DataPage::tr("Validation");
    default:
        return DataPage::tr("Test");
    }
}

} // namespace

QString describe(const DataSet& images)
{
    const auto classes = static_cast<qlonglong>(images.classNames.size());
    const QString count = QLocale().toString(static_cast<qlonglong>(images.size()));
    if (!images.clips.empty())
        return DataPage::tr("%1 patches of recordings, %2 classes, %3 frames × %4 bands")
            .arg(count)
            .arg(classes)
            .arg(images.height)
            .arg(images.width);
    if (!images.values.empty())
        return DataPage::tr("%1 samples, %2 × %3 × %4 values")
            .arg(count)
            .arg(images.channels)
            .arg(images.height)
            .arg(images.width);
    const QString colours = images.channels == 1 ? DataPage::tr("grey") : DataPage::tr("colour");
    return DataPage::tr("%1 images, %2 classes, %3 × %4, %5")
        .arg(count)
        .arg(classes)
        .arg(images.height)
        .arg(images.width)
        .arg(colours);
}

DataPage::DataPage(QWidget* parent)
    : QWidget(parent),
      m_model(new ImageGridModel(this)),
      m_description(new QLabel(this)),
      m_splits(new QButtonGroup(this)),
      m_classes(new QComboBox(this)),
      m_grid(new QListView(this)),
      m_chart(new ClassChart),
      m_augmented(new QCheckBox(tr("As the network &sees them"), this)),
      m_again(new QToolButton(this)),
      m_tabs(new QTabWidget(this)),
      m_results(new ResultsPanel)
{
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(createSamples(), tr("Samples"));
    m_tabs->addTab(m_results, tr("Results"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    connect(m_augmented, &QCheckBox::toggled, this, &DataPage::showAugmented);
    connect(m_again, &QToolButton::clicked, this, [this] {
        ++m_round;
        showAugmented();
    });
    connect(m_splits, &QButtonGroup::idClicked, this, &DataPage::showSplit);
    connect(m_classes, &QComboBox::currentIndexChanged, this, [this](int row) { showClass(row - 1); });
    connect(m_chart, &ClassChart::classClicked, this, &DataPage::toggleClass);
    clear(tr("No data is loaded."));
}

QWidget* DataPage::createSamples()
{
    createGrid();
    auto* samples = new QWidget(this);
    auto* splitter = new QSplitter(samples);
    splitter->addWidget(m_grid);
    splitter->addWidget(createChart());
    splitter->setStretchFactor(0, 1);
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(samples);
    layout->addWidget(createBar());
    layout->addWidget(m_description);
    layout->addWidget(splitter, 1);
    return samples;
}

void DataPage::setData(std::shared_ptr<const DataSplits> splits, const Recipe& recipe)
{
    m_data = std::move(splits);
    m_results->clear(
        tr("Results come from a session's last checkpoint: train to the end, or open a saved session."));
    m_recipe = recipe;
    m_round = 1;
    for (int split = 0; split < kSplits; ++split) {
        const auto size = splitOf(*m_data, split).size();
        auto* button = m_splits->button(split);
        button->setEnabled(size > 0);
        button->setText(tr("%1  %2").arg(splitName(split), QLocale().toString(static_cast<qlonglong>(size))));
        button->setToolTip(size > 0 ? QString() : tr("The recipe has no such images"));
    }
    m_splits->button(0)->setChecked(true);
    m_classes->setEnabled(true);
    showSplit(0);
}

void DataPage::clear(const QString& why)
{
    m_data.reset();
    m_results->clear(
        tr("Results come from a session's last checkpoint: train to the end, or open a saved session."));
    m_model->setImages({});
    m_description->setText(why);
    m_chart->setCounts({}, {});
    m_classes->setEnabled(false);
    for (auto* button : m_splits->buttons())
        button->setEnabled(false);
    showAugmented();
}

QWidget* DataPage::createBar()
{
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    for (int split = 0; split < kSplits; ++split) {
        auto* button = new QToolButton(bar);
        button->setObjectName(QStringLiteral("split%1").arg(split));
        button->setText(splitName(split));
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        m_splits->addButton(button, split);
        layout->addWidget(button);
    }
    auto* label = new QLabel(tr("&Class:"), bar);
    label->setBuddy(m_classes);
    m_classes->setObjectName(QStringLiteral("classFilter"));
    m_classes->setMinimumContentsLength(14);
    m_description->setObjectName(QStringLiteral("dataDescription"));
    m_description->setWordWrap(true);
    m_description->setTextFormat(Qt::PlainText);
    layout->addSpacing(16);
    layout->addWidget(label);
    layout->addWidget(m_classes);
    layout->addSpacing(16);
    layout->addWidget(m_augmented);
    layout->addWidget(m_again);
    layout->addStretch(1);
    m_augmented->setObjectName(QStringLiteral("augmented"));
    m_again->setObjectName(QStringLiteral("augmentAgain"));
    m_again->setText(tr("Draw again"));
    m_again->setToolTip(tr("Show what another epoch makes of them"));
    return bar;
}

QWidget* DataPage::createChart()
{
    auto* side = new QWidget(this);
    auto* heading = new QLabel(tr("Samples in each class"), side);
    auto* scroll = new QScrollArea(side);
    scroll->setWidget(m_chart);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->addWidget(heading);
    layout->addWidget(scroll, 1);
    return side;
}

void DataPage::createGrid()
{
    m_grid->setObjectName(QStringLiteral("imageGrid"));
    m_grid->setAccessibleName(tr("Images"));
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setLayoutMode(QListView::Batched);
    m_grid->setBatchSize(500);
    m_grid->setUniformItemSizes(true);
    m_grid->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_grid->setItemDelegate(new ImageDelegate(1, m_grid));
    m_grid->setModel(m_model);
}

void DataPage::showSplit(int split)
{
    if (!m_data)
        return;
    const auto& images = splitOf(*m_data, split);
    m_model->setImages(std::shared_ptr<const DataSet>(m_data, &images));
    m_description->setText(describe(images));
    fillClasses(images);
    showAugmented();
}

/// Training images as they are augmented, and brought to the input size.
void DataPage::showAugmented()
{
    const bool isTrain = m_data && m_splits->checkedId() == 0;
    const bool isChanged = !m_recipe.data.augment.isNone() || !m_recipe.data.inputSize.empty();
    m_augmented->setEnabled(isTrain && isChanged && m_data->train.values.empty());
    m_augmented->setToolTip(m_augmented->isEnabled()
                                ? tr("Augmented, and in the size that the network is given")
                                : tr("The recipe changes nothing about these samples"));
    const bool isShown = m_augmented->isEnabled() && m_augmented->isChecked();
    m_again->setEnabled(isShown && !m_recipe.data.augment.isNone());
    if (!isShown) {
        m_model->setPictures({});
        return;
    }
    const SamplePreparer size(m_data->train, m_recipe.data, m_recipe.seed);
    const int round = static_cast<int>(roundOf(m_recipe.data.augment, m_round));
    m_model->setPictures([data = m_data, recipe = m_recipe, round, height = size.height(),
                          width = size.width()](std::int64_t image) {
        const auto bytes = augmentedImage(data->train, recipe.data, recipe.seed, round, image);
        return bytes ? pictureOf(*bytes, data->train.channels, height, width) : QImage();
    });
}

void DataPage::fillClasses(const DataSet& images)
{
    QStringList names;
    for (const auto& name : images.classNames)
        names.append(QString::fromStdString(name));
    m_chart->setCounts(names, images.classCounts());
    const QString before = m_classes->currentIndex() > 0 ? m_classes->currentText() : QString();
    const QSignalBlocker quiet(m_classes);
    m_classes->clear();
    m_classes->addItem(tr("All classes"));
    m_classes->addItems(names);
    m_classes->setCurrentIndex(static_cast<int>(names.indexOf(before)) + 1);
    showClass(m_classes->currentIndex() - 1);
}

void DataPage::showClass(int classIndex)
{
    m_model->setClassFilter(classIndex);
    m_chart->setChosen(classIndex);
    m_grid->scrollToTop();
}

void DataPage::toggleClass(int classIndex)
{
    const bool isShown = m_classes->currentIndex() == classIndex + 1;
    m_classes->setCurrentIndex(isShown ? 0 : classIndex + 1);
}

} // namespace frostline
