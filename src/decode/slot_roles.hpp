#pragma once

#include <cstdint>

#include "fields.hpp"

namespace imdswatch {

/// What a field's value can change in what is told of an event that is no call. In this order a key of several roles takes the last.
enum class Role : std::uint8_t {
  free,        ///< nothing that is asked for: it describes the agent, the machine, the other end
  evidence,    ///< what explains a process start, but not which process it is
  identifies,  ///< which process a process start is of
  host,        ///< whether there is one, but only of an event that is of interest
  named,       ///< whether there is one, and whether it begins with a slash (another system's path)
  address,     ///< whether it is an address
  time,        ///< when, but not in which account
  decides,     ///< any other value may mean something else. What a new format does not list in slot_roles.cpp is taken for this
};
Role role_of(Slot slot);

}  // namespace imdswatch
