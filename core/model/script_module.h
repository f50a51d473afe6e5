#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <torch/csrc/jit/api/module.h>

#include "base/error.h"
#include "model/layer.h"
#include "model/network.h"
#include "model/script_graph.h"

namespace frostline {

/// A row of a TorchScript module's tree: a sub-module, holding the module's own tensors. Runs only as part of
/// the whole. A module with sub-modules, or with several weights that masks may hide, is a container: each
/// tensor that it holds itself is a row of its own under the tensor's name, of kind `Parameter` or `Buffer`.
class ScriptLayer : public Layer {
public:
    explicit ScriptLayer(std::string kind, bool isNormalisation = false)
        : Layer(std::move(kind)),
          m_isNormalisation(isNormalisation)
    {
    }
    bool isNormalisation() const override { return m_isNormalisation; }

    using Layer::addBuffer;
    using Layer::addChild;
    using Layer::addParameter;

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    bool m_isNormalisation;
};

/// A TorchScript module as one layer that computes, [N, C, H, W] to what the module gives. A sub-module is in
/// training mode while something in it trains, or, without parameters, while the one that it lies in is; a
/// norm while its statistics update. Draws from the process-wide generator.
class ScriptModule final : public ScriptLayer {
public:
    /// `name` is what messages call it.
    static Result<std::shared_ptr<ScriptModule>> create(torch::jit::Module module, const std::string& name);

    void seed(std::uint64_t seed) override;

    /// One pass in evaluation mode that leaves no trace; finds the buffers that even such a pass changes.
    torch::Tensor tryOut(const torch::Tensor& x);

    const std::vector<Network::Note>& notes() const { return m_notes; }

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    struct Part {
        torch::jit::Module module;
        ScriptLayer* layer;
        std::size_t parent;
        std::vector<torch::Tensor> parameters; ///< In it and below.
        bool isTraining = false;
    };
    /// A buffer's place in its module.
    struct Slot {
        std::size_t part;
        std::string name;
        std::string path;
        torch::Tensor tensor;
        bool isRestless = false; ///< Changes in evaluation mode too.
        bool wasReplaced = false;
        torch::Tensor before; ///< Of a restless one that must not change in this pass.
    };

    ScriptModule(torch::jit::Module module, const std::string& name);
    void addModule(const torch::jit::Module& module, ScriptLayer& layer, const std::string& path,
                   std::size_t parent);
    void addTensors(std::size_t part, const std::string& path);
    void addChildren(std::size_t part, const std::string& path);
    void hold(std::size_t part, const std::string& path, const ScriptTensor& each);
    void addRow(std::size_t part, const std::string& path, const ScriptTensor& each);
    std::string twinOf(const torch::jit::Module& module) const;
    void addTwin(const torch::jit::Module& module, const std::string& path, std::size_t parent);
    void checkParameter(const std::string& path, const torch::Tensor& tensor);
    void checkOverlap();
    void noteModes();
    void noteWrites(const torch::jit::Module& module, const std::string& path);
    void setModes();
    void takeBuffersBack();
    void settleBuffers();
    torch::Tensor run(const torch::Tensor& x);

    torch::jit::Module m_module;
    std::vector<Part> m_parts; ///< A parent stands before its children.
    std::vector<Slot> m_slots;
    std::map<const void*, std::string> m_paths;               ///< Of tensors.
    std::map<std::string, ScriptLayer*> m_layers;             ///< Of sub-modules.
    std::vector<std::pair<std::string, torch::Tensor>> m_all; ///< Parameters by path.
    std::vector<std::string> m_fixed;                         ///< Norms that do not heed `training`.
    std::vector<Network::Note> m_notes;
    std::string m_problem;
};

} // namespace frostline
