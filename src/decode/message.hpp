#pragma once

#include <simdjson.h>

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "custom.hpp"
#include "fields.hpp"
#include "imdswatch/decode/event.hpp"
#include "kept_tokens.hpp"
#include "path_tree.hpp"
#include "shape_book.hpp"
#include "text_arena.hpp"
#include "walk.hpp"

namespace imdswatch {

/// Takes a message apart into events: one object, an array of objects, {"records": […]}, an array of these, or several one after the
/// other, on lines of their own or not.
/// One event's fields at a time are read and handed to its format's reader.
class MessageReader {
 public:
  /// `custom` reads what no built-in format recognises.
  /// With `explain`, rejected events tell what else they hold.
  explicit MessageReader(PathTree tree, std::optional<CustomReader> custom = std::nullopt, bool explain = false);
  MessageReader(const MessageReader&) = delete;  // walk_ refers to its neighbours
  MessageReader& operator=(const MessageReader&) = delete;

  /// `text` without blanks around it and not empty, SIMDJSON_PADDING readable bytes behind it. Appends to `out`, at least one.
  /// With `only`, an event of another format is ignored.
  void read(std::string_view text, std::optional<Format> only, std::vector<Decoded>& out);
  /// Frees the texts of what was read; memory beyond the usual goes back.
  void clear();

  [[nodiscard]] const PathTree& tree() const { return tree_; }
  /// What a shape book learns from, of the message read last.
  [[nodiscard]] std::span<const Walk::Visit> visits() const { return walk_.visits(); }
  [[nodiscard]] const SlotSet& asked() const { return asked_; }
  // Of a process start of a learned shape, where `places` say that its parts stand.
  /// Which process it is, if it fits its shape as `keep_start` tells; nothing where only reading it tells.
  static void identify(std::string_view message, Places places, const ShapeBook::Start& start, std::optional<StartIdentity>& identity);
  /// Puts all that tells of it into `kept`, unread. False if it does not fit after all, or is too long to be kept.
  bool keep_start(std::string_view message, Places places, const ShapeBook::Start& start, KeptTokens& kept);
  /// Reads what tells which process it is; and finds out, once for each shape, how to tell it without. Null if it does not fit after all.
  const Event* read_start(std::string_view message, Places places, Format format, ShapeBook::Start& start, std::vector<Decoded>& out);
  /// What `keep_start` kept.
  void read_kept(const StartShape& shape, std::string_view tokens, std::vector<Decoded>& out);

 private:
  /// What stopped reading; the events before it are out already.
  struct Stop {
    RejectReason reason;
    std::string_view detail;
  };
  using Outcome = std::optional<Stop>;

  static constexpr std::size_t message_depth = 1, element_depth = 2;  ///< of containers, each itself counted

  /// A message, or an element of one, that stands at `depth`.
  Outcome document(std::string_view text, std::size_t depth, std::vector<Decoded>& out);
  Outcome root_array(simdjson::ondemand::array array, std::vector<Decoded>& out);
  /// An object whose `records` are objects stands for these, unless it is itself an event of a known format.
  Outcome event_or_envelope(simdjson::ondemand::object object, std::size_t depth, std::vector<Decoded>& out);
  /// The list in an object at `depth`. Reads the events in it, and leaves the fields of the object around it as they were.
  Outcome records(simdjson::ondemand::value list, std::size_t depth, bool& is_envelope, std::vector<Decoded>& out);
  /// The same of one object in place of a list; it may also hold fields of the one around it, below `node`.
  Outcome one_record(simdjson::ondemand::value record, const PathTree::Node* node, std::size_t depth, std::vector<Decoded>& out);
  Outcome event(simdjson::ondemand::object object, std::size_t depth, std::vector<Decoded>& out);

  // message_parts.cpp: where a message cannot be read as one. Each tells what stopped it, or what of its text is still to be rejected.
  Outcome lines(std::string_view text, std::vector<Decoded>& out);
  /// A text that stands for itself: read whole, else taken apart.
  Outcome part(std::string_view text, std::size_t depth, std::vector<Decoded>& out);
  /// A text that failed as a whole for `why`: what can be told apart in it is read alone, the rest rejected.
  Outcome apart(std::string_view text, std::size_t depth, const Stop& why, std::vector<Decoded>& out);
  /// Documents with nothing but blanks between them.
  Outcome in_a_row(std::string_view text, std::vector<Decoded>& out);
  Outcome elements(std::string_view array, std::size_t depth, const Stop& why, std::vector<Decoded>& out);
  Outcome envelope(std::string_view object, std::size_t depth, const Stop& why, std::vector<Decoded>& out);

  // message_events.cpp: of the fields that are at hand.
  void emit(std::vector<Decoded>& out);
  void emit(Format format, std::vector<Decoded>& out);
  [[nodiscard]] Decoded read_as(Format format, const EventInput& in) const;
  void explain(Format format, Rejected& rejected);
  /// What the values of `start` mean: told by what changes in `event`, just read from `message`, when one of them does.
  void learn_meanings(std::string_view message, Places places, const Event& event, ShapeBook::Start& start);
  /// Nothing if it does not mean one thing alone. Changes `fields_`.
  [[nodiscard]] std::optional<ShapeBook::Meaning> meaning_of(const ShapeBook::StartKey& key, std::string_view token, const Fields& as_read, const Event& event);
  [[nodiscard]] Format format_of_event() const;

  /// Rejections count towards the limit as events do; else one message of `[0,0,…]` takes gigabytes.
  static Outcome stop_at_limit(const std::vector<Decoded>& out);
  static Outcome reject(const Stop& stop, std::vector<Decoded>& out);
  static Outcome not_an_object(std::size_t depth);
  static Outcome stop(WalkError error);
  static Outcome stop(simdjson::error_code error, std::string_view text);

  PathTree tree_;
  std::optional<CustomReader> custom_;
  bool explain_;
  std::deque<Event> explained_;  ///< what rejections point to
  std::optional<Format> only_;   ///< of the message at hand
  std::uint64_t numbered_starts_ = 0;  ///< shapes of which the values' meanings are known
  std::size_t unread_ = 0;       ///< parts of it that are rejected as broken
  simdjson::ondemand::parser parser_;
  SlotSet asked_;
  Fields fields_{asked_};
  TextArena arena_;
  Walk walk_{fields_, arena_};
};

/// Without a byte order mark and blanks around it.
std::string_view trimmed_json(std::string_view text);

}  // namespace imdswatch
