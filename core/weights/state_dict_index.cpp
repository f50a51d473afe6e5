#include "weights/state_dict_index.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>

#include "base/json.h"
#include "weights/tensor_pickle.h"
#include "weights/zip_index.h"

namespace frostline {

namespace {

using Index = PickleValue::Index;
using Kind = PickleValue::Kind;

constexpr int kMostLevels = 4;
constexpr std::size_t kMostTensors = 100'000;
constexpr std::size_t kLongestKey = 200;

/// Where checkpoints keep their weights, the likeliest first.
constexpr std::array<std::string_view, 9> kUsualKeys{"state_dict",  "model_state_dict", "model",
                                                     "model_state", "net_state_dict",   "net",
                                                     "network",     "weights",          "params"};
/// What has tensors in it that are not weights.
constexpr std::array<std::string_view, 4> kOtherKeys{"optim", "scheduler", "lr_scheduler", "scaler"};

struct Found {
    Index dict = 0;
    std::vector<Index> keys; ///< That lead there; copied texts could fill the memory.
};

/// Looks for the one dictionary that holds the weights.
class StateDictFinder {
public:
    StateDictFinder(const Pickle& pickle, const std::string& where)
        : m_pickle(pickle),
          m_where(where),
          m_seen(pickle.values.size())
    {
    }
    Result<Found> find();
    std::string pathOf(const Found& found) const;

private:
    bool holdsTensors(const PickleValue& dict) const;
    std::ptrdiff_t rankOf(const Found& found) const;
    std::string classOf(const PickleValue& call) const;
    std::vector<Found> below(const Found& above);
    tl::unexpected<Error> nothing() const;

    const Pickle& m_pickle;
    const std::string& m_where;
    std::vector<bool> m_seen; ///< Dictionaries may be shared, and may hold themselves.
    std::string m_object;     ///< Class of an object where weights are usual.
};

bool StateDictFinder::holdsTensors(const PickleValue& dict) const
{
    for (std::size_t i = 1; i < dict.items.size(); i += 2) {
        if (isTensor(m_pickle, m_pickle[dict.items[i]]))
            return true;
    }
    return false;
}

/// The old format names a module's class together with its source.
std::string StateDictFinder::classOf(const PickleValue& call) const
{
    const auto* callable = &m_pickle[call.items[0]];
    if (callable->kind == Kind::Persistent) {
        const auto& id = m_pickle[callable->items[0]];
        callable = &m_pickle.values[id.items.size() > 1 ? id.items[1] : 0];
    }
    return callable->kind == Kind::Global ? callable->text : "";
}

/// The dictionaries that stand in one, usual keys first.
std::vector<Found> StateDictFinder::below(const Found& above)
{
    std::vector<Found> found;
    const auto& dict = m_pickle[above.dict];
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const auto& key = m_pickle[dict.items[i]];
        const auto& value = m_pickle[dict.items[i + 1]];
        const auto starts = [&key](std::string_view other) { return key.text.starts_with(other); };
        if (key.kind != Kind::Text || key.text.size() > kLongestKey || !isTensorName(key.text) ||
            std::ranges::any_of(kOtherKeys, starts))
            continue;
        const bool isUsual = std::ranges::count(kUsualKeys, key.text) > 0;
        if (isUsual && value.kind == Kind::Call && m_object.empty())
            m_object = classOf(value);
        if (value.kind != Kind::Dict || m_seen[dict.items[i + 1]])
            continue;
        m_seen[dict.items[i + 1]] = true;
        found.push_back({dict.items[i + 1], above.keys});
        found.back().keys.push_back(dict.items[i]);
    }
    std::ranges::stable_sort(found, {}, [this](const Found& each) { return rankOf(each); });
    return found;
}

/// Of the last key among the usual ones; behind them all where it is none.
std::ptrdiff_t StateDictFinder::rankOf(const Found& found) const
{
    return std::ranges::find(kUsualKeys, m_pickle[found.keys.back()].text) - kUsualKeys.begin();
}

std::string StateDictFinder::pathOf(const Found& found) const
{
    std::string path;
    for (const auto key : found.keys)
        path += (path.empty() ? "" : ".") + m_pickle[key].text;
    return path;
}

tl::unexpected<Error> StateDictFinder::nothing() const
{
    const auto& root = m_pickle[m_pickle.root];
    const auto advice = "; save it anew in Python with torch.save(model.state_dict(), FILE)";
    const bool isCall = root.kind == Kind::Call;
    const auto name = isCall ? classOf(root) : m_object;
    if (isCall && !name.empty() && root.items.size() < 3)
        return badInput(m_where + ": " + refusedCall(name));
    if (!name.empty())
        return badInput(m_where + ": holds an object of the class " + printable(name) +
                        ", not a state dict, and nothing of it was run" + advice);
    return badInput(m_where + ": holds no state dict: no dictionary in it has tensors under names" + advice);
}

Result<Found> StateDictFinder::find()
{
    if (m_pickle[m_pickle.root].kind != Kind::Dict)
        return nothing();
    m_seen[m_pickle.root] = true;
    std::vector<Found> level{{m_pickle.root, {}}};
    for (int depth = 0; depth < kMostLevels && !level.empty(); ++depth) {
        std::vector<Found> next;
        std::vector<Found> holding;
        for (const auto& each : level) {
            if (holdsTensors(m_pickle[each.dict]))
                holding.push_back(each);
            std::ranges::move(below(each), std::back_inserter(next));
        }
        // A usual key is worth more than tensors beside it: the best accuracy may be one.
        for (const auto& each : next) {
            if (rankOf(each) < std::ssize(kUsualKeys) && holdsTensors(m_pickle[each.dict]))
                return each;
        }
        if (holding.size() == 1)
            return holding.front();
        if (holding.size() > 1)
            return badInput(m_where + ": holds several state dicts, " + shortened(pathOf(holding[0])) +
                            " and " + shortened(pathOf(holding[1])) +
                            " among them; save the one that is wanted alone");
        level = std::move(next);
    }
    return nothing();
}

/// Takes a state dict's entry where it is a tensor; what is none is left out. What is wrong with it, or
/// nothing.
std::string addEntry(StateDictIndex& index, const Pickle& pickle, std::size_t place, const PickleValue& dict,
                     const Storages& storages)
{
    const auto& name = pickle[dict.items[place]];
    const auto& value = pickle[dict.items[place + 1]];
    // Modules may add objects of their own, which are no weights, under this ending.
    if (value.kind != Kind::Call || name.text.ends_with("_extra_state"))
        return {};
    if (name.kind != Kind::Text || !isTensorName(name.text))
        return "the name of a tensor is no text, is empty, or has control characters in it";
    std::string problem;
    auto tensor = readTensor(pickle, value, storages, problem);
    if (!problem.empty())
        return shortened(name.text) + ": " + problem;
    if (index.tensors.size() >= kMostTensors)
        return "it holds more than " + std::to_string(kMostTensors) + " tensors";
    tensor.name = name.text;
    index.tensors.push_back(std::move(tensor));
    return {};
}

Result<StateDictIndex> stateDictOf(const Pickle& pickle, const Storages& storages, const std::string& where)
{
    StateDictFinder finder(pickle, where);
    const auto found = finder.find();
    if (!found)
        return tl::unexpected(found.error());
    StateDictIndex index{{}, finder.pathOf(*found)};
    const auto& dict = pickle[found->dict];
    std::unordered_set<std::string_view> names;
    for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const auto& key = pickle[dict.items[i]];
        if (!names.insert(key.text).second && key.kind == Kind::Text)
            return badInput(where + ": " + printable(key.text) + " stands there twice");
        if (const auto problem = addEntry(index, pickle, i, dict, storages); !problem.empty())
            return badInput(where + ": " + problem);
    }
    return index;
}

struct Archive {
    std::vector<ZipRecord> records;
    std::string folder; ///< With its slash: all of PyTorch's records lie in one.
};

const ZipRecord* recordOf(const Archive& archive, const std::string& name)
{
    const auto found = std::ranges::find(archive.records, archive.folder + name, &ZipRecord::name);
    return found == archive.records.end() ? nullptr : &*found;
}

bool isScript(const Archive& archive)
{
    const auto isCode = [&archive](const ZipRecord& record) {
        return record.name.starts_with(archive.folder + "code/");
    };
    return recordOf(archive, "constants.pkl") || std::ranges::any_of(archive.records, isCode);
}

/// The records of storages, by their keys.
Result<Storages> storagesOf(const Archive& archive, const std::string& where)
{
    Storages storages;
    const auto begin = archive.folder + "data/";
    for (const auto& record : archive.records) {
        if (!record.name.starts_with(begin))
            continue;
        if (!record.isPlain)
            return badInput(where + ": its records are compressed, which PyTorch's never are; save it anew "
                                    "with torch.save");
        storages[record.name.substr(begin.size())] = {record.begin, record.size};
    }
    return storages;
}

Result<StateDictIndex> parseZip(std::string_view file, const std::string& where)
{
    auto records = parseZipIndex(file, where);
    if (!records)
        return tl::unexpected(records.error());
    Archive archive{std::move(*records), ""};
    const auto isPickle = [](const ZipRecord& record) {
        return record.name.ends_with("/data.pkl") && std::ranges::count(record.name, '/') == 1;
    };
    const auto pickle = std::ranges::find_if(archive.records, isPickle);
    if (pickle == archive.records.end() || !pickle->isPlain)
        return badInput(where + ": a zip archive, but not one of PyTorch's: it has no data.pkl to read");
    archive.folder = pickle->name.substr(0, pickle->name.find('/') + 1);
    if (isScript(archive))
        return badInput(where + ": holds a TorchScript module, not weights; save those in Python with "
                                "torch.save(torch.jit.load(FILE).state_dict(), OTHER)");
    const auto* order = recordOf(archive, "byteorder");
    if (order && file.substr(order->begin, order->size) == "big")
        return badInput(where + ": was written on a big-endian machine, which is not supported");
    const auto storages = storagesOf(archive, where);
    if (!storages)
        return tl::unexpected(storages.error());
    const auto parsed = parsePickle(file.substr(pickle->begin, pickle->size), where);
    return parsed ? stateDictOf(*parsed, *storages, where) : tl::unexpected(parsed.error());
}

/// The format of PyTorch before 1.6: five pickles one after another (a magic number, a version, the machine,
/// what was saved, the storages' keys), then for each storage its count of elements and its bytes.
class LegacyReader {
public:
    LegacyReader(std::string_view file, const std::string& where) : m_file(file), m_where(where) {}
    Result<StateDictIndex> read();

private:
    Result<Pickle> next();
    Status readStorages(const Pickle& saved, const Pickle& keys);
    Status readStorage(const std::string& key, std::uint64_t elementSize);

    std::string_view m_file;
    const std::string& m_where;
    std::size_t m_place = 0;
    Storages m_storages;
};

Result<Pickle> LegacyReader::next()
{
    auto pickle = parsePickle(m_file.substr(m_place), m_where);
    if (pickle)
        m_place += pickle->size;
    return pickle;
}

Status LegacyReader::readStorage(const std::string& key, std::uint64_t elementSize)
{
    std::int64_t count = 0;
    const auto left = m_file.size() - m_place;
    if (left >= sizeof count)
        std::memcpy(&count, m_file.data() + m_place, sizeof count);
    if (left < sizeof count || count < 0 ||
        static_cast<std::uint64_t>(count) > (left - sizeof count) / elementSize)
        return badInput(m_where + ": the file is cut short: storage \"" + printable(key) + "\" is not whole");
    const auto size = static_cast<std::uint64_t>(count) * elementSize;
    m_place += sizeof count;
    m_storages[key] = {m_place, size};
    m_place += size;
    return {};
}

Status LegacyReader::readStorages(const Pickle& saved, const Pickle& keys)
{
    std::map<std::string, std::uint64_t> sizes;
    for (const auto& value : saved.values) {
        std::string problem;
        if (value.kind != Kind::Persistent)
            continue;
        if (const auto claim = storageClaim(saved, value, problem); problem.empty())
            sizes[claim.key] = claim.type->size;
    }
    for (const auto item : keys[keys.root].items) {
        const auto size = sizes.find(keys[item].text);
        if (size == sizes.end())
            return badInput(m_where + ": has a storage of a type that is not supported");
        if (const auto read = readStorage(size->first, size->second); !read)
            return read;
    }
    return {};
}

Result<StateDictIndex> LegacyReader::read()
{
    constexpr std::string_view kMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
    const auto magic = next();
    if (!magic)
        return tl::unexpected(magic.error());
    if ((*magic)[magic->root].text != kMagic)
        return badInput(m_where + ": a pickle, but not one that torch.save wrote");
    const auto version = next();
    const auto machine = version ? next() : version;
    if (!machine)
        return tl::unexpected(machine.error());
    const auto& order = (*machine)[machine->member((*machine)[machine->root], "little_endian")];
    if (order.kind == Kind::Bool && order.integer == 0)
        return badInput(m_where + ": was written on a big-endian machine, which is not supported");
    const auto saved = next();
    const auto keys = saved ? next() : saved;
    if (!keys)
        return tl::unexpected(keys.error());
    if (const auto found = StateDictFinder(*saved, m_where).find(); !found)
        return tl::unexpected(found.error());
    if (const auto read = readStorages(*saved, *keys); !read)
        return tl::unexpected(read.error());
    return stateDictOf(*saved, m_storages, m_where);
}

} // namespace

Result<StateDictIndex> parseStateDict(std::string_view file, const std::string& where)
{
    return file.starts_with("PK") ? parseZip(file, where) : LegacyReader(file, where).read();
}

} // namespace frostline
