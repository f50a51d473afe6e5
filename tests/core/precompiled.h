#pragma once

// Precompiled for the tests of core.
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include "session/session.h"
#include "training/run.h"
