#include "start/demos.h"

#include <algorithm>

#include <QDir>
#include <QRegularExpression>

#include "base/resources.h"

namespace frostline {

namespace {

constexpr auto kDefaultName = "fashion-transfer";
constexpr auto kReduced = "-small"; ///< How the names of experiments at reduced size end.

QDir recipesFolder()
{
    const auto resources = resourcesFolder();
    return resources ? QDir(QString::fromStdString((*resources / "recipes").string())) : QDir(QString());
}

/// Whether its data and weights are on this machine.
bool isAtHand(const Recipe& recipe)
{
    const auto isThere = [&recipe](const std::string& path) {
        const auto found = resolvePath(path, recipe.folder);
        return found && QFileInfo::exists(QString::fromStdString(found->string()));
    };
    return isThere(recipe.data.path) && (recipe.model.weights.empty() || isThere(recipe.model.weights));
}

/// The default one is there in any case: opening it says what is missing.
bool isDemo(const Recipe& recipe)
{
    return recipe.name == kDefaultName || (!recipe.name.ends_with(kReduced) && isAtHand(recipe));
}

} // namespace

QString firstSentence(const QString& text)
{
    static const QRegularExpression kEnd(QStringLiteral("[.!?](?=\\s|$)"));
    const auto match = kEnd.match(text);
    return match.hasMatch() ? text.left(match.capturedEnd()) : text;
}

std::vector<Demo> shippedDemos()
{
    const auto folder = recipesFolder();
    std::vector<Demo> demos;
    for (const auto& info : folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        auto recipe = loadRecipe(info.filePath().toStdString());
        if (!recipe || !isDemo(*recipe))
            continue;
        const QString picture = folder.filePath(info.completeBaseName() + QStringLiteral(".png"));
        demos.push_back({info.filePath(), QString::fromStdString(recipe->title),
                         firstSentence(QString::fromStdString(recipe->notes)),
                         QFile::exists(picture) ? picture : QString(), std::move(*recipe)});
    }
    std::ranges::stable_partition(demos, [](const Demo& demo) { return demo.recipe.name == kDefaultName; });
    return demos;
}

QString defaultDemoFile()
{
    const auto file = recipesFolder().filePath(QString::fromLatin1(kDefaultName) + QStringLiteral(".json"));
    return QFile::exists(file) ? file : QString();
}

} // namespace frostline
