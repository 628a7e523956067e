#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "handles.hpp"

namespace imdswatch::kafka {

struct Outgoing {
  const std::string& topic;
  std::int32_t partition = RD_KAFKA_PARTITION_UA;
  std::optional<std::string_view> key, value;  ///< copied; none is null, which for a value is a tombstone
  std::uint64_t number = 0;                    ///< comes back as the delivery report's opaque
  rd_kafka_headers_t* headers = nullptr;       ///< the message's own once produced
};

/// Never blocks: RD_KAFKA_RESP_ERR__QUEUE_FULL where librdkafka's queue is.
rd_kafka_resp_err_t produce(rd_kafka_t* client, const Outgoing& message);

inline std::uint64_t number_of(const rd_kafka_message_t& delivered) { return reinterpret_cast<std::uintptr_t>(delivered._private); }

}  // namespace imdswatch::kafka
