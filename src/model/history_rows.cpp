#include "history.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch {

std::string part_text(PartKind kind, std::uint32_t id, const Dictionary& values) {
  return kind == PartKind::user ? std::string(to_string(static_cast<UserKind>(id))) : values.text(id);
}

std::uint32_t part_id(PartKind kind, const std::string& text, Dictionary& values) {
  if (kind != PartKind::user) return values.intern(text);
  UserKind user{};
  IMDS_CHECK(parse_user_kind(text, user));  // decode_model_row refuses others
  return static_cast<std::uint32_t>(user);
}

NameSeen to_row(const History& history, const Dictionary& values) {
  NameSeen out;
  out.seen = history.seen;
  for (const KnownPart& part : history.parts) out.parts.push_back({part.kind, part_text(part.kind, part.id, values), part.seen});
  for (const KnownSignature& known : history.signatures) {
    const Signature texts = to_signature({}, known.parts, values);
    out.signatures.push_back({.folder = texts.folder,
                              .user = texts.user,
                              .signer = texts.signer,
                              .seen = known.seen,
                              .learned = known.learned,
                              .guard_buckets = known.guard_buckets,
                              .guard_days = known.guard_days,
                              .guard_last_day = known.guard_last_day});
  }
  return out;
}

void from_row(const NameSeen& row, Dictionary& values, History& out) {
  out.clear();
  out.seen = row.seen;
  for (const PartSeen& part : row.parts) out.part(part.kind, part_id(part.kind, part.value, values), values).seen = part.seen;
  for (const SignatureSeen& signature : row.signatures) {
    const Signature texts{.name = {}, .folder = signature.folder, .user = signature.user, .signer = signature.signer};
    KnownSignature& known = out.insert(intern(texts, values), values);
    known.seen = signature.seen;
    known.learned = signature.learned;
    known.guard_buckets = signature.guard_buckets;
    known.guard_days = signature.guard_days;
    known.guard_last_day = signature.guard_last_day;
  }
}

}  // namespace imdswatch
