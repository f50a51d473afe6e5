#include "controls/compute_group.h"

#include <algorithm>
#include <array>
#include <optional>

#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>

#include "base/machine.h"
#include "controls/elided_label.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

using Format = std::optional<MemoryFormat>;

constexpr std::array kPrecisions{Precision::Fp32, Precision::Bf16};
constexpr std::array<Format, 3> kFormats{Format(MemoryFormat::Contiguous), Format(MemoryFormat::ChannelsLast),
                                         Format()};
constexpr int kMostThreads = 1024; ///< Of a recipe.

template <class Values, class Value>
int placeOf(const Values& values, const Value& value)
{
    return static_cast<int>(std::ranges::find(values, value) - values.begin());
}

QString instructionsText(const std::string& bf16)
{
    if (bf16 == "amx")
        return ComputeGroup::tr("bf16 by AMX");
    return bf16 == "avx512" ? ComputeGroup::tr("bf16 by AVX-512") : ComputeGroup::tr("no bf16 instructions");
}

} // namespace

ComputeGroup::ComputeGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_precision(new QComboBox(this)),
      m_threads(new QSpinBox(this)),
      m_format(new QComboBox(this)),
      m_halfFeatures(new QCheckBox(tr("Half-precision features"), this)),
      m_instructions(new ElidedLabel(this))
{
    m_precision->addItems({QStringLiteral("fp32"), QStringLiteral("bf16")});
    m_format->addItems({tr("Contiguous"), tr("Channels last"), tr("Automatic")});
    m_threads->setRange(0, kMostThreads);
    m_threads->setSpecialValueText(tr("Automatic"));
    m_threads->setKeyboardTracking(false);
    guardFromWheel(m_precision);
    guardFromWheel(m_threads);
    guardFromWheel(m_format);
    createFields();
    connect(m_precision, &QComboBox::activated, this, &ComputeGroup::edited);
    connect(m_threads, &QSpinBox::valueChanged, this, &ComputeGroup::edited);
    connect(m_format, &QComboBox::activated, this, &ComputeGroup::edited);
    connect(m_halfFeatures, &QCheckBox::clicked, this, &ComputeGroup::edited);
    updateUsable();
}

void ComputeGroup::createFields()
{
    addField(tr("Precision"), m_precision,
             tr("<p>bf16 computes convolutions and matrix products in 16 bits; weights stay fp32. It needs a "
                "processor with bf16 instructions and is slower than fp32 on others.</p>"),
             WhileRunning::Fixed);
    addInformation(tr("Processor"), m_instructions);
    addField(tr("Threads"), m_threads,
             tr("<p>Automatic measures one thread against all cores at the start; the other number changes "
                "the last bits of results.</p>"),
             WhileRunning::Fixed);
    addField(tr("Memory"), m_format,
             tr("<p>Order of images and feature maps in memory; automatic measures both at the start.</p>"),
             WhileRunning::Fixed);
    m_format->setAccessibleName(tr("Memory format"));
    addWideField(m_halfFeatures, tr("The precision of features"),
                 tr("<p>What lies under the frost line is rounded to 16 bits: half the memory, and other "
                    "results.</p>"),
                 WhileRunning::Fixed);
}

void ComputeGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    m_precision->setCurrentIndex(placeOf(kPrecisions, recipe.compute.precision));
    m_threads->setValue(recipe.compute.threads.value_or(0));
    m_format->setCurrentIndex(placeOf(kFormats, recipe.compute.format));
    m_halfFeatures->setChecked(recipe.compute.halfFeatures);
}

void ComputeGroup::store(Recipe& recipe) const
{
    recipe.compute.precision = kPrecisions[static_cast<std::size_t>(m_precision->currentIndex())];
    recipe.compute.threads = m_threads->value() > 0 ? std::optional(m_threads->value()) : std::nullopt;
    recipe.compute.format = kFormats[static_cast<std::size_t>(m_format->currentIndex())];
    recipe.compute.halfFeatures = m_halfFeatures->isChecked();
}

void ComputeGroup::showEvent(QShowEvent* event)
{
    RecipeGroup::showEvent(event);
    if (m_instructions->text().isEmpty())
        m_instructions->setFullText(instructionsText(describeMachine().bf16));
}

} // namespace frostline
