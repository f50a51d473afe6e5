#include "training/trainer_guard.h"

#include <cassert>

namespace frostline {

TrainerGuard::TrainerGuard(Trainer& trainer)
    : m_trainer(trainer),
      m_table(trainer.m_table),
      m_hasGradients(trainer.m_hasGradients),
      m_scheduleFactor(trainer.m_optimizer->scheduleFactor()),
      m_times(trainer.m_times)
{
    // A step drops gradients and makes others: those that there are stay as they are.
    for (const auto& slot : trainer.m_optimizer->slots())
        m_gradients.push_back(slot.parameter.grad());
    m_checkpoint = trainer.checkpoint(0, 0);
}

TrainerGuard::~TrainerGuard()
{
    [[maybe_unused]] const auto restored = m_trainer.restore(m_checkpoint);
    assert(restored);
    m_trainer.m_table = std::move(m_table);
    m_trainer.m_hasGradients = m_hasGradients;
    m_trainer.m_times = m_times;
    m_trainer.setScheduleFactor(m_scheduleFactor);
    auto& slots = m_trainer.m_optimizer->slots();
    for (std::size_t i = 0; i < slots.size(); ++i)
        slots[i].parameter.mutable_grad() = m_gradients[i];
}

} // namespace frostline
