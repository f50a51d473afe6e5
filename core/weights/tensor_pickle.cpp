#include "weights/tensor_pickle.h"

#include <algorithm>
#include <array>
#include <limits>

namespace frostline {

namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMostDimensions = 64;
constexpr std::int64_t kMostOfLength = std::int64_t{1} << 48;
constexpr int kMostWrappers = 8;
constexpr std::size_t kLongestKey = 200; ///< Of a storage.

/// What makes tensors: of a storage, or of another tensor that it wraps.
constexpr std::array<std::string_view, 3> kRebuild{
    "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v3"};
constexpr std::array<std::string_view, 2> kRebuildParameter{"torch._utils._rebuild_parameter",
                                                            "torch._utils._rebuild_parameter_with_state"};
constexpr std::string_view kRebuildFromType = "torch._tensor._rebuild_from_type_v2";

/// The element of a tuple, or None.
const PickleValue& element(const Pickle& pickle, const PickleValue& tuple, std::size_t i)
{
    return pickle.values[i < tuple.items.size() ? tuple.items[i] : 0];
}

/// Reads one call that makes a tensor.
class TensorReader {
public:
    TensorReader(const Pickle& pickle, const Storages& storages, std::string& problem)
        : m_pickle(pickle),
          m_storages(storages),
          m_problem(problem)
    {
    }
    StoredTensor read(const PickleValue& value);

private:
    StoredTensor rebuilt(const PickleValue& arguments);
    std::vector<std::int64_t> lengths(const PickleValue& tuple, const char* what);
    void place(StoredTensor& tensor, std::int64_t offset, const Storage& storage, std::uint64_t size);
    void refuse(const std::string& problem)
    {
        if (m_problem.empty())
            m_problem = problem;
    }

    const Pickle& m_pickle;
    const Storages& m_storages;
    std::string& m_problem;
};

/// Unwraps parameters and the like, which hold the call that makes their tensor.
StoredTensor TensorReader::read(const PickleValue& value)
{
    const auto* call = &value;
    for (int i = 0; i < kMostWrappers; ++i) {
        if (call->kind != Kind::Call)
            break;
        const auto* callable = &element(m_pickle, *call, 0);
        const auto* arguments = &element(m_pickle, *call, 1);
        if (callable->text == kRebuildFromType) {
            callable = &element(m_pickle, *arguments, 0);
            arguments = &element(m_pickle, *arguments, 2);
        }
        if (callable->kind == Kind::Global && std::ranges::count(kRebuild, callable->text))
            return rebuilt(*arguments);
        if (callable->kind != Kind::Global || !std::ranges::count(kRebuildParameter, callable->text)) {
            refuse(refusedCall(callable->kind == Kind::Global ? callable->text : "an object's own function"));
            return {};
        }
        call = &element(m_pickle, *arguments, 0);
    }
    refuse("it is not a tensor");
    return {};
}

StoredTensor TensorReader::rebuilt(const PickleValue& arguments)
{
    const auto& persistent = element(m_pickle, arguments, 0);
    const auto& offset = element(m_pickle, arguments, 1);
    const auto claim = storageClaim(m_pickle, persistent, m_problem);
    StoredTensor tensor;
    tensor.shape = lengths(element(m_pickle, arguments, 2), "lengths");
    tensor.strides = lengths(element(m_pickle, arguments, 3), "strides");
    if (offset.kind != Kind::Integer || offset.integer < 0 || tensor.shape.size() != tensor.strides.size())
        refuse("its place in the storage cannot be");
    const auto& scalar = element(m_pickle, arguments, 6);
    const auto* type = scalar.kind == Kind::Global ? scalarTypeOf(scalar.text) : claim.type;
    if (scalar.kind == Kind::Global && !type)
        refuse("type " + printable(scalar.text) + " is not supported");
    const auto storage = m_storages.find(claim.key);
    if (m_problem.empty() && storage == m_storages.end())
        refuse("its storage \"" + printable(claim.key) + "\" is not in the file");
    if (!m_problem.empty())
        return {};
    tensor.dtype = type->dtype;
    place(tensor, offset.integer, storage->second, type->size);
    return tensor;
}

std::vector<std::int64_t> TensorReader::lengths(const PickleValue& tuple, const char* what)
{
    std::vector<std::int64_t> lengths;
    if ((tuple.kind != Kind::Tuple && tuple.kind != Kind::List) || tuple.items.size() > kMostDimensions)
        refuse(std::string("its ") + what + " are not a list of at most " + std::to_string(kMostDimensions) +
               " numbers");
    if (!m_problem.empty())
        return {};
    for (const auto item : tuple.items) {
        const auto& length = m_pickle[item];
        if (length.kind != Kind::Integer || length.integer < 0 || length.integer > kMostOfLength)
            refuse(std::string("one of its ") + what + " cannot be");
        lengths.push_back(length.integer);
    }
    return lengths;
}

/// Checks that all elements lie in the storage, and that their number is one. Lengths of zero do not hide the
/// others.
void TensorReader::place(StoredTensor& tensor, std::int64_t offset, const Storage& storage,
                         std::uint64_t size)
{
    const auto most = std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(size);
    std::int64_t last = offset;
    std::int64_t count = 1;
    bool overflows = false;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        const auto length = std::max<std::int64_t>(1, tensor.shape[i]);
        std::int64_t way = 0;
        overflows = overflows || __builtin_mul_overflow(length - 1, tensor.strides[i], &way) ||
                    __builtin_add_overflow(last, way, &last) ||
                    __builtin_mul_overflow(count, length, &count) || count > most;
    }
    if (overflows || last > most)
        return refuse("its lengths multiply to more than there can be");
    const bool isEmpty = std::ranges::count(tensor.shape, 0) > 0;
    const auto elements = storage.size / size;
    if (!isEmpty && static_cast<std::uint64_t>(last) >= elements)
        return refuse("it reaches to element " + std::to_string(last) + " of its storage, which has " +
                      std::to_string(elements));
    tensor.begin = storage.begin + (isEmpty ? 0 : static_cast<std::uint64_t>(offset) * size);
    tensor.end = isEmpty ? tensor.begin : storage.begin + (static_cast<std::uint64_t>(last) + 1) * size;
}

} // namespace

StorageClaim storageClaim(const Pickle& pickle, const PickleValue& persistent, std::string& problem)
{
    const auto refused = [&problem](const std::string& text) {
        if (problem.empty())
            problem = text;
        return StorageClaim{};
    };
    if (persistent.kind != Kind::Persistent)
        return refused("it has no storage");
    const auto& id = pickle[persistent.items[0]];
    const auto& type = element(pickle, id, 1);
    const auto& key = element(pickle, id, 2);
    const auto& elements = element(pickle, id, 4);
    if (id.kind != Kind::Tuple || element(pickle, id, 0).text != "storage" || type.kind != Kind::Global ||
        key.kind != Kind::Text || key.text.size() > kLongestKey || elements.kind != Kind::Integer ||
        elements.integer < 0)
        return refused("what it says of its storage cannot be read");
    const auto* known = storageTypeOf(type.text);
    if (!known)
        return refused("type " + printable(type.text) + " is not supported");
    return {key.text, known};
}

bool isTensor(const Pickle& pickle, const PickleValue& value)
{
    if (value.kind != Kind::Call)
        return false;
    const auto& callable = element(pickle, value, 0);
    return callable.kind == Kind::Global &&
           (callable.text == kRebuildFromType || std::ranges::count(kRebuild, callable.text) ||
            std::ranges::count(kRebuildParameter, callable.text));
}

StoredTensor readTensor(const Pickle& pickle, const PickleValue& value, const Storages& storages,
                        std::string& problem)
{
    return TensorReader(pickle, storages, problem).read(value);
}

} // namespace frostline
