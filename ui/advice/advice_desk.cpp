#include "advice/advice_desk.h"

#include "advice/advice_dialog.h"
#include "advice/advice_text.h"
#include "controls/controls_panel.h"
#include "layers/layer_panel.h"
#include "run/run_controller.h"
#include "window/draft_editor.h"

namespace frostline {

AdviceDesk::AdviceDesk(const WindowParts& parts, DraftEditor& editor, QWidget* window)
    : QObject(window),
      m_parts(parts),
      m_editor(editor),
      m_window(window)
{
    connect(m_parts.run, &RunController::probing, this, [this](int done, int all) {
        if (m_dialog)
            m_dialog->showProgress(done, all);
    });
    connect(m_parts.run, &RunController::probed, this, &AdviceDesk::take);
    connect(m_parts.run, &RunController::stateChanged, this, &AdviceDesk::follow);
    connect(&m_editor, &DraftEditor::obstacleChanged, this, &AdviceDesk::follow);
}

QString AdviceDesk::obstacle() const
{
    const auto state = m_parts.run->state();
    if (m_parts.run->isActive())
        return tr("Stop the run first: what is looked at is what a run begins with");
    if (state == RunController::State::Preparing)
        return tr("The recipe is still being read");
    if (state == RunController::State::Replaying)
        return tr("A saved session is being replayed");
    if (state == RunController::State::Testing)
        return tr("A range test of the learning rate is going on");
    if (m_editor.origin())
        return tr("A branch goes on from trained weights; advice looks at those that a recipe begins with");
    if (!m_editor.draft().isOpen() || m_editor.draft().table().empty() || !m_editor.data())
        return tr("Open a recipe first");
    return {};
}

void AdviceDesk::open()
{
    createDialog();
    m_dialog->show();
    m_dialog->raise();
    m_dialog->activateWindow();
    if (!m_parts.run->isProbing() && (!m_probe || isStale()))
        look();
    else
        follow();
}

void AdviceDesk::createDialog()
{
    if (m_dialog)
        return;
    m_dialog = new AdviceDialog(m_window);
    m_dialog->addActions({m_parts.layers->undoAction(), m_parts.layers->redoAction()});
    connect(m_dialog, &AdviceDialog::likenessChosen, this, &AdviceDesk::show);
    connect(m_dialog, &AdviceDialog::lookRequested, this, &AdviceDesk::look);
    connect(m_dialog, &AdviceDialog::cancelRequested, this, &AdviceDesk::cancel);
    connect(m_dialog, &AdviceDialog::applyRequested, this, &AdviceDesk::apply);
    connect(m_dialog, &QDialog::finished, this, &AdviceDesk::cancel);
}

void AdviceDesk::look()
{
    if (!obstacle().isEmpty())
        return;
    m_probe.reset();
    m_advice.reset();
    m_probed = m_editor.draft().recipe();
    m_dialog->showProgress(0, 0);
    m_parts.run->probe(m_probed);
}

void AdviceDesk::cancel()
{
    m_parts.run->stopProbe();
}

void AdviceDesk::take(const std::shared_ptr<const Result<AdviceProbe>>& found)
{
    if (!m_dialog)
        return;
    if (!found) {
        m_dialog->showNothing(tr("Looking was stopped; nothing has changed."));
    } else if (!*found) {
        m_dialog->showNothing(QString::fromStdString(found->error().message));
    } else {
        m_probe = **found;
        show();
    }
    follow();
}

/// What was looked at is not what would be trained.
bool AdviceDesk::isStale() const
{
    const auto now = m_editor.draft().recipe();
    return now.data != m_probed.data || now.model != m_probed.model || now.seed != m_probed.seed ||
           now.folder != m_probed.folder;
}

void AdviceDesk::show()
{
    if (!m_dialog || !m_probe || isStale() || !m_editor.data())
        return;
    const auto recipe = m_editor.draft().recipe();
    m_advice = adviseOn(adviceBasis(recipe, m_editor.draft().table(), m_editor.data()->train,
                                    m_dialog->likeness(), *m_probe));
    m_dialog->showAdvice(
        *m_advice, recipe.phases.empty()
                       ? QString()
                       : tr("This recipe has phases: they set layers and rates anew where they begin."));
    m_dialog->setApplyObstacle(applyObstacle());
}

QString AdviceDesk::applyObstacle() const
{
    if (const auto why = obstacle(); !why.isEmpty())
        return why;
    const bool isSo = changesFor(*m_advice, m_editor.draft().table()).empty() &&
                      m_advice->learningRate == m_editor.draft().recipe().optimizer.learningRate;
    return isSo ? tr("The draft is as advised already") : QString();
}

/// The run or the draft is another one now.
void AdviceDesk::follow()
{
    if (!m_dialog)
        return;
    m_dialog->setLookObstacle(obstacle());
    if (m_parts.run->isProbing())
        return;
    if (m_probe && isStale()) {
        m_probe.reset();
        m_advice.reset();
        m_dialog->showNothing(tr("The recipe is another one now: look again."));
    }
    if (m_advice)
        m_dialog->setApplyObstacle(applyObstacle());
}

void AdviceDesk::apply()
{
    if (!m_advice || !applyObstacle().isEmpty())
        return;
    const auto& draft = m_editor.draft();
    m_parts.layers->requestWithRate(changesFor(*m_advice, draft.table()),
                                    draft.recipe().optimizer.learningRate, m_advice->learningRate,
                                    tr("Advice: %1").arg(headline(*m_advice)));
    m_dialog->setApplyObstacle(applyObstacle());
}

} // namespace frostline
