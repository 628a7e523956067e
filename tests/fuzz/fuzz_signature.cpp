#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "imdswatch/base/check.hpp"
#include "imdswatch/base/limits.hpp"
#include "imdswatch/sieve/signature.hpp"

/// The input is lines: name, executable, user, domain, SID, signer. A name is never empty, nothing exceeds its limit, and what
/// is normalised once stays as it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdswatch;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  const auto line = [&rest] {
    const std::string_view out = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(out.size() < rest.size() ? out.size() + 1 : rest.size());
    return out;
  };
  ConnectionEvent event;
  event.process.name = line();
  event.process.executable = line();
  event.user.name = line();
  event.user.domain = line();
  event.user.id = line();
  event.process.signature.subject = line();
  event.process.signature.trusted = true;

  const Signature signature = make_signature(event);
  IMDS_CHECK(!signature.name.empty() && signature.name.size() <= limits::max_name_bytes);
  IMDS_CHECK(agrees(signature, signature));
  if (signature.name.size() + 4 < limits::max_name_bytes) IMDS_CHECK(normalise_name(signature.name) == signature.name);
  if (!signature.folder || signature.folder->empty()) return 0;
  IMDS_CHECK(signature.folder->back() == '\\');
  const bool drive = signature.folder->size() > 2 && (*signature.folder)[1] == ':';
  if (drive && event.process.executable.size() < limits::max_field_bytes) {
    IMDS_CHECK(normalise_folder(*signature.folder + "x.exe") == *signature.folder);
  }
  return 0;
}
