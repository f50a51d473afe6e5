#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "model/layer.h"
#include "model/layer_info.h"

namespace frostline {

/// An ordered chain of named stages. It can run from any stage to any stage: that is what makes a frozen
/// prefix a thing. Belongs to the thread that trains.
class Network {
public:
    struct Stage {
        std::string path; ///< Where it is empty the layer has no row: its children stand at the top.
        LayerPtr layer;
    };
    /// One row of the layer tree, in pre-order; `layer` is empty for a container that only groups stages.
    struct Node {
        std::string path;
        Layer* layer = nullptr;
        int parent = -1;
        int stage = 0;
    };

    /// What a user is to know of a network: told once, in the log.
    struct Note {
        LogLevel level;
        std::string text;
    };

    /// `whole` says why stages cannot run one by one; empty where they can.
    explicit Network(std::vector<Stage> stages, std::string whole = {}, std::vector<Note> notes = {});

    const std::string& whole() const { return m_whole; }
    const std::vector<Note>& notes() const { return m_notes; }

    /// The last stage: `fc` in residual networks, `head` in our own.
    const std::string& headName() const { return m_stages.back().path; }
    int stageCount() const { return static_cast<int>(m_stages.size()); }
    const std::string& stagePath(int stage) const { return m_stages[static_cast<std::size_t>(stage)].path; }
    const std::vector<Node>& nodes() const { return m_nodes; }

    /// Runs stages first .. last-1 on [N, ...].
    torch::Tensor forward(const torch::Tensor& x, int first, int last);
    torch::Tensor forward(const torch::Tensor& x) { return forward(x, 0, stageCount()); }

    /// Draws all parameters; each from its own stream of (seed, path), so that one layer more or less
    /// leaves the others as they are.
    void initialise(std::uint64_t seed);
    void to(torch::Device device);

    /// Parameters and buffers by their full names, in PyTorch's order.
    std::vector<NamedTensor> state() const { return state(stageCount()); }
    /// Of the stages below `last` only.
    std::vector<NamedTensor> state(int last) const;

    /// What a stage's forward pass costs for one row, in seconds: of late, 0 where it never ran. On a device
    /// that works on its own it is the time to ask for it.
    double secondsPerRow(int stage) const { return m_secondsPerRow[static_cast<std::size_t>(stage)]; }

    /// The layer table; its rows stand in the order of nodes(). Runs one [1, ...] input for the shapes.
    LayerTable describe(const std::vector<std::int64_t>& inputShape);

    /// Puts a table's settings in force: gradients wanted or dropped, norms and dropout active or not.
    void configure(const LayerTable& table, bool training);
    /// Seeds dropout, and whatever else draws, for one step.
    void seedDropout(std::uint64_t seed);

private:
    int addNode(const std::string& path, Layer* layer, int parent, int stage);
    void addTree(const std::string& path, Layer& layer, int parent, int stage);
    int groupFor(const std::string& path, int stage);

    std::vector<Stage> m_stages;
    std::string m_whole;
    std::vector<Note> m_notes;
    std::vector<Node> m_nodes;
    std::vector<double> m_secondsPerRow; ///< Of each stage.
};

} // namespace frostline
