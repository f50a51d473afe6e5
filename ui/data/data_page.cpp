#include "data/data_page.h"

#include <array>
#include <utility>

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QScrollArea>
#include <QSplitter>
#include <QToolButton>

#include "data/class_chart.h"
#include "data/image_delegate.h"
#include "data/image_grid_model.h"

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
    const QString colours = images.channels == 1 ? DataPage::tr("grey") : DataPage::tr("colour");
    return DataPage::tr("%1 images, %2 classes, %3 × %4, %5")
        .arg(QLocale().toString(static_cast<qlonglong>(images.size())))
        .arg(images.classNames.size())
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
      m_chart(new ClassChart)
{
    createGrid();
    auto* splitter = new QSplitter(this);
    splitter->addWidget(m_grid);
    splitter->addWidget(createChart());
    splitter->setStretchFactor(0, 1);
    splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(createBar());
    layout->addWidget(m_description);
    layout->addWidget(splitter, 1);
    connect(m_splits, &QButtonGroup::idClicked, this, &DataPage::showSplit);
    connect(m_classes, &QComboBox::currentIndexChanged, this, [this](int row) { showClass(row - 1); });
    connect(m_chart, &ClassChart::classClicked, this, &DataPage::toggleClass);
    clear(tr("No data is loaded."));
}

void DataPage::setData(std::shared_ptr<const DataSplits> splits)
{
    m_data = std::move(splits);
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
    m_model->setImages({});
    m_description->setText(why);
    m_chart->setCounts({}, {});
    m_classes->setEnabled(false);
    for (auto* button : m_splits->buttons())
        button->setEnabled(false);
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
    layout->addSpacing(16);
    layout->addWidget(label);
    layout->addWidget(m_classes);
    layout->addStretch(1);
    return bar;
}

QWidget* DataPage::createChart()
{
    auto* side = new QWidget(this);
    auto* heading = new QLabel(tr("Images in each class"), side);
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
    m_grid->setItemDelegate(new ImageDelegate(m_grid));
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
