#include "layers/layer_action_set.h"

#include <QAction>
#include <QWidget>

#include "theme/icons.h"

namespace frostline {

namespace {

struct Description {
    LayerAction action;
    const char* icon;
    const char* shortcut;
    const char* text;
    const char* toolTip;
};

#define FROSTLINE_TR(text) QT_TRANSLATE_NOOP("frostline::LayerActionSet", text)

constexpr Description kDescriptions[]{
    {LayerAction::FreezeAll, "freeze-all", "Ctrl+Shift+F", FROSTLINE_TR("Freeze all"),
     FROSTLINE_TR("No layer learns")},
    {LayerAction::UnfreezeAll, "unfreeze-all", "Ctrl+Shift+U", FROSTLINE_TR("Unfreeze all"),
     FROSTLINE_TR("Every layer learns")},
    {LayerAction::FreezeUpTo, "freeze-up-to", "Alt+Up", FROSTLINE_TR("Freeze up to here"),
     FROSTLINE_TR("The selected layer and all before it frozen, all after it trainable")},
    {LayerAction::UnfreezeFrom, "unfreeze-from", "Alt+Down", FROSTLINE_TR("Unfreeze from here"),
     FROSTLINE_TR("The selected layer and all after it trainable, what is before stays as it is")},
    {LayerAction::OnlyThis, "only-this", "Ctrl+Shift+O", FROSTLINE_TR("Only this"),
     FROSTLINE_TR("Only what is selected learns")},
    {LayerAction::HeadOnly, "head-only", "Ctrl+Shift+H", FROSTLINE_TR("Head only"),
     FROSTLINE_TR("Only the classifier at the end learns")},
    {LayerAction::LastBlock, "last-block", "Ctrl+Shift+L", FROSTLINE_TR("Last block"),
     FROSTLINE_TR("The head and the last block before it learn")},
    {LayerAction::NormsOnly, "norms-only", "Ctrl+Shift+N", FROSTLINE_TR("Norm layers only"),
     FROSTLINE_TR("Only the scales and shifts of normalisation layers learn")},
    {LayerAction::Invert, "invert", "Ctrl+Shift+I", FROSTLINE_TR("Invert"),
     FROSTLINE_TR("What is frozen learns, and the other way round")},
};

#undef FROSTLINE_TR

} // namespace

LayerActionSet::LayerActionSet(QWidget* parent) : QObject(parent)
{
    for (const auto& entry : kDescriptions) {
        auto* action = new QAction(tr(entry.text), this);
        action->setObjectName(QLatin1String(entry.icon));
        action->setShortcut(QKeySequence(QLatin1String(entry.shortcut)));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, which = entry.action] { Q_EMIT triggered(which); });
        parent->addAction(action);
        m_actions.emplace(entry.action, action);
    }
    refreshIcons();
    setUsable(false, false);
}

void LayerActionSet::setUsable(bool readOnly, bool anythingSelected)
{
    for (const auto& entry : kDescriptions) {
        auto* action = m_actions.at(entry.action);
        const bool lacksSelection = needsSelection(entry.action) && !anythingSelected;
        action->setEnabled(!readOnly && !lacksSelection);
        const auto explanation = readOnly         ? tr("A saved session cannot be changed")
                                 : lacksSelection ? tr("Select a layer first")
                                                  : tr(entry.toolTip);
        action->setToolTip(
            tr("%1 (%2)\n%3")
                .arg(action->text(), action->shortcut().toString(QKeySequence::NativeText), explanation));
    }
}

void LayerActionSet::refreshIcons()
{
    for (const auto& entry : kDescriptions)
        m_actions.at(entry.action)->setIcon(icon(QLatin1String(entry.icon)));
}

} // namespace frostline
