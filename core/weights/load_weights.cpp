#include "weights/load_weights.h"

#include <map>
#include <sstream>

#include "weights/safetensors.h"

namespace frostline {

namespace {

constexpr std::size_t kMostNamed = 8;

/// Collects one kind of mismatch for a message that stays readable.
class MismatchList {
public:
    explicit MismatchList(const char* what) : m_what(what) {}

    void add(const std::string& name)
    {
        if (m_count++ < kMostNamed)
            m_names += (m_names.empty() ? "" : ", ") + name;
    }
    std::string text() const
    {
        if (m_count == 0)
            return "";
        const auto more =
            m_count > kMostNamed ? ", and " + std::to_string(m_count - kMostNamed) + " more" : "";
        return std::string("; ") + m_what + ": " + m_names + more;
    }

private:
    const char* m_what;
    std::string m_names;
    std::size_t m_count = 0;
};

std::string shapeText(torch::IntArrayRef shape)
{
    std::ostringstream text;
    text << shape;
    return text.str();
}

bool isUnder(const std::string& name, const std::string& layer)
{
    return !layer.empty() && name.starts_with(layer + ".");
}

} // namespace

Status loadWeights(Network& network, const std::filesystem::path& path, const std::string& replacedHead)
{
    const auto file = loadSafetensors(path);
    if (!file)
        return tl::unexpected(file.error());
    std::map<std::string, torch::Tensor> given;
    for (const auto& [name, tensor] : file->tensors) {
        // A checkpoint keeps the optimizer's state and masks beside the weights; no layer's name has a slash.
        if (name.find('/') == name.npos)
            given[name] = tensor;
    }
    MismatchList missing("missing");
    MismatchList shapes("wrong shape");
    MismatchList unexpected("not in the network");
    std::vector<std::pair<torch::Tensor, torch::Tensor>> copies;
    for (const auto& [name, tensor] : network.state()) {
        const auto source = given.extract(name);
        if (isUnder(name, replacedHead))
            continue;
        if (source.empty())
            missing.add(name);
        else if (source.mapped().sizes() != tensor.sizes())
            shapes.add(name + " " + shapeText(source.mapped().sizes()) + " in the file, " +
                       shapeText(tensor.sizes()) + " in the network");
        else
            copies.emplace_back(tensor, source.mapped());
    }
    for (const auto& [name, tensor] : given) {
        if (!isUnder(name, replacedHead))
            unexpected.add(name);
    }
    const auto problems = missing.text() + shapes.text() + unexpected.text();
    if (!problems.empty())
        return badInput("weights " + path.string() + " do not fit the network" + problems);
    const torch::NoGradGuard guard;
    for (auto& [target, source] : copies)
        target.copy_(source);
    return {};
}

} // namespace frostline
