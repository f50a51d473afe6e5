#include "fetch/catalog.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace frostline {

namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 42;
constexpr std::size_t kDigits = 64;
constexpr std::size_t kFewestDigits = 8;
constexpr std::size_t kMostFiles = 1000;

constexpr std::array<std::pair<std::string_view, Packing>, 4> kPackings{
    {{"none", Packing::None}, {"tar.gz", Packing::Tar}, {"zip", Packing::Zip}, {"gz", Packing::Gzip}}};

Packing packingOf(std::string_view name)
{
    const auto* found = std::ranges::find(kPackings, name, [](const auto& packing) { return packing.first; });
    return found == kPackings.end() ? Packing::None : found->second;
}

std::string packingName(Packing packing)
{
    return std::string(
        std::ranges::find(kPackings, packing, [](const auto& known) { return known.second; })->first);
}

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/// A name that stays in its folder, whatever the system, and is never taken for a half download.
bool isFileName(std::string_view name)
{
    return !name.empty() && name.size() <= 100 && name.front() != '.' && std::ranges::all_of(name, isPlain) &&
           !name.ends_with(".part");
}

void requireName(JsonReader& reader, std::string_view key, const std::string& name)
{
    if (!isFileName(name))
        reader.refuse(key, "expected a name of letters, digits, \"-\", \"_\" and \".\", found \"" +
                               shortened(name) + "\"");
}

std::string checksumOf(JsonReader& reader)
{
    auto whole = reader.text("sha256", "");
    auto prefix = reader.text("sha256_prefix", "");
    const auto isHexadecimal = [](const std::string& text) {
        return text.find_first_not_of("0123456789abcdef") == std::string::npos;
    };
    if (!whole.empty() && !prefix.empty())
        reader.refuse("sha256_prefix", "there is the whole \"sha256\" already");
    if (!whole.empty() && (whole.size() != kDigits || !isHexadecimal(whole)))
        reader.refuse("sha256", "expected 64 hexadecimal digits in lower case");
    if (!prefix.empty() &&
        (prefix.size() < kFewestDigits || prefix.size() >= kDigits || !isHexadecimal(prefix)))
        reader.refuse("sha256_prefix", "expected the first 8 to 63 hexadecimal digits in lower case");
    return whole.empty() ? prefix : whole;
}

void readSize(JsonReader& reader, CatalogFile& file)
{
    file.size = reader.integer("size", 0, 1, kLargest);
    const auto about = reader.integer("size_about", 0, 1, kLargest);
    if ((file.size > 0) == (about > 0))
        reader.refuse("size", "either \"size\" or \"size_about\" is needed, in bytes");
    file.sizeIsExact = about == 0;
    file.size = std::max(file.size, about);
}

void readPacking(JsonReader& reader, CatalogFile& file)
{
    file.packing = packingOf(reader.choice("unpack", {"none", "tar.gz", "zip", "gz"}, "none"));
    file.folder = reader.text("folder", "");
    file.unpackedAtMost = reader.integer("unpacked_at_most", 0, 1, kLargest);
    if (!file.folder.empty() && !isFileName(file.folder))
        requireName(reader, "folder", file.folder);
    const bool isArchive = file.packing == Packing::Tar || file.packing == Packing::Zip;
    if (!file.folder.empty() && !isArchive)
        reader.refuse("folder", "only an archive has folders inside");
    if (file.packing != Packing::None && file.unpackedAtMost == 0)
        reader.refuse("unpacked_at_most", "the bytes that come out at most are needed here");
    if (file.packing == Packing::Gzip && (file.name.size() < 4 || !file.name.ends_with(".gz")))
        reader.refuse("file", "a single packed file ends in .gz");
}

CatalogFile readCatalogFile(JsonReader reader)
{
    CatalogFile file;
    file.url = reader.requiredText("url");
    if (const auto problem = urlProblem(file.url); !problem.empty())
        reader.refuse("url", problem);
    file.name = reader.text("file", file.url.substr(file.url.rfind('/') + 1));
    requireName(reader, "file", file.name);
    readSize(reader, file);
    file.sha256 = checksumOf(reader);
    readPacking(reader, file);
    reader.finish();
    return file;
}

CatalogLayout readLayout(JsonReader reader)
{
    constexpr int kMost = 1'000'000;
    CatalogLayout layout;
    layout.source = reader.text("source", "");
    layout.architecture = reader.text("architecture", "");
    layout.classes = static_cast<int>(reader.integer("classes", 0, 0, kMost));
    layout.channels = static_cast<int>(reader.integer("channels", 0, 0, kMost));
    layout.inputSize = reader.integers("input_size", 1, kMost);
    layout.mean = reader.numbers("mean", -1e6, 1e6);
    layout.deviation = reader.numbers("std", 1e-9, 1e6);
    if (layout.mean.size() != layout.deviation.size())
        reader.refuse("std", "as many values as in \"mean\" are needed");
    reader.finish();
    return layout;
}

void requireFiles(JsonReader& reader, const CatalogEntry& entry)
{
    std::set<std::string> names;
    for (const auto& file : entry.files) {
        if (!names.insert(file.name).second)
            reader.refuse("files", "two files are called \"" + file.name + "\"");
    }
    const bool isWeights = entry.kind == CatalogEntry::Kind::Weights;
    if (entry.files.empty() || (isWeights && entry.files.size() > 1))
        reader.refuse("files", isWeights ? "weights are one file" : "at least one file is needed");
    else if (entry.files.size() > kMostFiles)
        reader.refuse("files", "that many files are more than can be meant");
    else if (isWeights && entry.files.front().packing != Packing::None)
        reader.refuse("files", "weights are not unpacked");
}

/// Name and kind, which all that is listed has.
template <class Entry>
void readWhat(JsonReader& reader, Entry& entry)
{
    entry.name = reader.requiredText("name");
    requireName(reader, "name", entry.name);
    const auto kind = reader.choice("kind", {"weights", "data"}, "");
    if (kind.empty())
        reader.refuse("kind", "\"weights\" or \"data\" is needed here");
    entry.kind = kind == "data" ? CatalogEntry::Kind::Data : CatalogEntry::Kind::Weights;
}

CatalogEntry readEntry(JsonReader& reader)
{
    CatalogEntry entry;
    readWhat(reader, entry);
    entry.title = reader.text("title", entry.name);
    entry.about = reader.text("about", "");
    entry.licence = reader.requiredText("licence");
    entry.homepage = reader.text("homepage", "");
    for (auto& file : reader.objects("files"))
        entry.files.push_back(readCatalogFile(std::move(file)));
    requireFiles(reader, entry);
    if (auto layout = reader.object("layout"))
        entry.layout = readLayout(std::move(*layout));
    reader.finish();
    return entry;
}

HandEntry readHandEntry(JsonReader& reader)
{
    HandEntry entry;
    readWhat(reader, entry);
    entry.how = reader.requiredText("how");
    reader.finish();
    return entry;
}

Json fileJson(const CatalogFile& file)
{
    Json json{{"url", file.url}, {"file", file.name}};
    json[file.sizeIsExact ? "size" : "size_about"] = file.size;
    if (!file.sha256.empty())
        json[file.isFullyChecked() ? "sha256" : "sha256_prefix"] = file.sha256;
    if (file.packing != Packing::None)
        json["unpack"] = packingName(file.packing);
    if (!file.folder.empty())
        json["folder"] = file.folder;
    if (file.unpackedAtMost > 0)
        json["unpacked_at_most"] = file.unpackedAtMost;
    return json;
}

Json layoutJson(const CatalogLayout& layout)
{
    Json json = Json::object();
    if (!layout.source.empty())
        json["source"] = layout.source;
    if (!layout.architecture.empty())
        json["architecture"] = layout.architecture;
    if (layout.classes > 0)
        json["classes"] = layout.classes;
    if (layout.channels > 0)
        json["channels"] = layout.channels;
    if (!layout.inputSize.empty())
        json["input_size"] = layout.inputSize;
    if (!layout.mean.empty()) {
        json["mean"] = layout.mean;
        json["std"] = layout.deviation;
    }
    return json;
}

} // namespace

std::int64_t CatalogEntry::size() const
{
    std::int64_t bytes = 0;
    for (const auto& file : files)
        bytes += file.size;
    return bytes;
}

bool CatalogEntry::sizeIsExact() const
{
    return std::ranges::all_of(files, &CatalogFile::sizeIsExact);
}

std::string CatalogEntry::reference() const
{
    return (kind == Kind::Weights ? "weights:" : "dataset:") + name;
}

std::string_view nameOf(CatalogEntry::Kind kind)
{
    return kind == CatalogEntry::Kind::Weights ? "weights" : "data";
}

const CatalogEntry* Catalog::find(std::string_view name) const
{
    const auto found = std::ranges::find(entries, name, &CatalogEntry::name);
    return found == entries.end() ? nullptr : &*found;
}

Result<CatalogEntry> Catalog::entry(const std::string& name) const
{
    if (const auto* found = find(name))
        return *found;
    std::vector<std::string> names;
    for (const auto& known : entries)
        names.push_back(known.name);
    const auto nearest = nearestName(name, names);
    return badInput("\"" + shortened(name) + "\" is not in the catalogue; " +
                    (nearest.empty() ? "" : "did you mean \"" + nearest + "\"? ") +
                    "frostline-cli fetch --list shows what is");
}

Result<Catalog> catalogFromJson(const Json& json, const std::string& where)
{
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    if (const auto format = reader.requiredText("frostline"); format != "catalog/1")
        reader.refuse("frostline", "expected \"catalog/1\", found \"" + shortened(format) + "\"");
    Catalog catalog;
    std::set<std::string> names;
    for (auto& member : reader.objects("entries")) {
        auto entry = readEntry(member);
        if (!names.insert(entry.name).second)
            member.refuse("name", "\"" + entry.name + "\" is there already");
        catalog.entries.push_back(std::move(entry));
    }
    for (auto& member : reader.objects("by_hand")) {
        auto entry = readHandEntry(member);
        if (!names.insert(entry.name).second)
            member.refuse("name", "\"" + entry.name + "\" is there already");
        catalog.byHand.push_back(std::move(entry));
    }
    reader.finish();
    if (error)
        return tl::unexpected(*error);
    return catalog;
}

Json toJson(const Catalog& catalog)
{
    Json entries = Json::array();
    for (const auto& entry : catalog.entries) {
        Json json{{"name", entry.name},     {"kind", nameOf(entry.kind)},        {"title", entry.title},
                  {"about", entry.about},   {"licence", entry.licence},          {"homepage", entry.homepage},
                  {"files", Json::array()}, {"layout", layoutJson(entry.layout)}};
        for (const auto& file : entry.files)
            json["files"].push_back(fileJson(file));
        entries.push_back(std::move(json));
    }
    Json json{{"frostline", "catalog/1"}, {"entries", std::move(entries)}};
    for (const auto& entry : catalog.byHand)
        json["by_hand"].push_back({{"name", entry.name}, {"kind", nameOf(entry.kind)}, {"how", entry.how}});
    return json;
}

std::string hostOf(const std::string& url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string::npos)
        return {};
    auto host = url.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    // Before an @ stands a user, which would make another host of what is read as one.
    if (host.find('@') != std::string::npos)
        return {};
    if (host.starts_with('['))
        return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool isLoopback(const std::string& url)
{
    const auto host = hostOf(url);
    return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

std::string urlProblem(const std::string& url)
{
    const auto isStrange = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte >= 127 || c == '\\';
    };
    if (std::ranges::any_of(url, isStrange) || (url.starts_with("https://") && hostOf(url).empty()))
        return "expected an address such as https://host/file, found \"" + shortened(url) + "\"";
    if (url.starts_with("https://") || (url.starts_with("http://") && isLoopback(url)))
        return {};
    return "only https is safe to get files over, found \"" + shortened(url) + "\"";
}

} // namespace frostline
