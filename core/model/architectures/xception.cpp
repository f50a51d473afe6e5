// Xception (Chollet 2017) as its author's Keras code computes it: 3x3 convolutions of the stem without
// padding, TensorFlow's SAME padding everywhere else, norms with epsilon 1e-3.
//
// Names are those of the ports to PyTorch that are in use, so that files made from them fit:
//   conv1, bn1, conv2, bn2                        the stem; each norm is followed by ReLU (relu1, relu2)
//   block1 ... block12                            three entry blocks, eight middle ones, the first of the
//   exit
//     .rep.N                                      ReLU, separable convolution, norm, ..., and last the
//     pooling
//       .rep.N.conv1, .rep.N.pointwise            a separable convolution's two parts, both without bias
//     .skip, .skipbn                              the shortcut where the shape changes
//   conv3, bn3, conv4, bn4                        separable convolutions of the exit (conv3.conv1, ...)
//   fc                                            the classifier

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/layers.h"
#include "model/pooling.h"

namespace frostline {

namespace {

constexpr std::int64_t kSmallest = 7; ///< What the stem leaves a value of.
constexpr NormOptions kNorm{1e-3, 0.01};

LayerPtr norm(std::int64_t channels)
{
    return std::make_shared<BatchNorm2d>(channels, kNorm);
}

LayerPtr relu()
{
    return std::make_shared<Activation>(Activation::Kind::Relu);
}

LayerPtr separable(std::int64_t in, std::int64_t out)
{
    auto layer = std::make_shared<Sequential>("SeparableConv2d");
    layer->add("conv1", std::make_shared<Conv2d>(
                            Conv2dOptions{.in = in, .out = in, .kernel = 3, .padding = 1, .groups = in}));
    layer->add("pointwise", std::make_shared<Conv2d>(Conv2dOptions{in, out, 1}));
    return layer;
}

struct BlockRow {
    std::int64_t in;
    std::vector<std::int64_t> outs; ///< Of each separable convolution.
    std::int64_t stride;
    bool startsWithRelu = true;
};

/// Separable convolutions and a shortcut; [N, in, H, W] to [N, out, H/stride, W/stride], rounded up.
class Block final : public Layer {
public:
    explicit Block(const BlockRow& row) : Layer("Block"), m_rep(std::make_shared<Sequential>())
    {
        auto channels = row.in;
        for (const auto out : row.outs) {
            if (row.startsWithRelu || channels != row.in)
                m_rep->add(relu());
            m_rep->add(separable(channels, out)).add(norm(out));
            channels = out;
        }
        if (row.stride != 1)
            m_rep->add(std::make_shared<MaxPool2d>(3, row.stride, 0, Padding::Same));
        if (row.stride != 1 || channels != row.in) {
            m_skip =
                addChild("skip", std::make_shared<Conv2d>(Conv2dOptions{row.in, channels, 1, row.stride}));
            m_skipNorm = addChild("skipbn", norm(channels));
        }
        addChild("rep", m_rep);
    }

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        return m_rep->forward(x) + (m_skip ? m_skipNorm->forward(m_skip->forward(x)) : x);
    }

private:
    std::shared_ptr<Sequential> m_rep;
    LayerPtr m_skip;
    LayerPtr m_skipNorm;
};

std::vector<BlockRow> blockRows()
{
    std::vector<BlockRow> rows{{64, {128, 128}, 2, false}, {128, {256, 256}, 2}, {256, {728, 728}, 2}};
    rows.insert(rows.end(), 8, {728, {728, 728, 728}, 1});
    rows.push_back({728, {728, 1024}, 2});
    return rows;
}

Result<Base> xception(const ModelOptions& /*options*/, const InputShape& input)
{
    Base base;
    base.headName = "fc";
    const auto add = [&base](const std::string& number, LayerPtr conv, std::int64_t out) {
        base.stages.push_back({"conv" + number, std::move(conv)});
        base.stages.push_back({"bn" + number, norm(out)});
        base.stages.push_back({"relu" + number, relu()});
        base.features = out;
    };
    add("1", std::make_shared<Conv2d>(Conv2dOptions{input.channels, 32, 3, 2}), 32);
    add("2", std::make_shared<Conv2d>(Conv2dOptions{32, 64, 3}), 64);
    int number = 0;
    for (const auto& row : blockRows())
        base.stages.push_back({"block" + std::to_string(++number), std::make_shared<Block>(row)});
    add("3", separable(1024, 1536), 1536);
    add("4", separable(1536, 2048), 2048);
    poolByAverage(base);
    return base;
}

} // namespace

Family xceptions()
{
    return {{"xception", {}, kSmallest, &xception}};
}

} // namespace frostline
