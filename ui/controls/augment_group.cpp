#include "controls/augment_group.h"

#include <QSpinBox>

#include "controls/checked_edit.h"
#include "controls/number_text.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

constexpr double kSmallestCrop = 0.01;
constexpr int kMostPixels = 4096;
constexpr int kMostViews = 1000;
constexpr double kMostHue = 0.5;

QString cropProblem(const QString& text)
{
    if (text.trimmed().isEmpty())
        return {};
    const double share = numberOf(text).value_or(-1.0);
    return share >= kSmallestCrop && share <= 1.0
               ? QString()
               : AugmentGroup::tr("A share of the area from 0.01 to 1; empty does not crop");
}

} // namespace

AugmentGroup::AugmentGroup(QWidget* parent) : RecipeGroup(parent)
{
    createFields();
    connectEditors();
    updateUsable();
}

void AugmentGroup::addShare(const QString& label, double AugmentRecipe::*value, double highest,
                            const QString& toolTip)
{
    auto* edit = new NumberEdit(0.0, highest, this);
    addField(label, edit, toolTip, WhileRunning::Fixed, [this] { return notOfImages(); });
    addHint(edit);
    m_shares.push_back({edit, value});
}

QSpinBox* AugmentGroup::addCount(const QString& label, int highest, const QString& unit,
                                 const QString& toolTip, Irrelevance irrelevance)
{
    auto* box = new QSpinBox(this);
    box->setRange(0, highest);
    box->setSpecialValueText(tr("none"));
    box->setSuffix(unit);
    box->setKeyboardTracking(false);
    guardFromWheel(box);
    addField(label, box, toolTip, WhileRunning::Fixed, std::move(irrelevance));
    return box;
}

QString AugmentGroup::notOfImages() const
{
    return m_isSound || m_isValues ? tr("Only images are changed so") : QString();
}

void AugmentGroup::createFields()
{
    const auto imagesOnly = [this] { return notOfImages(); };
    const auto soundsOnly = [this] { return m_isSound ? QString() : tr("Only sounds are masked"); };
    addNote(tr("Training samples are changed at random; validation never is. The Data page shows how."));
    addShare(tr("Flip"), &AugmentRecipe::flip, 1.0, tr("Probability of a horizontal flip"));
    m_shift = addCount(tr("Shift"), kMostPixels, tr(" px"),
                       tr("Largest shift each way; the border is filled with 0"), imagesOnly);
    m_crop = new CheckedEdit(cropProblem, this);
    m_crop->setPlaceholderText(tr("none"));
    addField(tr("Crop"), m_crop,
             tr("Random resized crop: the least share of the area that is kept, as in 0.5; empty does not "
                "crop"),
             WhileRunning::Fixed, imagesOnly);
    addHint(m_crop);
    addShare(tr("Brightness"), &AugmentRecipe::brightness, 1.0,
             tr("Brightness is multiplied by up to this share more or less"));
    addShare(tr("Contrast"), &AugmentRecipe::contrast, 1.0,
             tr("Contrast is multiplied by up to this share more or less"));
    addShare(tr("Saturation"), &AugmentRecipe::saturation, 1.0,
             tr("Saturation is multiplied by up to this share more or less"));
    addShare(tr("Hue"), &AugmentRecipe::hue, kMostHue,
             tr("Colours are turned by up to this share of the circle, at most 0.5"));
    m_timeMask = addCount(tr("Time mask"), kMostPixels, tr(" frames"),
                          tr("Widest band of frames that is masked"), soundsOnly);
    m_frequencyMask = addCount(tr("Pitch mask"), kMostPixels, tr(" bands"),
                               tr("Widest band of frequencies that is masked"), soundsOnly);
    m_views = addCount(tr("Views"), kMostViews, {},
                       tr("Fixed variants of each sample, taken in turn by epoch, so that what lies under "
                          "the frost line is computed once for each; none draws anew in each epoch"),
                       [this] { return shown().isNone() ? tr("There is nothing to vary") : QString(); });
}

void AugmentGroup::connectEditors()
{
    const auto changed = [this] {
        updateUsable();
        Q_EMIT edited();
    };
    for (const auto& share : m_shares)
        connect(share.edit, &NumberEdit::valueCommitted, this, changed);
    connect(m_crop, &CheckedEdit::textCommitted, this, changed);
    for (auto* box : {m_shift, m_timeMask, m_frequencyMask, m_views})
        connect(box, &QSpinBox::valueChanged, this, changed);
}

void AugmentGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    const auto& augment = recipe.data.augment;
    m_isSound = recipe.data.source == "audio_folder";
    m_isValues = recipe.data.source == "tensors";
    for (const auto& share : m_shares)
        share.edit->setValue(augment.*share.value);
    m_crop->setCommitted(augment.smallestCrop ? numberText(*augment.smallestCrop) : QString());
    m_shift->setValue(static_cast<int>(augment.shift));
    m_timeMask->setValue(static_cast<int>(augment.timeMask));
    m_frequencyMask->setValue(static_cast<int>(augment.frequencyMask));
    m_views->setValue(augment.views);
    updateUsable();
}

AugmentRecipe AugmentGroup::shown() const
{
    AugmentRecipe augment;
    for (const auto& share : m_shares)
        augment.*share.value = share.edit->value();
    augment.smallestCrop = numberOf(m_crop->committed());
    augment.shift = m_shift->value();
    augment.timeMask = m_timeMask->value();
    augment.frequencyMask = m_frequencyMask->value();
    return augment;
}

void AugmentGroup::store(Recipe& recipe) const
{
    recipe.data.augment = shown();
    // A recipe with views of nothing is refused: without something to vary there are none.
    recipe.data.augment.views = recipe.data.augment.isNone() ? 0 : m_views->value();
}

} // namespace frostline
