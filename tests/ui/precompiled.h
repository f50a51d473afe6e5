#pragma once

// Precompiled for the tests of the window.
#include <QtTest>
#include <QtWidgets>

#include <nlohmann/json.hpp>

#include "session/session.h"
#include "training/run.h"
