#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "imdswatch/base/ids.hpp"
#include "imdswatch/base/result.hpp"
#include "imdswatch/sieve/call.hpp"

namespace imdswatch {

using LogBody = std::variant<Call, Lineage, Progress>;

/// A record of the call log as it is read back.
struct LogRecord {
  Offset offset;
  WallTime append_time;  ///< the log's LogAppendTime
  LogBody body;
};

/// JSON, one object, versioned (`docs/formats/call-log.md`); at most limits::max_call_log_record_bytes.
/// The record's key is the host for Call and Lineage, and empty for Progress.
std::string encode(const LogBody& body);

/// Errc::record_malformed or Errc::format_too_new, with what is wrong. decode(encode(x)) == x.
Result<LogBody> decode_log_body(std::string_view bytes);

/// The shard of a host: stable_hash64 of its key modulo the number of shards.
Shard shard_of(const HostId& host, int shards);

}  // namespace imdswatch
