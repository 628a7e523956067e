#include "history.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch {

namespace {

void set_text(std::optional<std::string>& out, std::uint32_t id, const Dictionary& values) {
  if (id == no_id) {
    out.reset();
  } else {
    out = values.text(id);
  }
}

}  // namespace

std::string_view part_text(PartKind kind, std::uint32_t id, const Dictionary& values) {
  return kind == PartKind::user ? to_string(static_cast<UserKind>(id)) : std::string_view(values.text(id));
}

std::uint32_t part_id(PartKind kind, const std::string& text, Dictionary& values) {
  if (kind != PartKind::user) return values.intern(text);
  UserKind user{};
  IMDS_CHECK(parse_user_kind(text, user));  // decode_model_row refuses others
  return static_cast<std::uint32_t>(user);
}

void to_row(const History& history, const Dictionary& values, NameSeen& out) {
  out.seen = history.seen;
  out.parts.resize(history.parts.size());
  for (std::size_t i = 0; i < history.parts.size(); ++i) {
    const KnownPart& part = history.parts[i];
    out.parts[i].kind = part.kind;
    out.parts[i].value = part_text(part.kind, part.id, values);
    out.parts[i].seen = part.seen;
  }
  out.signatures.resize(history.signatures.size());
  for (std::size_t i = 0; i < history.signatures.size(); ++i) {
    const KnownSignature& known = history.signatures[i];
    SignatureSeen& row = out.signatures[i];
    set_text(row.folder, known.parts.folder, values);
    row.user.reset();
    if (known.parts.user != no_user) row.user = static_cast<UserKind>(known.parts.user);
    set_text(row.signer, known.parts.signer, values);
    row.seen = known.seen;
    row.learned = known.learned;
    row.guard_buckets = known.guard_buckets;
    row.guard_days = known.guard_days;
    row.guard_last_day = known.guard_last_day;
  }
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
