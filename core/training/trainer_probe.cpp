// Trainer: what an advice is to be based on, without training.

#include "advice/network_probe.h"
#include "training/trainer.h"

namespace frostline {

Result<AdviceProbe> Trainer::probe(const std::function<void(int, int)>& progress, const std::stop_token& stop)
{
    return probeNetwork(
        {*m_network, m_table, m_recipe, m_data->train, *m_objective, m_options.compute.device}, progress,
        stop);
}

} // namespace frostline
