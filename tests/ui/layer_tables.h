#pragma once

#include <string>
#include <vector>

#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <QTest>

#include "model/layer_changes.h"
#include "model/layer_info.h"
#include "training/intervention.h"

namespace frostline::test {

/// The offscreen platform warns of window hints that it has no use for; every other warning fails the test.
inline void failOnAnyWarning()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support )")));
}

/// Reads a table from lines such as `  conv1 Conv2d 36`: indentation (two spaces) is depth, a name alone is a
/// container. A kind with `Norm` in it is a normalisation layer, `frozen` at the end freezes.
/// Top-level layers and the children of top-level containers are stages.
class TableReader {
public:
    LayerTable read(const QString& text)
    {
        for (const auto& line : text.split(u'\n')) {
            if (!line.trimmed().isEmpty())
                addLine(line);
        }
        for (auto& layer : m_table) {
            if (layer.parent >= 0)
                m_table[static_cast<std::size_t>(layer.parent)].isLeaf = false;
        }
        deriveStatistics(m_table);
        return std::move(m_table);
    }

private:
    void addLine(const QString& line)
    {
        const auto words = line.trimmed().split(u' ');
        const auto depth = static_cast<std::size_t>((line.size() - line.trimmed().size()) / 2);
        m_open.resize(depth);
        LayerInfo layer;
        layer.parent = m_open.empty() ? -1 : m_open.back();
        layer.name = words[0].toStdString();
        layer.path =
            (m_open.empty() ? "" : m_table[static_cast<std::size_t>(m_open.back())].path + ".") + layer.name;
        layer.kind = words.value(1, QStringLiteral("Sequential")).toStdString();
        layer.parameters = words.value(2, QStringLiteral("0")).toInt();
        layer.settings.trainable = words.value(3) != QStringLiteral("frozen");
        fillTensors(layer);
        if (depth == 0 || (depth == 1 && !m_firstInside))
            ++m_stage;
        m_firstInside = depth == 0;
        layer.stage = m_stage;
        m_open.push_back(static_cast<int>(m_table.size()));
        m_table.push_back(layer);
    }

    static void fillTensors(LayerInfo& layer)
    {
        layer.isNormalisation = layer.kind.find("Norm") != std::string::npos;
        layer.parameterTensors = layer.parameters > 0 ? 2 : 0;
        layer.statisticValues = layer.isNormalisation ? layer.parameters : 0;
        layer.statisticTensors = layer.isNormalisation ? 2 : 0;
        layer.prunable = layer.isNormalisation ? 0 : layer.parameters;
    }

    LayerTable m_table;
    std::vector<int> m_open;
    int m_stage = -1;
    bool m_firstInside = false;
};

inline LayerTable tableOf(const QString& text)
{
    return TableReader().read(text);
}

inline LayerTable smallNetwork()
{
    return tableOf(QStringLiteral("conv1 Conv2d 40\n"
                                  "bn1 BatchNorm2d 8\n"
                                  "relu ReLU\n"
                                  "layer1\n"
                                  "  0 BasicBlock\n"
                                  "    conv1 Conv2d 144\n"
                                  "    bn1 BatchNorm2d 8\n"
                                  "  1 BasicBlock\n"
                                  "    conv1 Conv2d 144\n"
                                  "    bn1 BatchNorm2d 8\n"
                                  "avgpool AdaptiveAvgPool2d\n"
                                  "fc Linear 50\n"
                                  "softmax Softmax\n"));
}

inline QString nodeText(const LayerTable& table, int index)
{
    const auto& layer = table[static_cast<std::size_t>(index)];
    const auto name = QString::fromStdString(layer.name);
    if (layer.isLeaf)
        return layer.hasParameters() ? name + (layer.settings.trainable ? u'+' : u'-') : name;
    QStringList children;
    for (int i = index + 1; i < static_cast<int>(table.size()); ++i) {
        if (table[static_cast<std::size_t>(i)].parent == index)
            children << nodeText(table, i);
    }
    return QStringLiteral("%1(%2)").arg(name, children.join(u' '));
}

/// `conv1+ bn1- relu layer1(0(conv1+))`: plus trains, minus is frozen.
inline QString treeText(const LayerTable& table)
{
    QStringList nodes;
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        if (table[static_cast<std::size_t>(i)].parent < 0)
            nodes << nodeText(table, i);
    }
    return nodes.join(u' ');
}

inline int indexOfPath(const LayerTable& table, const QString& path)
{
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (QString::fromStdString(table[i].path) == path)
            return static_cast<int>(i);
    }
    return -1;
}

inline QString changesText(const std::vector<Change>& changes)
{
    QStringList texts;
    for (const auto& change : changes)
        texts << QString::fromStdString(toText(change));
    return texts.join(u' ');
}

} // namespace frostline::test
