#pragma once

#include <string>
#include <vector>

#include "path_tree.hpp"

namespace imdswatch {

/// Process starts of one shape: the fields that tell who the process is and what explains it, in the message's order.
struct StartShape {
  struct Part {
    const PathTree::Node* node;
    std::string literal;  ///< the value's token where all starts of this shape have the same; else empty: the next kept one
  };
  std::vector<Part> parts;
};

}  // namespace imdswatch
