#include "model/script_module.h"

#include <ATen/Context.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>

#include <algorithm>

namespace frostline {

namespace {

/// What the graph executor makes of a module depends on how often that ran before, and so would the last
/// bits: a run that is resumed would not equal one that was not interrupted. As fast, measured.
class PlainExecution {
public:
    PlainExecution() : m_before(torch::jit::getGraphExecutorOptimize())
    {
        torch::jit::setGraphExecutorOptimize(false);
    }
    ~PlainExecution() { torch::jit::setGraphExecutorOptimize(m_before); }
    PlainExecution(const PlainExecution&) = delete;
    PlainExecution& operator=(const PlainExecution&) = delete;

private:
    bool m_before;
};

std::string underPath(const std::string& path, const std::string& name)
{
    return path.empty() ? name : path + "." + name;
}

/// A mask belongs to a row, so that a row has one weight that a mask may hide.
bool isRow(const torch::jit::Module& module, const std::vector<ScriptTensor>& tensors)
{
    const auto weights = std::ranges::count_if(
        tensors, [](const ScriptTensor& each) { return each.isParameter && each.tensor.dim() >= 2; });
    return weights <= 1 && module.children().size() == 0;
}

} // namespace

torch::Tensor ScriptLayer::compute(const torch::Tensor& /*x*/)
{
    TORCH_CHECK(false, "a part of a TorchScript module does not run by itself");
}

Result<std::shared_ptr<ScriptModule>> ScriptModule::create(torch::jit::Module module, const std::string& name)
{
    std::shared_ptr<ScriptModule> made(new ScriptModule(std::move(module), name));
    if (!made->m_problem.empty())
        return badInput(name + ": " + made->m_problem);
    return made;
}

ScriptModule::ScriptModule(torch::jit::Module module, const std::string& name)
    : ScriptLayer(kindOf(module)),
      m_module(std::move(module))
{
    setPath(name + " (" + kind() + ")");
    addModule(m_module, *this, "", 0);
    if (m_all.empty())
        m_problem = "holds no parameters, so there is nothing to train; a module that went through "
                    "torch.jit.freeze has them as constants";
    checkOverlap();
    noteModes();
}

void ScriptModule::addModule(const torch::jit::Module& module, ScriptLayer& layer, const std::string& path,
                             std::size_t parent)
{
    const auto part = m_parts.size();
    m_parts.push_back({module, &layer, parent, {}});
    m_layers[path] = &layer;
    addTensors(part, path);
    addChildren(part, path);
    noteWrites(module, path);
    if (hasStatistics(module) && !layer.isNormalisation())
        m_fixed.push_back(path);
}

void ScriptModule::addTensors(std::size_t part, const std::string& path)
{
    for (const auto& each : tensorsOf(m_parts[part].module)) {
        const auto own = underPath(path, each.name);
        hold(part, own, each);
        const auto [known, isNew] = m_paths.emplace(each.tensor.unsafeGetTensorImpl(), own);
        if (isNew)
            addRow(part, own, each);
        else
            m_notes.push_back({LogLevel::Info, own + " is " + known->second +
                                                   " under another name: counted, frozen and kept once"});
    }
}

/// What a module's mode follows from, and what its code may put another tensor in the place of.
void ScriptModule::hold(std::size_t part, const std::string& path, const ScriptTensor& each)
{
    if (!each.isParameter) {
        m_slots.push_back({part, each.name, path, each.tensor, false, false, {}});
        return;
    }
    auto up = part;
    m_parts[up].parameters.push_back(each.tensor);
    while (up > 0) {
        up = m_parts[up].parent;
        m_parts[up].parameters.push_back(each.tensor);
    }
}

void ScriptModule::addRow(std::size_t part, const std::string& path, const ScriptTensor& each)
{
    const auto& module = m_parts[part].module;
    auto* holder = m_parts[part].layer;
    auto own = each.name;
    if (part == 0 || !isRow(module, tensorsOf(module))) {
        const auto* kind = each.isParameter ? "Parameter" : "Buffer";
        holder = holder->addChild(own, std::make_shared<ScriptLayer>(kind)).get();
        own.clear();
    }
    const auto& tensor = each.tensor;
    if (tensor.is_complex() || tensor.is_quantized() || tensor.layout() != torch::kStrided)
        m_problem = path + " is a tensor of a kind that cannot be saved (complex, quantized or sparse)";
    if (!each.isParameter) {
        holder->addBuffer(own, tensor);
        return;
    }
    checkParameter(path, tensor);
    m_all.emplace_back(path, tensor);
    holder->addParameter(own, tensor);
}

void ScriptModule::checkParameter(const std::string& path, const torch::Tensor& tensor)
{
    if (tensor.scalar_type() != torch::kFloat)
        m_problem = path + " is of type " + c10::toString(tensor.scalar_type()) +
                    "; what trains is 32-bit: save the module after model.float()";
    else if (!tensor.is_contiguous())
        tensor.set_data(tensor.detach().contiguous());
    if (!tensor.requires_grad())
        m_notes.push_back({LogLevel::Info, path + " was saved as not trainable; here layers train unless the "
                                                  "recipe freezes them"});
}

void ScriptModule::addChildren(std::size_t part, const std::string& path)
{
    const auto module = m_parts[part].module;
    auto& layer = *m_parts[part].layer;
    for (const auto& [name, child] : module.named_children()) {
        const auto own = underPath(path, name);
        if (const auto twin = twinOf(child); !twin.empty()) {
            m_notes.push_back(
                {LogLevel::Info, own + " is " + twin + " under another name: it stands there once"});
            addTwin(child, twin, part);
            continue;
        }
        const bool isNorm = hasStatistics(child) && readsTraining(child) && isRow(child, tensorsOf(child));
        addModule(child, *layer.addChild(name, std::make_shared<ScriptLayer>(kindOf(child), isNorm)), own,
                  part);
    }
}

/// The path of what this module is under another name: scripting makes two objects of a module that stands in
/// two places, over the same tensors.
std::string ScriptModule::twinOf(const torch::jit::Module& module) const
{
    std::string twin;
    for (const auto& [name, tensor, isParameter] : tensorsUnder(module)) {
        const auto known = m_paths.find(tensor.unsafeGetTensorImpl());
        if (known == m_paths.end() || !known->second.ends_with("." + name))
            return {};
        const auto prefix = known->second.substr(0, known->second.size() - name.size() - 1);
        if (!twin.empty() && prefix != twin)
            return {};
        twin = prefix;
    }
    const auto layer = m_layers.find(twin);
    const bool isAlike = layer != m_layers.end() && layer->second->kind() == kindOf(module);
    return isAlike ? twin : std::string();
}

/// It has no rows; its modes are those of what it is.
void ScriptModule::addTwin(const torch::jit::Module& module, const std::string& path, std::size_t parent)
{
    const auto part = m_parts.size();
    const auto layer = m_layers.find(path);
    m_parts.push_back({module, layer == m_layers.end() ? m_parts[parent].layer : layer->second, parent, {}});
    for (const auto& each : tensorsOf(module))
        hold(part, underPath(path, each.name), each);
    for (const auto& [name, child] : module.named_children())
        addTwin(child, underPath(path, name), part);
}

/// Two tensors over the same memory would each be moved by the optimizer.
void ScriptModule::checkOverlap()
{
    struct Range {
        const char* begin;
        const char* end;
        const std::string* path;
    };
    std::vector<Range> ranges;
    for (const auto& [path, tensor] : m_all) {
        const auto* begin = static_cast<const char*>(tensor.data_ptr());
        ranges.push_back({begin, begin + tensor.nbytes(), &path});
    }
    std::ranges::sort(ranges, {}, &Range::begin);
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].begin < ranges[i - 1].end)
            m_problem = *ranges[i - 1].path + " and " + *ranges[i].path +
                        " share memory without being the same parameter; save the module with one "
                        "nn.Parameter under both names, or with a copy";
    }
}

void ScriptModule::noteModes()
{
    if (m_fixed.empty())
        return;
    const auto more = m_fixed.size() > 1 ? " and " + std::to_string(m_fixed.size() - 1) + " more" : "";
    m_notes.push_back({LogLevel::Warning,
                       m_fixed.front() + more +
                           ": running statistics do as the module's code says, in training and evaluation "
                           "alike, and cannot be set; save with torch.jit.script rather than trace"});
}

void ScriptModule::noteWrites(const torch::jit::Module& module, const std::string& path)
{
    for (const auto& name : writtenAttributes(module))
        m_notes.push_back(
            {LogLevel::Warning, underPath(path, name) +
                                    " changes while the module runs and is no tensor: checkpoints "
                                    "do not hold it, so that a resumed run may differ"});
}

void ScriptModule::seed(std::uint64_t seed)
{
    at::manual_seed(seed);
}

void ScriptModule::setModes()
{
    for (auto& part : m_parts) {
        const bool isInTraining = part.parameters.empty()
                                      ? m_parts[part.parent].isTraining
                                      : std::ranges::any_of(part.parameters, &torch::Tensor::requires_grad);
        part.isTraining = part.layer->isActive() && (part.layer->isNormalisation() || isInTraining);
        if (const auto slot = part.module.type()->findAttributeSlot("training"))
            part.module._ivalue()->setSlot(*slot, part.isTraining);
    }
    for (auto& slot : m_slots)
        slot.before =
            slot.isRestless && !m_parts[slot.part].isTraining ? slot.tensor.clone() : torch::Tensor();
}

/// Code may put another tensor in a buffer's place; ours is the one that checkpoints and devices know.
void ScriptModule::takeBuffersBack()
{
    for (const auto& slot : m_slots)
        m_parts[slot.part].module._ivalue()->setAttr(slot.name, slot.tensor);
}

void ScriptModule::settleBuffers()
{
    for (auto& slot : m_slots) {
        const auto now = m_parts[slot.part].module._ivalue()->getAttr(slot.name).toTensor();
        if (!now.is_same(slot.tensor)) {
            slot.wasReplaced = true;
            TORCH_CHECK(now.sizes() == slot.tensor.sizes() && now.scalar_type() == slot.tensor.scalar_type(),
                        "buffer ", slot.path, " gets another shape or type");
            // Not copied into it: the way back may still need the values that it had.
            slot.tensor.set_data(now.detach().contiguous());
        }
        if (slot.before.defined())
            slot.tensor.set_data(slot.before);
    }
    takeBuffersBack();
}

torch::Tensor ScriptModule::run(const torch::Tensor& x)
{
    const PlainExecution plain;
    torch::IValue result;
    try {
        result = m_module.forward(std::vector<torch::IValue>{x});
    } catch (const std::exception& error) {
        TORCH_CHECK(false, sentenceOf(error));
    }
    TORCH_CHECK(result.isTensor(), "gives ", result.type()->repr_str(),
                " where one tensor is wanted: script a module around it that picks it out");
    TORCH_CHECK(result.toTensor().dim() > 0, "gives a single number where a row for each image is wanted");
    return result.toTensor();
}

torch::Tensor ScriptModule::compute(const torch::Tensor& x)
{
    takeBuffersBack(); // A pass that failed may have left others.
    setModes();
    auto y = run(x);
    settleBuffers();
    return y;
}

torch::Tensor ScriptModule::tryOut(const torch::Tensor& x)
{
    const torch::NoGradGuard guard;
    std::vector<torch::Tensor> copies;
    std::vector<std::uint32_t> versions;
    for (const auto& slot : m_slots) {
        copies.push_back(slot.tensor.clone());
        versions.push_back(static_cast<std::uint32_t>(slot.tensor._version()));
    }
    auto y = forward(x);
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        auto& slot = m_slots[i];
        slot.isRestless = slot.wasReplaced || slot.tensor._version() != versions[i];
        if (!slot.isRestless)
            continue;
        slot.tensor.set_data(copies[i]);
        m_notes.push_back({LogLevel::Info, slot.path +
                                               " changes in evaluation too; it is put back after each "
                                               "pass in which its module does not train"});
    }
    return y;
}

} // namespace frostline
