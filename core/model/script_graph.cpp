// What can be read off a TorchScript module's types and code.

#include "model/script_graph.h"

#include <algorithm>

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/ir.h>

namespace frostline {

namespace {

using Visit = std::function<void(const torch::jit::Node&)>;

void visitBlock(const torch::jit::Block& block, const Visit& visit)
{
    for (const auto* node : block.nodes()) {
        visit(*node);
        for (const auto* inner : node->blocks())
            visitBlock(*inner, visit);
    }
}

void visitCode(const torch::jit::Module& module, const Visit& visit)
{
    for (auto* method : module.type()->methods()) {
        if (!method->isGraphFunction())
            continue;
        method->ensure_defined();
        const auto graph = torch::jit::toGraphFunction(*method).graph();
        visitBlock(*graph->block(), visit);
    }
}

bool isTensor(const c10::TypePtr& type)
{
    return type->isSubtypeOf(*c10::TensorType::get());
}

} // namespace

std::string kindOf(const torch::jit::Module& module)
{
    const auto name = module.type()->name();
    return name ? name->name() : "Module";
}

std::vector<ScriptTensor> tensorsOf(const torch::jit::Module& module)
{
    std::vector<ScriptTensor> parameters;
    std::vector<ScriptTensor> buffers;
    const auto type = module.type();
    for (std::size_t i = 0; i < type->numAttributes(); ++i) {
        if (!isTensor(type->getAttribute(i)))
            continue;
        const auto tensor = module._ivalue()->getSlot(i).toTensor();
        if (tensor.defined())
            (type->is_parameter(i) ? parameters : buffers)
                .push_back({type->getAttributeName(i), tensor, type->is_parameter(i)});
    }
    parameters.insert(parameters.end(), buffers.begin(), buffers.end());
    return parameters;
}

std::vector<ScriptTensor> tensorsUnder(const torch::jit::Module& module)
{
    auto tensors = tensorsOf(module);
    for (const auto& [name, child] : module.named_children()) {
        for (auto& each : tensorsUnder(child)) {
            each.name.insert(0, name + ".");
            tensors.push_back(std::move(each));
        }
    }
    return tensors;
}

bool hasStatistics(const torch::jit::Module& module)
{
    return std::ranges::any_of(tensorsOf(module), [](const ScriptTensor& each) {
        return !each.isParameter && (each.name == "running_mean" || each.name == "running_var");
    });
}

bool readsTraining(const torch::jit::Module& module)
{
    bool reads = false;
    visitCode(module, [&reads](const torch::jit::Node& node) {
        reads = reads || (node.kind() == c10::prim::GetAttr && node.s(c10::attr::name) == "training");
    });
    return reads;
}

std::vector<std::string> writtenAttributes(const torch::jit::Module& module)
{
    std::vector<std::string> written;
    visitCode(module, [&written](const torch::jit::Node& node) {
        if (node.kind() != c10::prim::SetAttr)
            return;
        const auto owner = node.input(0)->type()->cast<c10::ClassType>();
        const auto name = node.s(c10::attr::name);
        if (owner && owner->is_module() && !isTensor(owner->getAttribute(name)) &&
            std::ranges::find(written, name) == written.end())
            written.push_back(name);
    });
    return written;
}

std::string sentenceOf(const std::exception& error)
{
    const auto* own = dynamic_cast<const c10::Error*>(&error);
    std::string text = own ? own->what_without_backtrace() : error.what();
    // The interpreter puts the whole way through the code before what went wrong.
    constexpr std::string_view kMark = "RuntimeError: ";
    if (const auto mark = text.rfind(kMark); mark != text.npos) {
        text.erase(0, mark + kMark.size());
    } else if (text.find("Traceback of TorchScript") != text.npos) {
        text.erase(text.find_last_not_of('\n') + 1);
        text.erase(0, text.rfind('\n') + 1);
    }
    text.erase(0, text.find_first_not_of('\n'));
    return text.substr(0, text.find('\n'));
}

} // namespace frostline
