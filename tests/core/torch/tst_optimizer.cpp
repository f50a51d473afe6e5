#include <QTest>

#include <torch/optim.h>

#include "training/optimizer.h"

using namespace frostline;

namespace {

struct Case {
    const char* name;
    OptimizerRecipe options;
};

const std::vector<Case>& cases()
{
    static const std::vector<Case> all{
        {"sgd", {.kind = OptimizerKind::Sgd, .learningRate = 0.1}},
        {"sgd, decay", {.kind = OptimizerKind::Sgd, .learningRate = 0.1, .weightDecay = 0.01}},
        {"sgd, momentum, decay",
         {.kind = OptimizerKind::Sgd, .learningRate = 0.05, .weightDecay = 0.01, .momentum = 0.9}},
        {"sgd, nesterov",
         {.kind = OptimizerKind::Sgd, .learningRate = 0.05, .momentum = 0.9, .nesterov = true}},
        {"adam", {.kind = OptimizerKind::Adam, .learningRate = 0.01}},
        {"adam, decay", {.kind = OptimizerKind::Adam, .learningRate = 0.01, .weightDecay = 0.1}},
        {"adamw", {.kind = OptimizerKind::AdamW, .learningRate = 0.01, .weightDecay = 0.1}},
    };
    return all;
}

/// LibTorch's own optimizer with the same options: the independent implementation.
std::unique_ptr<torch::optim::Optimizer> reference(const OptimizerRecipe& options,
                                                   const torch::Tensor& parameter)
{
    const std::vector<torch::Tensor> list{parameter};
    if (options.kind == OptimizerKind::Sgd)
        return std::make_unique<torch::optim::SGD>(list, torch::optim::SGDOptions(options.learningRate)
                                                             .momentum(options.momentum)
                                                             .weight_decay(options.weightDecay)
                                                             .nesterov(options.nesterov));
    if (options.kind == OptimizerKind::Adam)
        return std::make_unique<torch::optim::Adam>(
            list, torch::optim::AdamOptions(options.learningRate).weight_decay(options.weightDecay));
    return std::make_unique<torch::optim::AdamW>(
        list, torch::optim::AdamWOptions(options.learningRate).weight_decay(options.weightDecay));
}

torch::Tensor startingWeights()
{
    return torch::linspace(-1.0, 1.0, 1001).set_requires_grad(true);
}

/// A gradient that changes with the step and with the weight.
void giveGradient(const torch::Tensor& weight, int step)
{
    weight.mutable_grad() =
        (weight.detach() * 0.5 + torch::cos(torch::arange(weight.numel()) * 0.1 + step)).contiguous();
}

} // namespace

class TestOptimizer : public QObject {
    Q_OBJECT

private:
    static void addCases()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i].name) << static_cast<int>(i);
    }
    static const OptimizerRecipe& fetched()
    {
        QFETCH(int, index);
        return cases()[static_cast<std::size_t>(index)].options;
    }

private Q_SLOTS:
    void agreesWithLibTorch_data() { addCases(); }
    void agreesWithLibTorch()
    {
        const auto& options = fetched();
        const auto ours = startingWeights();
        const auto theirs = startingWeights();
        Optimizer optimizer(options, {ours});
        const auto expected = reference(options, theirs);
        for (int step = 0; step < 50; ++step) {
            giveGradient(ours, step);
            giveGradient(theirs, step);
            optimizer.step();
            expected->step();
        }
        QVERIFY(!torch::equal(ours, startingWeights()));
        const double difference = (ours - theirs).abs().max().item<double>();
        QVERIFY2(difference < 1e-5, qPrintable(QString::number(difference)));
    }
    void bothPathsAgree_data() { addCases(); }
    void bothPathsAgree()
    {
        const auto& options = fetched();
        const auto kernels = startingWeights();
        const auto tensors = startingWeights();
        const auto mask = torch::arange(1001).remainder(3).ne(0).to(torch::kByte);
        Optimizer first(options, {kernels});
        Optimizer second(options, {tensors}, Optimizer::Path::Tensors);
        first.slots()[0].mask = mask;
        second.slots()[0].mask = mask;
        for (int step = 0; step < 20; ++step) {
            giveGradient(kernels, step);
            giveGradient(tensors, step);
            first.step();
            second.step();
        }
        QVERIFY((kernels - tensors).abs().max().item<double>() < 1e-5);
    }
    void maskedWeightsAreZeroAfterEveryStep_data() { addCases(); }
    void maskedWeightsAreZeroAfterEveryStep()
    {
        const auto weight = startingWeights();
        Optimizer optimizer(fetched(), {weight});
        for (int step = 0; step < 5; ++step) {
            giveGradient(weight, step);
            optimizer.step();
        }
        const auto mask = torch::arange(1001).remainder(2).to(torch::kByte);
        optimizer.slots()[0].mask = mask;
        for (int step = 5; step < 200; ++step) {
            giveGradient(weight, step);
            optimizer.step();
            QCOMPARE(weight.eq(0).sum().item<std::int64_t>(), std::int64_t{501});
        }
        // Momentum that was pruned does not come back either.
        optimizer.slots()[0].mask.reset();
        weight.mutable_grad() = torch::zeros_like(weight);
        optimizer.step();
        QVERIFY(weight.detach().masked_select(mask.eq(0)).eq(0).all().item<bool>());
    }
    void frozenMeansNoDecayAndNoMomentum_data() { addCases(); }
    void frozenMeansNoDecayAndNoMomentum()
    {
        const auto weight = startingWeights();
        Optimizer optimizer(fetched(), {weight});
        giveGradient(weight, 0);
        optimizer.step();
        weight.requires_grad_(false);
        weight.mutable_grad().reset();
        const auto before = weight.clone();
        const auto moment =
            optimizer.slots()[0].first.defined() ? optimizer.slots()[0].first.clone() : torch::Tensor();
        for (int step = 1; step < 20; ++step)
            optimizer.step();
        QVERIFY(torch::equal(weight, before));
        if (moment.defined())
            QVERIFY(torch::equal(optimizer.slots()[0].first, moment));
    }
    void theLastStepCanBeTakenBack_data() { addCases(); }
    void theLastStepCanBeTakenBack()
    {
        const auto weight = startingWeights();
        Optimizer optimizer(fetched(), {weight});
        QVERIFY(!optimizer.undoLastStep());
        giveGradient(weight, 0);
        optimizer.step();
        const auto good = weight.detach().clone();
        giveGradient(weight, 1);
        optimizer.step();
        QVERIFY(!torch::equal(weight.detach(), good));
        QVERIFY(optimizer.undoLastStep());
        QVERIFY(torch::equal(weight.detach(), good));
        QVERIFY(!optimizer.undoLastStep());
    }
    void changingTheRateKeepsTheState()
    {
        const auto weight = startingWeights();
        Optimizer optimizer({.kind = OptimizerKind::Adam, .learningRate = 0.01}, {weight});
        giveGradient(weight, 0);
        optimizer.step();
        const auto moment = optimizer.slots()[0].first.clone();
        optimizer.setLearningRate(0.0);
        const auto before = weight.detach().clone();
        QVERIFY(torch::equal(optimizer.slots()[0].first, moment));
        giveGradient(weight, 1);
        optimizer.step();
        QVERIFY(torch::equal(weight.detach(), before));
        QCOMPARE(optimizer.slots()[0].updates, std::int64_t{2});
    }
    void multiplierScalesTheRate()
    {
        const auto slow = startingWeights();
        const auto fast = startingWeights();
        Optimizer optimizer({.kind = OptimizerKind::Sgd, .learningRate = 0.1}, {slow, fast});
        optimizer.slots()[1].multiplier = 2.0;
        slow.mutable_grad() = torch::ones_like(slow);
        fast.mutable_grad() = torch::ones_like(fast);
        optimizer.step();
        QVERIFY(torch::allclose(startingWeights() - slow, torch::full_like(slow, 0.1)));
        QVERIFY(torch::allclose(startingWeights() - fast, torch::full_like(fast, 0.2)));
    }
    void clipsToTheNorm()
    {
        const auto weight = startingWeights();
        Optimizer optimizer({.kind = OptimizerKind::Sgd}, {weight});
        weight.mutable_grad() = torch::full_like(weight, 3.0);
        QVERIFY(std::abs(optimizer.gradientNorm() - 3.0 * std::sqrt(1001.0)) < 1e-3);
        optimizer.clipGradients(optimizer.gradientNorm(), 1.0);
        QVERIFY(std::abs(optimizer.gradientNorm() - 1.0) < 1e-4);
    }
    void changesThatMakeNoSenseAreRefused()
    {
        Optimizer optimizer({.kind = OptimizerKind::Adam}, {startingWeights()});
        QVERIFY(!optimizer.change("momentum", 0.9));
        QVERIFY(!optimizer.change("kind", std::string("adan")));
        QVERIFY(!optimizer.change("weight_decay", -1.0));
        QVERIFY(optimizer.change("kind", std::string("sgd")));
        QVERIFY(optimizer.change("momentum", 0.9));
        QCOMPARE(optimizer.options().momentum, 0.9);
    }
};

QTEST_APPLESS_MAIN(TestOptimizer)
#include "tst_optimizer.moc"
