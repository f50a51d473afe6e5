#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace frostline {

/// How a file of the catalogue is packed.
enum class Packing {
    None,
    Tar,  ///< tar.gz
    Zip,  ///< zip
    Gzip, ///< a single file
};

/// One file to get, and how to tell that it is the right one.
struct CatalogFile {
    std::string url;
    std::string name;        ///< What it is called on the disk.
    std::int64_t size = 0;   ///< Bytes.
    bool sizeIsExact = true; ///< Otherwise the size is what its publisher says in rounded megabytes.
    std::string sha256;      ///< 64 hexadecimal digits; fewer where only the first are known; or none.
    Packing packing = Packing::None;
    std::string folder;              ///< The folder inside the archive that is wanted; all of it where empty.
    std::int64_t unpackedAtMost = 0; ///< Bytes; what comes out of an archive is refused beyond.

    bool isFullyChecked() const { return sha256.size() == 64; }
};

/// What a recipe has to know of weights or data. Members that say nothing are empty or 0.
struct CatalogLayout {
    std::string source;       ///< Of data: the recipe's `data.source`.
    std::string architecture; ///< Of weights: the recipe's `model.architecture`.
    int classes = 0;
    int channels = 0;
    std::vector<std::int64_t> inputSize; ///< Height and width in pixels.
    std::vector<double> mean;            ///< For each channel, of values from 0 to 1.
    std::vector<double> deviation;
};

/// Weights or a data set that can be got.
struct CatalogEntry {
    enum class Kind { Weights, Data };

    std::string name; ///< What `fetch`, `weights:` and `dataset:` call it.
    Kind kind = Kind::Weights;
    std::string title;
    std::string about;
    std::string licence;
    std::string homepage;
    std::vector<CatalogFile> files; ///< Weights have exactly one.
    CatalogLayout layout;

    /// Bytes of all files.
    std::int64_t size() const;
    bool sizeIsExact() const;
    /// `weights:resnet18` or `dataset:cifar-10`: how a recipe names it.
    std::string reference() const;
};

std::string_view nameOf(CatalogEntry::Kind kind);

/// Weights or a data set that recipes name and no address can be given for.
struct HandEntry {
    std::string name;
    CatalogEntry::Kind kind = CatalogEntry::Kind::Weights;
    std::string how; ///< Where it comes from and how it is laid out; goes on a sentence.
};

struct Catalog {
    std::vector<CatalogEntry> entries;
    std::vector<HandEntry> byHand;

    const CatalogEntry* find(std::string_view name) const;
    /// The entry, or an error that names the nearest one and says how all are listed.
    Result<CatalogEntry> entry(const std::string& name) const;
};

/// Checks that nothing in it could be written outside its place or got over an unsafe way; an error names
/// the place in the document.
Result<Catalog> catalogFromJson(const Json& json, const std::string& where);
Json toJson(const Catalog& catalog);

/// Why nothing may be got from this address; empty where it may. https alone is allowed, and http from this
/// machine itself.
std::string urlProblem(const std::string& url);
/// The host of an address, as far as it has one.
std::string hostOf(const std::string& url);
/// Whether an address is on this machine itself.
bool isLoopback(const std::string& url);

} // namespace frostline
