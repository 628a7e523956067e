#include "imdswatch/sieve/signature.hpp"

#include "imdswatch/base/limits.hpp"
#include "text.hpp"

namespace imdswatch {
namespace {

template <class Part>
bool part_agrees(const std::optional<Part>& a, const std::optional<Part>& b) {
  return !a || !b || *a == *b;
}

}  // namespace

bool agrees(const Signature& a, const Signature& b) {
  return a.name == b.name && part_agrees(a.folder, b.folder) && part_agrees(a.user, b.user) && part_agrees(a.signer, b.signer);
}

std::optional<std::string> normalise_signer(const CodeSignature& signature) {
  if (signature.exists && !*signature.exists) return "unsigned";
  if (signature.trusted == false || signature.valid == false) return "untrusted";
  if (!signature.trusted) return std::nullopt;  // a subject alone proves nothing
  std::string subject = fold_case(cut_utf8(trim(signature.subject), limits::max_field_bytes));
  if (subject.empty()) return std::nullopt;
  return subject;
}

Signature make_signature(const ConnectionEvent& connection) {
  const ProcessFields& process = connection.process;
  Signature out;
  out.name = normalise_name(process.name.empty() ? process.executable : process.name);
  if (out.name.empty()) out.name = "?";  // the decoder refuses events without any name
  if (process.executable.find_first_of("\\/") != std::string_view::npos) {
    out.folder = normalise_folder(process.executable);
  } else if (out.name == "system") {
    out.folder = "";  // the kernel has no file
  }
  if (connection.user.known()) out.user = user_kind(connection.user);
  if (process.signature.known()) out.signer = normalise_signer(process.signature);
  return out;
}

}  // namespace imdswatch
