#include "model/torchscript.h"

#include "base/resources.h"
#include "model/script_file.h"
#include "model/script_module.h"
#include "training/torch_errors.h"
#include "weights/weights_report.h"

namespace frostline {

namespace {

Status checkRecipe(const ModelRecipe& recipe)
{
    auto others = recipe.options;
    others.module.reset();
    if (!recipe.options.module)
        return badInput("/model/options/module: is missing; torchscript wants the module's file here");
    if (others != ModelOptions{})
        return badInput("/model/options: torchscript takes \"module\" alone");
    if (recipe.head)
        return badInput("/model/head: a TorchScript module keeps its own classifier; leave head out");
    return {};
}

/// One tensor is all that it is given.
Status checkInputs(const torch::jit::Module& module, const std::string& name)
{
    const auto forward = module.find_method("forward");
    if (!forward)
        return badInput(name + ": has no forward to run");
    const auto& arguments = forward->function().getSchema().arguments();
    const bool takesTensor =
        arguments.size() > 1 && c10::TensorType::get()->isSubtypeOf(*arguments[1].type());
    const bool needsMore =
        arguments.size() > 2 && std::any_of(arguments.begin() + 2, arguments.end(),
                                            [](const c10::Argument& each) { return !each.default_value(); });
    if (takesTensor && !needsMore)
        return {};
    std::string list;
    for (std::size_t i = 1; i < arguments.size(); ++i)
        list += (i > 1 ? ", " : "") + arguments[i].name() + ": " + arguments[i].type()->repr_str();
    return badInput(name + ": its forward takes (" + list + "), but one tensor of images is what it gets");
}

Status checkOutput(ScriptModule& module, const std::string& name, const InputShape& input,
                   const OutputSpec& outputs)
{
    constexpr std::int64_t kImages = 2;
    const std::vector<std::int64_t> wanted =
        outputs.isImage ? std::vector<std::int64_t>{kImages, input.channels, input.height, input.width}
                        : std::vector<std::int64_t>{kImages, outputs.values};
    const auto images = torch::zeros({kImages, input.channels, input.height, input.width});
    const auto scores = caught([&]() -> Result<torch::Tensor> { return module.tryOut(images); });
    if (!scores)
        return badInput("does not run on images " + shapeText(images.sizes().vec()) + ": " +
                        scores.error().message);
    if (scores->sizes() == torch::IntArrayRef(wanted) && scores->is_floating_point())
        return {};
    return badInput(name + ": gives " + shapeText(scores->sizes().vec()) + " for " + std::to_string(kImages) +
                    " samples where " + shapeText(wanted) +
                    " is wanted by the data's task; a TorchScript module keeps its own output layer, so save "
                    "it with one for these data");
}

std::vector<Network::Note> notesOf(const ScriptModule& module, const std::string& name)
{
    std::vector<Network::Note> notes{
        {LogLevel::Info, name +
                             " is a TorchScript module, which runs as a whole: features under a frost line "
                             "are not kept, its classifier is its own, and output shapes inside it are not "
                             "known"}};
    notes.insert(notes.end(), module.notes().begin(), module.notes().end());
    return notes;
}

} // namespace

bool isTorchScript(const ModelRecipe& recipe)
{
    return recipe.architecture == "torchscript";
}

Result<std::unique_ptr<Network>> openTorchScript(const ModelRecipe& recipe,
                                                 const std::filesystem::path& folder, const InputShape& input,
                                                 const OutputSpec& outputs)
{
    if (const auto fits = checkRecipe(recipe); !fits)
        return tl::unexpected(fits.error());
    const auto file = resolvePath(*recipe.options.module, folder);
    if (!file)
        return tl::unexpected(file.error());
    auto script = loadScript(*file);
    if (!script)
        return tl::unexpected(script.error());
    const auto name = file->filename().string();
    if (const auto fits = checkInputs(script->module, name); !fits)
        return tl::unexpected(fits.error());
    const auto module = ScriptModule::create(std::move(script->module), name);
    if (!module)
        return tl::unexpected(module.error());
    if (const auto fits = checkOutput(**module, name, input, outputs); !fits)
        return tl::unexpected(fits.error());
    return std::make_unique<Network>(std::vector<Network::Stage>{{"", *module}},
                                     "a TorchScript module runs as a whole", notesOf(**module, name));
}

} // namespace frostline
