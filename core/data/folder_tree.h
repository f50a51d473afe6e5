#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace frostline {

/// What a folder's files are, for those that look for them and for what an error says.
struct FileKind {
    std::string name;                    ///< "image": for messages.
    std::vector<std::string> extensions; ///< ".jpg", ".png": lower case; files may have them in any case.
};

inline const FileKind kImageFiles{"image", {".jpg", ".jpeg", ".png"}};
inline const FileKind kSoundFiles{"sound", {".wav", ".flac", ".ogg"}};

/// Whether a file's name ends as this kind's do.
bool isOfKind(const std::filesystem::path& file, const FileKind& kind);

struct ClassFile {
    std::filesystem::path path; ///< Begins with the folder that was asked for.
    std::int64_t label = 0;
};

/// Files in a folder with one sub-folder for each class, or with such in `train`, `val` and `test`.
struct ClassFolders {
    std::vector<std::string> classNames;                    ///< Those for training, sorted.
    std::vector<ClassFile> train;                           ///< By class, then by path.
    std::optional<std::vector<ClassFile>> validation, test; ///< Where there is a folder for them.
};

/// Lists `root/CLASS/...` or `root/{train,val,test}/CLASS/...` (`val` may be `valid` or `validation`). A
/// folder `train` that has files alone, and stands beside folders of other names, is a class. Folders below a
/// class's own count to the class, eight deep; names that begin with a dot are passed over. Links to folders
/// are followed once, and never to what the classes lie in, so that loops end. A listed file may be a link to
/// nowhere; pipes and devices are left out. A class without files is an error, and so is a class that only
/// `val` or `test` has.
Result<ClassFolders> listClassFolders(const std::filesystem::path& root, const FileKind& kind);

} // namespace frostline
