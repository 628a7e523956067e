#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/custom.hpp"
#include "imdswatch/decode/event.hpp"

namespace imdswatch {

struct DecodeConfig {
  std::string namespace_field = {};  ///< `host.namespace`: dotted path such as "cloud.account.id", or empty
  std::string peer_field = {};       ///< `host.peer_field`: dotted path, or empty
  CustomMapping custom = {};         ///< `custom`; takes what no other format does
  /// An event that is no connection to one of these may be taken by its looks (`glance`). None: every event is read in full.
  std::vector<IpAddress> wanted_addresses = {};
  bool explain_rejected = false;  ///< see Rejected::otherwise. For people
  bool take_by_looks = true;  ///< off: `glance` knows nothing. For comparisons
};

/// What all process starts of one kind have in common; shared by those that are kept.
struct StartShape;
std::size_t bytes_of(const StartShape& shape);

/// A process start as its message wrote it, to be read when a call asks for it.
struct KeptStart {
  std::shared_ptr<const StartShape> shape;
  std::string_view tokens;
};

/// Which process a start is of, told from the places of its shape alone.
struct StartIdentity {
  /// Hashes of all that names the host, and of the program's name and path, as it is written. Where two are equal, so is what `Decoder::read_start` tells of
  /// the host, or of the program.
  std::uint64_t written_host = 0, written_program = 0;
  std::string_view entity_id;
  std::optional<std::uint64_t> pid;
  std::optional<EventTime> started;
};

/// What the looks of a message tell of its one event, without parsing it: it is no connection to a wanted address.
struct Glance {
  enum class Kind : std::uint8_t {
    ignored,    ///< for `reason`
    elsewhere,  ///< an outgoing connection to another address
    start,      ///< of a process
  };
  Format format = Format::unknown;
  Kind kind = Kind::ignored;
  IgnoreReason reason{};
  EventTime time;
  std::optional<StartIdentity> identity = {};  ///< of a start that fits its shape (`keep_start`), where that tells it; lives as long as the message, too
};

/// Bytes of one Kafka message → its events. Not for use by two threads at once: each has its own.
class Decoder {
 public:
  explicit Decoder(DecodeConfig config = {});
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// Nothing unless an event of the same shape was decoded before, and what decided about that one is the same here; `decode` then
  /// says the same as this would, but for a start that `keep_start` or `read_start` does not find to fit. It does not see damage, nor how deep values are nested, in what
  /// it does not look at.
  /// With `only`, nothing of an event of another format. Events of the custom mapping are always read in full.
  /// Lives until the next call but `recall`, `keep_start` and `read_start`.
  const Glance* glance(std::string_view message, std::optional<Format> only = std::nullopt);

  /// All that tells of the start that `glance` told of last, while its message lives, to be kept. Null if it does not fit its shape after all, or is too long:
  /// then it is to be decoded. Lives until the next `glance`.
  const KeptStart* keep_start();

  /// Of the same, once it was kept: the event, with only what tells which process it is. Null if it does not fit its shape
  /// after all: then it is to be decoded. Lives until the next call but `recall`.
  const Event* read_start();

  /// `message` is JSON, or gzip or zlib data of such, as some shippers send it.
  /// Every event of it ends in exactly one `Decoded`; a message that cannot be read at all is one `Rejected`.
  /// Never throws on input. The span and all text in it live until the next call.
  /// With `only`, an event of another format is ignored as `other_format`.
  std::span<const Decoded> decode(std::string_view message, std::optional<Format> only = std::nullopt);

  /// The start that this decoder gave to be kept, as `decode` would have told it, but for what only describes the agent and
  /// the machine. Null if it was damaged where nobody had read it yet, and is no start by the rest. Lives, with its texts, until the next call of
  /// this, or as long as `kept.tokens`.
  const ProcessStartEvent* recall(const KeptStart& kept);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imdswatch
