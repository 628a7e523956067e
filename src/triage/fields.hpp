#pragma once

#include <string>
#include <string_view>

#include "imdswatch/window/sighting.hpp"

namespace imdswatch::triage {

/// What one call is, to an exception.
struct CallView {
  const Sighting& sighting;
  const ProcessSeen& process;
};

struct Field {
  std::string_view name;
  bool evidence;  ///< only a process start tells it
  bool path;      ///< holds a path: no value contains `*` or `?`
  std::string (*value)(const CallView&);  ///< empty: the call does not tell it
};

/// Null for a name that is no field.
const Field* find_field(std::string_view name);

}  // namespace imdswatch::triage
