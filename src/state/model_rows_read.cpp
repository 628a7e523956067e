#include <algorithm>
#include <cmath>
#include <limits>

#include "imdswatch/base/bytes.hpp"
#include "imdswatch/state/model_rows.hpp"
#include "model_rows_format.hpp"

namespace imdswatch {
namespace {

/// Reads within a payload; what is out of range or out of order makes the whole row malformed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}
  [[nodiscard]] bool done() const { return good_ && in_.done(); }

  std::uint8_t byte() { return in_.u8(); }
  std::string text() { return std::string(in_.text()); }
  bool flag() { return number<std::uint8_t>(in_.u8(), 1) == 1; }
  template <class Int>
  Int unsigned_number() {
    return number<Int>(in_.varint(), std::numeric_limits<Int>::max());
  }
  std::int32_t signed_number() {
    const std::int64_t value = in_.zigzag();
    require(value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max());
    return static_cast<std::int32_t>(value);
  }
  EventTime time() { return event_time_us(in_.zigzag()); }
  Seen seen() {
    Seen out;
    out.count = in_.f32();
    out.last_minute = signed_number();
    require(std::isfinite(out.count) && out.count >= 0);
    return out;
  }
  Votes votes() {
    Votes out;
    out.sum = in_.f64();
    out.day = signed_number();
    out.hosts = unsigned_number<std::uint32_t>();
    out.since = time();
    require(std::isfinite(out.sum) && out.sum >= 0 && out.hosts > 0);
    return out;
  }
  PartKind kind() { return static_cast<PartKind>(number<std::uint8_t>(in_.u8(), part_kinds - 1)); }
  std::string part_value(PartKind kind) {
    std::string out = text();
    UserKind user{};
    if (kind == PartKind::user) require(parse_user_kind(out, user));
    return out;
  }
  std::optional<std::string> optional_text() { return flag() ? std::optional(text()) : std::nullopt; }
  std::optional<UserKind> optional_user() {
    if (!flag()) return std::nullopt;
    UserKind user{};
    require(parse_user_kind(text(), user));
    return user;
  }
  /// How many elements follow; each takes at least a byte.
  std::size_t size() {
    const std::uint64_t value = in_.varint();
    require(value <= in_.remaining());
    return good_ && in_.ok() ? static_cast<std::size_t>(value) : 0;
  }
  void require(bool holds) { good_ = good_ && holds; }

 private:
  template <class Int>
  Int number(std::uint64_t value, std::uint64_t most) {
    require(value <= most);
    return static_cast<Int>(std::min(value, most));
  }
  ByteReader in_;
  bool good_ = true;
};

HostHeader read_header(Reader& in) {
  HostHeader out;
  out.first_minute = in.signed_number();
  out.vote_day = in.signed_number();
  out.buckets = in.unsigned_number<std::uint32_t>();
  out.windows = in.seen();
  out.group = in.text();
  return out;
}

SignatureSeen read_signature(Reader& in) {
  SignatureSeen out;
  out.folder = in.optional_text();
  out.user = in.optional_user();
  out.signer = in.optional_text();
  out.seen = in.seen();
  out.learned = in.flag();
  out.guard_buckets = in.unsigned_number<std::uint16_t>();
  out.guard_days = in.unsigned_number<std::uint16_t>();
  out.guard_last_day = in.signed_number();
  return out;
}

NameSeen read_name_seen(Reader& in) {
  NameSeen out;
  out.seen = in.seen();
  const std::size_t parts = in.size();
  for (std::size_t i = 0; i < parts; ++i) {
    PartSeen part;
    part.kind = in.kind();
    part.value = in.part_value(part.kind);
    part.seen = in.seen();
    out.parts.push_back(std::move(part));
  }
  const std::size_t signatures = in.size();
  for (std::size_t i = 0; i < signatures; ++i) out.signatures.push_back(read_signature(in));
  in.require(!out.signatures.empty() || !out.parts.empty());
  return out;
}

LearningRow read_learning(Reader& in) {
  LearningRow out;
  if (in.flag()) out.first_call = in.time();
  out.report_made = in.flag();
  out.swept_day = in.signed_number();
  return out;
}

Error malformed(const std::string& why) {
  return Error{Errc::record_malformed, "state row of the model: " + why + "; " + state_remedy};
}

template <class Row, class Read>
Result<ModelRow> with_value(Row row, const StateRow& state, Read&& read) {
  if (!state.value) return ModelRow{std::move(row)};
  const Result<OpenedRow> opened = open(state.key, *state.value, model_rows_version);
  if (!opened) return opened.error();
  Reader in(opened->payload);
  row.value = read(in);
  if (opened->version == 0 || !in.done()) return malformed("its value is not one");
  return ModelRow{std::move(row)};
}

Result<ModelRow> decode_learning(const StateRow& state) {
  if (!state.value) return malformed("the learning row has no tombstone");
  const Result<OpenedRow> opened = open(state.key, *state.value, model_rows_version);
  if (!opened) return opened.error();
  Reader in(opened->payload);
  LearningRow row = read_learning(in);
  if (opened->version == 0 || !in.done()) return malformed("its value is not one");
  return ModelRow{row};
}

bool is_known(ModelTable table) {
  switch (table) {
    case ModelTable::host:
    case ModelTable::host_name:
    case ModelTable::fleet_name:
    case ModelTable::fleet_part:
    case ModelTable::peer_name:
    case ModelTable::learning: return true;
  }
  return false;
}

}  // namespace

Result<ModelRow> decode_model_row(const StateRow& state) {
  const auto read_votes = [](Reader& in) { return in.votes(); };
  Reader key(state.key);
  const bool ours = key.byte() == static_cast<std::uint8_t>(Table::model);
  const auto table = static_cast<ModelTable>(key.byte());
  if (ours && state.key.size() > 1 && !is_known(table)) return unknown_table(state.key);
  const std::string first = table == ModelTable::learning ? std::string() : key.text();
  const PartKind kind = table == ModelTable::fleet_part ? key.kind() : PartKind{};
  std::string second;
  if (table == ModelTable::host_name || table == ModelTable::peer_name) second = key.text();
  if (table == ModelTable::fleet_part) second = key.part_value(kind);
  if (!ours || !key.done()) return malformed("its key is not one");
  switch (table) {
    case ModelTable::host: return with_value(HostRow{.host = HostId{first}, .value = {}}, state, read_header);
    case ModelTable::host_name:
      return with_value(HostNameRow{.host = HostId{first}, .name = second, .value = {}}, state, read_name_seen);
    case ModelTable::fleet_name: return with_value(FleetNameRow{.name = first, .value = {}}, state, read_votes);
    case ModelTable::fleet_part:
      return with_value(FleetPartRow{.name = first, .kind = kind, .part = second, .value = {}}, state, read_votes);
    case ModelTable::peer_name:
      if (first.empty()) return malformed("it names no group");
      return with_value(PeerNameRow{.group = first, .name = second, .value = {}}, state, read_votes);
    case ModelTable::learning: return decode_learning(state);
  }
  return malformed("its key is not one");
}

}  // namespace imdswatch
