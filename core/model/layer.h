#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

namespace frostline {

struct NamedTensor {
    std::string name;
    torch::Tensor tensor;
};

/// A tensor's name in the network. One without a name of its own has its layer's: see ScriptLayer.
inline std::string fullName(const std::string& path, const std::string& name)
{
    return name.empty() ? path : path + "." + name;
}

/// A layer of a network: named parameters, named buffers, named children, and what it computes.
/// Names are PyTorch's, so that its weights fit. Belongs to the thread that trains.
class Layer {
public:
    explicit Layer(std::string kind) : m_kind(std::move(kind)) {}
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    /// Runs the layer on [N, ...]. An exception of torch leaves with the layer's path in front.
    torch::Tensor forward(const torch::Tensor& x);

    /// Draws fresh parameters. The default suits layers without any.
    virtual void initialise(torch::Generator&) {}
    virtual bool isNormalisation() const { return false; }
    /// Seeds what it draws while it is active.
    virtual void seed(std::uint64_t) {}

    struct Child {
        std::string name;
        std::shared_ptr<Layer> layer;
    };
    const std::string& kind() const { return m_kind; }
    const std::vector<Child>& children() const { return m_children; }
    const std::vector<NamedTensor>& parameters() const { return m_parameters; }
    /// Running statistics, and counters that go with them.
    const std::vector<NamedTensor>& buffers() const { return m_buffers; }
    /// Of the last forward pass, without the batch dimension.
    const std::vector<std::int64_t>& outputShape() const { return m_outputShape; }

    const std::string& path() const { return m_path; }
    void setPath(std::string path) { m_path = std::move(path); }

    /// While active, a norm uses and updates batch statistics, and dropout drops.
    void setActive(bool active) { m_active = active; }
    bool isActive() const { return m_active; }

protected:
    virtual torch::Tensor compute(const torch::Tensor& x) = 0;
    torch::Tensor addParameter(const std::string& name, torch::IntArrayRef shape);
    torch::Tensor addParameter(const std::string& name, torch::Tensor tensor);
    torch::Tensor addBuffer(const std::string& name, torch::Tensor value);
    template <class Kind>
    std::shared_ptr<Kind> addChild(const std::string& name, std::shared_ptr<Kind> layer)
    {
        m_children.push_back({name, layer});
        return layer;
    }

private:
    std::string m_kind;
    std::string m_path;
    std::vector<NamedTensor> m_parameters;
    std::vector<NamedTensor> m_buffers;
    std::vector<Child> m_children;
    std::vector<std::int64_t> m_outputShape;
    bool m_active = false;
};

using LayerPtr = std::shared_ptr<Layer>;

} // namespace frostline
