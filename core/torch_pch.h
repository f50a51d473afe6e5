#pragma once

// Precompiled for core's torch side only. Nothing outside core can reach these headers.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/types.h>
