#pragma once

#include <cstdint>

#include "fields.hpp"

namespace imdswatch {

/// What a field's value can change in the account of an event that is no call and no process start.
enum class Role : std::uint8_t {
  free,     ///< nothing: it only describes
  host,     ///< whether there is one, but only of an event that is of interest
  named,    ///< whether there is one, and whether it begins with a slash (another system's path)
  address,  ///< whether it is an address
  time,     ///< when, but not in which account
  decides,  ///< any other value may mean something else. What a new format does not list in slot_roles.cpp is taken for this
};
Role role_of(Slot slot);

}  // namespace imdswatch
