// A convolutional autoencoder: thirteen 3x3 convolutions, six that narrow an image to a code and seven that
// make an image of it. For images of [C, H, W]:
//   encoder_conv1, 2   32 channels, the second halves the map
//   encoder_conv3, 4   64 channels, the fourth halves it again
//   encoder_conv5      64 channels
//   encoder_conv6      the code: [4 C, H/4, W/4], a quarter of the image's values
//   decoder_conv1, 2   64 channels, then decoder_up1 doubles the map
//   decoder_conv3, 4   64 and 32 channels, then decoder_up2 doubles it
//   decoder_conv5, 6   32 channels
//   decoder_conv7      the image
// ReLU follows each but the code and the image, whose values may have any sign. There are no norms.
// For classes or values a head (`head`) goes on the code, and there is no decoder.

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/autoencoder_stride.h"
#include "model/layers.h"
#include "model/pooling.h"

namespace frostline {

namespace {

constexpr std::int64_t kCodeForChannel = 4;

enum class Then { Nothing, Relu, ReluAndDouble };

struct Step {
    std::int64_t out;
    std::int64_t stride = 1;
    Then then = Then::Relu;
};

/// Adds `prefix`conv1, `prefix`relu1, ...; gives back the channels at the end.
std::int64_t add(std::vector<Network::Stage>& stages, const std::string& prefix, std::int64_t channels,
                 const std::vector<Step>& steps)
{
    int doublings = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        const auto number = std::to_string(i + 1);
        stages.push_back({prefix + "conv" + number,
                          std::make_shared<Conv2d>(Conv2dOptions{.in = channels,
                                                                 .out = step.out,
                                                                 .kernel = 3,
                                                                 .stride = step.stride,
                                                                 .padding = 1,
                                                                 .bias = true,
                                                                 .start = Conv2dOptions::Start::FanIn})});
        if (step.then != Then::Nothing)
            stages.push_back(
                {prefix + "relu" + number, std::make_shared<Activation>(Activation::Kind::Relu)});
        if (step.then == Then::ReluAndDouble)
            stages.push_back({prefix + "up" + std::to_string(++doublings), std::make_shared<Upsample>()});
        channels = step.out;
    }
    return channels;
}

Result<Base> autoencoder(const ModelOptions& /*options*/, const InputShape& input)
{
    if (input.height % kAutoencoderStride != 0 || input.width % kAutoencoderStride != 0)
        return badInput(
            "/model/architecture: autoencoder needs images whose height and width are multiples of " +
            std::to_string(kAutoencoderStride) + "; these are " + std::to_string(input.height) + " by " +
            std::to_string(input.width));
    Base base;
    base.headName = "head";
    base.isMap = true;
    const auto code = kCodeForChannel * input.channels;
    base.features = add(base.stages, "encoder_", input.channels,
                        {{32}, {32, 2}, {64}, {64, 2}, {64}, {code, 1, Then::Nothing}});
    add(base.decoder, "decoder_", code,
        {{64},
         {64, 1, Then::ReluAndDouble},
         {64},
         {32, 1, Then::ReluAndDouble},
         {32},
         {32},
         {input.channels, 1, Then::Nothing}});
    return base;
}

} // namespace

Family autoencoders()
{
    return {{"autoencoder", {}, kAutoencoderStride, &autoencoder}};
}

} // namespace frostline
