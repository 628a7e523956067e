#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "imdswatch/base/bytes.hpp"
#include "imdswatch/base/result.hpp"

namespace imdswatch {

/// A record of the compacted state topic; no value is a tombstone.
struct StateRow {
  std::string key;
  std::optional<std::string> value;
  friend bool operator==(const StateRow&, const StateRow&) = default;
};

/// What to do where a row can't be read; the end of such messages.
inline constexpr const char* state_remedy = "restore the state topic from a backup, or begin anew with a kafka.prefix and topics of its own";

/// The first byte of a key. Values never change; a retired one is not used again.
enum class Table : char {
  position = 'p',
  sighting = 's',
  mark = 'o',
  source = 'c',
  time = 'w',
  model = 'm',   ///< the second byte names the model's table
  triage = 't',  ///< the second byte names triage's table
  topics = 'k',  ///< of whoever keeps the rows (src/kafka/shard_topics.hpp), nothing of the detector's
};

/// Frames a payload: format version, payload, and XXH64 over key, version and payload (docs/formats/state.md).
std::string seal(std::string_view key, std::uint8_t version, std::string_view payload);

/// Writes rows one after the other, into memory that it uses again: only a finished row takes memory of its own.
class RowWriter {
 public:
  /// Begins a row; its key is to be written.
  ByteWriter& key();
  /// The key is complete; the payload is to be written.
  ByteWriter& value(std::uint8_t version);
  /// Framed as by `seal`.
  StateRow sealed() const;
  StateRow tombstone() const { return {key_.bytes(), std::nullopt}; }

 private:
  ByteWriter key_;
  ByteWriter covered_;  ///< by the checksum: the key with its length, then what `seal` frames
  std::size_t framed_at_ = 0;
};

struct OpenedRow {
  std::uint8_t version = 0;
  std::string_view payload;  ///< within the sealed bytes
};
/// Errc::record_malformed if the checksum does not hold, Errc::format_too_new if `version` is above `newest`.
Result<OpenedRow> open(std::string_view key, std::string_view sealed, std::uint8_t newest);

/// Errc::format_too_new: the key names a table that this program does not know. Old bytes are never used again, so a newer one wrote it.
Error unknown_table(std::string_view key);

}  // namespace imdswatch
