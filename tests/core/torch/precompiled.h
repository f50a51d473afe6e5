#pragma once

// Precompiled for the tests of core's torch side.
#include <QTest>

#include <torch/types.h>
