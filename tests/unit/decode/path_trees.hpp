#pragma once

#include <vector>

#include "path_tree.hpp"

namespace imdswatch::testing {

/// By default of all formats, as decoders have it.
inline PathTree tree_of(const std::vector<SlotPath>& paths = slot_paths()) {
  PathTree out;
  for (const SlotPath& path : paths) out.add(path.slot, path.path, path.written);
  out.finish();
  return out;
}

}  // namespace imdswatch::testing
