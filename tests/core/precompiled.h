#pragma once

// Precompiled for the tests of core.
#include <QTest>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include "session/session.h"
#include "training/run.h"
