#pragma once

#include <QString>

#include "fetch/catalog.h"
#include "fetch/fetch.h"

namespace frostline {

QString entrySizeText(const CatalogEntry& entry);
/// "12.3 MB of 44.7 MB, 1 min 20 s left"
QString progressText(const FetchProgress& progress);
/// What an entry is, its licence, and where it lies or would lie.
QString aboutText(const CatalogEntry& entry);

} // namespace frostline
