#pragma once

#include <cstdint>
#include <vector>

#include "dictionary.hpp"
#include "imdswatch/model/rows.hpp"
#include "imdswatch/sieve/signature.hpp"

namespace imdswatch {

inline constexpr std::uint8_t no_user = 0xff;

/// The known parts of a signature under its name. Folder and signer are ids of the dictionary of values.
struct SignatureParts {
  std::uint32_t folder = no_id, signer = no_id;
  std::uint8_t user = no_user;
  friend bool operator==(const SignatureParts&, const SignatureParts&) = default;
  /// An id of that kind, no_id if the part is unknown; a user kind's id is its number.
  [[nodiscard]] std::uint32_t id(PartKind kind) const;
  /// Whether it has every part that `asked` knows.
  [[nodiscard]] bool has(const SignatureParts& asked) const;
  [[nodiscard]] bool complete() const { return folder != no_id && signer != no_id && user != no_user; }
};

struct KnownPart {
  PartKind kind{};
  std::uint32_t id = no_id;
  Seen seen;
  friend bool operator==(const KnownPart&, const KnownPart&) = default;
};

struct KnownSignature {
  SignatureParts parts;
  Seen seen;
  bool learned = false;
  std::uint16_t guard_buckets = 0, guard_days = 0;
  std::int32_t guard_last_day = 0;
  friend bool operator==(const KnownSignature&, const KnownSignature&) = default;
};

/// What a host has shown under one name. Parts and signatures stand in the order of their texts, unknown ones first.
struct History {
  Seen seen;
  std::vector<KnownPart> parts;
  std::vector<KnownSignature> signatures;

  void clear();
  [[nodiscard]] const KnownPart* find(PartKind kind, std::uint32_t id) const;
  KnownPart& part(PartKind kind, std::uint32_t id, const Dictionary& values);
  /// What a leaving signature counts to: itself, or, if it lacks a part and is not learned itself, the first learned one that has
  /// the parts it knows. Null if it is new.
  [[nodiscard]] KnownSignature* exact(const SignatureParts& asked);
  [[nodiscard]] KnownSignature* resolve(const SignatureParts& asked);
  KnownSignature& insert(const SignatureParts& parts, const Dictionary& values);
  /// Whether it is one learned signature, all of whose parts were seen whenever the name was: then that is all there is to keep.
  [[nodiscard]] bool plain() const;
};

/// A plain history written out.
void expand(const SignatureParts& parts, const Seen& seen, History& out);

SignatureParts intern(const Signature& signature, Dictionary& values);
/// False if a known part is in no host's history, so that nothing holds the signature.
bool look_up(const Signature& signature, const Dictionary& values, SignatureParts& out);
Signature to_signature(const std::string& name, const SignatureParts& parts, const Dictionary& values);

/// Into `out`, whatever it held, whose memory is used again.
void to_row(const History& history, const Dictionary& values, NameSeen& out);
void from_row(const NameSeen& row, Dictionary& values, History& out);
/// The text of a part's id in a row, and back.
std::string_view part_text(PartKind kind, std::uint32_t id, const Dictionary& values);
std::uint32_t part_id(PartKind kind, const std::string& text, Dictionary& values);

}  // namespace imdswatch
