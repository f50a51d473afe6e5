#pragma once

// Precompiled for the window's sources: what nearly all of them include.
#include <QtWidgets>

#include "session/session.h"
#include "training/run.h"
