#include "history.hpp"

#include <algorithm>
#include <array>

namespace imdswatch {
namespace {

constexpr std::array all_kinds{PartKind::folder, PartKind::user, PartKind::signer};

bool part_less(PartKind kind, std::uint32_t a, std::uint32_t b, const Dictionary& values) {
  if (a == b || b == no_id) return false;
  if (a == no_id) return true;
  return kind == PartKind::user ? a < b : values.less(a, b);
}

// In the order of Signature.
bool signature_less(const SignatureParts& a, const SignatureParts& b, const Dictionary& values) {
  for (const PartKind kind : all_kinds) {
    if (a.id(kind) != b.id(kind)) return part_less(kind, a.id(kind), b.id(kind), values);
  }
  return false;
}

}  // namespace

std::uint32_t SignatureParts::id(PartKind kind) const {
  switch (kind) {
    case PartKind::folder: return folder;
    case PartKind::user: return user == no_user ? no_id : user;
    case PartKind::signer: return signer;
  }
  return no_id;
}

bool SignatureParts::has(const SignatureParts& asked) const {
  return std::ranges::all_of(all_kinds, [&](PartKind kind) { return asked.id(kind) == no_id || asked.id(kind) == id(kind); });
}

void History::clear() {
  seen = {};
  parts.clear();
  signatures.clear();
}

const KnownPart* History::find(PartKind kind, std::uint32_t id) const {
  const auto at = std::ranges::find_if(parts, [&](const KnownPart& part) { return part.kind == kind && part.id == id; });
  return at == parts.end() ? nullptr : &*at;
}

KnownPart& History::part(PartKind kind, std::uint32_t id, const Dictionary& values) {
  const auto before = [&](const KnownPart& part) {
    return part.kind != kind ? part.kind < kind : part_less(kind, part.id, id, values);
  };
  const auto at = std::ranges::find_if_not(parts, before);
  if (at != parts.end() && at->kind == kind && at->id == id) return *at;
  return *parts.insert(at, KnownPart{kind, id, {}});
}

KnownSignature* History::exact(const SignatureParts& asked) {
  const auto at = std::ranges::find(signatures, asked, &KnownSignature::parts);
  return at == signatures.end() ? nullptr : &*at;
}

KnownSignature* History::resolve(const SignatureParts& asked) {
  KnownSignature* same = exact(asked);
  if (asked.complete() || (same && same->learned)) return same;
  const auto covering =
      std::ranges::find_if(signatures, [&](const KnownSignature& known) { return known.learned && known.parts.has(asked); });
  return covering == signatures.end() ? same : &*covering;
}

KnownSignature& History::insert(const SignatureParts& asked, const Dictionary& values) {
  const auto at =
      std::ranges::find_if_not(signatures, [&](const KnownSignature& known) { return signature_less(known.parts, asked, values); });
  KnownSignature fresh;
  fresh.parts = asked;
  return *signatures.insert(at, fresh);
}

bool History::plain() const {
  if (signatures.size() != 1) return false;
  const KnownSignature& only = signatures.front();
  if (!only.learned || only.seen != seen || only.guard_buckets != 0) return false;
  std::size_t known = 0;
  for (const PartKind kind : all_kinds) {
    if (only.parts.id(kind) == no_id) continue;
    ++known;
    const KnownPart* part = find(kind, only.parts.id(kind));
    if (!part || part->seen != seen) return false;
  }
  return known == parts.size();
}

void expand(const SignatureParts& parts, const Seen& seen, History& out) {
  out.clear();
  out.seen = seen;
  for (const PartKind kind : all_kinds) {
    if (parts.id(kind) != no_id) out.parts.push_back({kind, parts.id(kind), seen});
  }
  KnownSignature only;
  only.parts = parts;
  only.seen = seen;
  only.learned = true;
  out.signatures.push_back(only);
}

SignatureParts intern(const Signature& signature, Dictionary& values) {
  return {.folder = signature.folder ? values.intern(*signature.folder) : no_id,
          .signer = signature.signer ? values.intern(*signature.signer) : no_id,
          .user = signature.user ? static_cast<std::uint8_t>(*signature.user) : no_user};
}

bool look_up(const Signature& signature, const Dictionary& values, SignatureParts& out) {
  out = {.folder = signature.folder ? values.find(*signature.folder) : no_id,
         .signer = signature.signer ? values.find(*signature.signer) : no_id,
         .user = signature.user ? static_cast<std::uint8_t>(*signature.user) : no_user};
  return signature.folder.has_value() == (out.folder != no_id) && signature.signer.has_value() == (out.signer != no_id);
}

Signature to_signature(const std::string& name, const SignatureParts& parts, const Dictionary& values) {
  Signature out;
  out.name = name;
  if (parts.folder != no_id) out.folder = values.text(parts.folder);
  if (parts.user != no_user) out.user = static_cast<UserKind>(parts.user);
  if (parts.signer != no_id) out.signer = values.text(parts.signer);
  return out;
}

}  // namespace imdswatch
