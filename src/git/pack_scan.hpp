#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/git/pack_checker.hpp"

#include <string>

namespace tiphys::git {

/// Walks over a pack's entries and unpacks each into nothing, so that no object over the limits is
/// ever handed to libgit2, whose indexer has no limit of its own (reliability.md M8). Uses 128 KiB
/// whatever the pack says. Errors: Invalid (no pack, cut, bad zlib data), ResourceExhausted.
base::Status scan_pack(const std::string& file, const PackLimits& limits);

}  // namespace tiphys::git
