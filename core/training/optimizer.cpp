#include "training/optimizer.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "base/number.h"
#include "training/optimizer_kernels.h"

namespace frostline {

namespace {

constexpr std::int64_t kGrain = 1 << 16;

SgdFactors sgdFactors(const OptimizerRecipe& options, double rate)
{
    return {static_cast<float>(rate), static_cast<float>(options.weightDecay),
            static_cast<float>(options.momentum), options.nesterov};
}

AdamFactors adamFactors(const OptimizerRecipe& options, const Optimizer::Slot& slot, double rate)
{
    const auto updates = static_cast<double>(slot.updates);
    const bool decoupled = options.kind == OptimizerKind::AdamW;
    return {.stepSize = static_cast<float>(rate / (1.0 - std::pow(options.beta1, updates))),
            .rootCorrection = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(options.beta2, updates))),
            .beta1 = static_cast<float>(options.beta1),
            .beta2 = static_cast<float>(options.beta2),
            .epsilon = static_cast<float>(options.epsilon),
            .decay = decoupled ? 0.0F : static_cast<float>(options.weightDecay),
            .shrinkage = decoupled ? static_cast<float>(1.0 - rate * options.weightDecay) : 1.0F};
}

UpdateSlice sliceOf(const Optimizer::Slot& slot, const torch::Tensor& gradient, std::int64_t from,
                    std::int64_t to)
{
    const auto at = [from](const torch::Tensor& tensor) {
        return tensor.defined() ? tensor.data_ptr<float>() + from : nullptr;
    };
    const auto* mask = slot.mask.defined() ? slot.mask.data_ptr<std::uint8_t>() + from : nullptr;
    return {at(slot.parameter), at(slot.before), at(gradient), at(slot.first), at(slot.second), mask,
            to - from};
}

Result<double> numberWithin(const std::string& field, const ChangeValue& value, double low, double high)
{
    const auto* number = std::get_if<double>(&value);
    if (number && *number >= low && *number <= high)
        return *number;
    return badInput("optimizer " + field + " takes a number from " + formatNumber(low) + " to " +
                    formatNumber(high));
}

} // namespace

double squaredNorm(const torch::Tensor& tensor)
{
    if (!tensor.device().is_cpu()) {
        const auto norm = tensor.norm(2, torch::kDouble).item<double>();
        return norm * norm;
    }
    const auto values = tensor.to(torch::kFloat).contiguous(); // Statistics may be of another type.
    return squaredSum(values.data_ptr<float>(), values.numel());
}

Optimizer::Optimizer(const OptimizerRecipe& options, const std::vector<torch::Tensor>& parameters, Path path)
    : m_options(options),
      m_path(path)
{
    for (const auto& parameter : parameters)
        m_slots.emplace_back().parameter = parameter;
}

bool Optimizer::usesMomentum() const
{
    return m_options.kind != OptimizerKind::Sgd || m_options.momentum > 0.0;
}

void Optimizer::prepareState(Slot& slot)
{
    if (usesMomentum() && !slot.first.defined())
        slot.first = torch::zeros_like(slot.parameter);
    if (!usesMomentum())
        slot.first.reset();
    if (m_options.kind != OptimizerKind::Sgd && !slot.second.defined())
        slot.second = torch::zeros_like(slot.parameter);
    if (!slot.before.defined())
        slot.before = torch::empty_like(slot.parameter);
}

void Optimizer::prepare()
{
    const torch::NoGradGuard guard;
    for (auto& slot : m_slots) {
        if (slot.parameter.requires_grad() && slot.parameter.grad().defined())
            prepareState(slot);
    }
}

void Optimizer::step()
{
    prepare();
    const torch::NoGradGuard guard;
    for (auto& slot : m_slots) {
        slot.wasUpdated = slot.parameter.requires_grad() && slot.parameter.grad().defined();
        if (!slot.wasUpdated)
            continue;
        ++slot.updates;
        if (m_path == Path::Automatic && slot.parameter.device().is_cpu())
            updateOnCpu(slot);
        else
            updateWithTensors(slot);
    }
}

void Optimizer::updateOnCpu(Slot& slot)
{
    const auto gradient = slot.parameter.grad().contiguous();
    const double rate = rateInForce() * slot.multiplier;
    const auto update = [&](const auto& kernel, const auto& factors) {
        at::parallel_for(0, slot.parameter.numel(), kGrain, [&](std::int64_t from, std::int64_t to) {
            kernel(sliceOf(slot, gradient, from, to), factors);
        });
    };
    if (m_options.kind == OptimizerKind::Sgd)
        update(sgdUpdate, sgdFactors(m_options, rate));
    else
        update(adamUpdate, adamFactors(m_options, slot, rate));
    slot.parameter.unsafeGetTensorImpl()->bump_version();
}

/// The same formulas as the kernels', for devices that these cannot reach.
void Optimizer::updateWithTensors(Slot& slot)
{
    auto weight = slot.parameter;
    auto gradient = weight.grad();
    slot.before.copy_(weight);
    const double rate = rateInForce() * slot.multiplier;
    if (m_options.kind == OptimizerKind::Sgd) {
        const auto f = sgdFactors(m_options, rate);
        auto direction = gradient.add(weight, f.weightDecay);
        if (usesMomentum()) {
            slot.first.mul_(f.momentum).add_(direction);
            direction = f.nesterov ? direction.add(slot.first, f.momentum) : slot.first;
        }
        weight.add_(direction, -f.rate);
    } else {
        const auto f = adamFactors(m_options, slot, rate);
        gradient = gradient.add(weight, f.decay);
        slot.first.mul_(f.beta1).add_(gradient, 1.0F - f.beta1);
        slot.second.mul_(f.beta2).addcmul_(gradient, gradient, 1.0F - f.beta2);
        weight.mul_(f.shrinkage)
            .addcdiv_(slot.first, slot.second.sqrt().mul_(f.rootCorrection).add_(f.epsilon), -f.stepSize);
    }
    if (!slot.mask.defined())
        return;
    for (const auto& tensor : {weight, slot.first, slot.second}) {
        if (tensor.defined())
            tensor.masked_fill_(slot.mask.eq(0), 0.0);
    }
}

bool Optimizer::undoLastStep()
{
    const torch::NoGradGuard guard;
    bool undone = false;
    for (auto& slot : m_slots) {
        // What was frozen since then stays as it is.
        if (!slot.wasUpdated || !slot.parameter.requires_grad())
            continue;
        slot.parameter.copy_(slot.before);
        if (slot.mask.defined())
            slot.parameter.masked_fill_(slot.mask.eq(0), 0.0);
        slot.first.reset();
        slot.second.reset();
        slot.updates = 0;
        slot.wasUpdated = false;
        undone = true;
    }
    return undone;
}

void Optimizer::forgetLastStep()
{
    for (auto& slot : m_slots)
        slot.wasUpdated = false;
}

double Optimizer::gradientNorm() const
{
    const torch::NoGradGuard guard;
    double sum = 0.0;
    torch::Tensor elsewhere; // On another device: asked for once, since asking waits for it.
    for (const auto& slot : m_slots) {
        if (!slot.parameter.requires_grad() || !slot.parameter.grad().defined())
            continue;
        const auto& gradient = slot.parameter.grad();
        if (gradient.device().is_cpu()) {
            sum += squaredNorm(gradient);
        } else {
            const auto squared = gradient.norm(2, torch::kDouble).square();
            elsewhere = elsewhere.defined() ? elsewhere + squared : squared;
        }
    }
    return std::sqrt(sum + (elsewhere.defined() ? elsewhere.item<double>() : 0.0));
}

void Optimizer::clipGradients(double norm, double limit)
{
    if (norm <= limit)
        return;
    const torch::NoGradGuard guard;
    for (auto& slot : m_slots) {
        if (slot.parameter.requires_grad() && slot.parameter.grad().defined())
            slot.parameter.mutable_grad().mul_(limit / (norm + 1e-6));
    }
}

void Optimizer::dropGradients()
{
    for (auto& slot : m_slots)
        slot.parameter.mutable_grad().reset();
}

Status Optimizer::change(const std::string& field, const ChangeValue& value)
{
    if (field == "kind") {
        const auto* name = std::get_if<std::string>(&value);
        const auto kind = optimizerKindOf(name ? *name : "");
        if (!kind)
            return tl::unexpected(kind.error());
        m_options.kind = *kind;
        for (auto& slot : m_slots) {
            slot.first.reset();
            slot.second.reset();
            slot.updates = 0;
        }
        return {};
    }
    const bool sgd = m_options.kind == OptimizerKind::Sgd;
    const auto assign = [&](double& option, double low, double high) -> Status {
        return numberWithin(field, value, low, high).map([&option](double number) { option = number; });
    };
    if (field == "weight_decay")
        return assign(m_options.weightDecay, 0.0, 1000.0);
    if (field == "clip_norm")
        return assign(m_options.clipNorm, 0.0, 1e9);
    if (field == "momentum" && sgd)
        return assign(m_options.momentum, 0.0, 0.99999);
    if (field == "beta1" && !sgd)
        return assign(m_options.beta1, 0.0, 0.9999999);
    if (field == "beta2" && !sgd)
        return assign(m_options.beta2, 0.0, 0.9999999);
    if (field == "epsilon" && !sgd)
        return assign(m_options.epsilon, 1e-30, 1.0);
    return badInput("optimizer " + std::string(nameOf(m_options.kind)) + " has no \"" + field +
                    "\" to change; there are kind, weight_decay, clip_norm, " +
                    (sgd ? "momentum" : "beta1, beta2, epsilon"));
}

} // namespace frostline
