#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "imdswatch/base/result.hpp"

/// librdkafka's handles, owned at birth.
namespace imdswatch::kafka {

template <auto Destroy>
struct Destroyer {
  template <class T>
  void operator()(T* handle) const {
    Destroy(handle);
  }
};

using ConfHandle = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;
using KafkaHandle = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;
using ListHandle = std::unique_ptr<rd_kafka_topic_partition_list_t, Destroyer<rd_kafka_topic_partition_list_destroy>>;
using MessageHandle = std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;
using ErrorHandle = std::unique_ptr<rd_kafka_error_t, Destroyer<rd_kafka_error_destroy>>;
using HeadersHandle = std::unique_ptr<rd_kafka_headers_t, Destroyer<rd_kafka_headers_destroy>>;
using GroupMetadataHandle = std::unique_ptr<rd_kafka_consumer_group_metadata_t, Destroyer<rd_kafka_consumer_group_metadata_destroy>>;
using AdminOptionsHandle = std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;
using NewTopicHandle = std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_destroy>>;
using ConfigResourceHandle = std::unique_ptr<rd_kafka_ConfigResource_t, Destroyer<rd_kafka_ConfigResource_destroy>>;
using AclBindingHandle = std::unique_ptr<rd_kafka_AclBinding_t, Destroyer<rd_kafka_AclBinding_destroy>>;
using TopicCollectionHandle = std::unique_ptr<rd_kafka_TopicCollection_t, Destroyer<rd_kafka_TopicCollection_destroy>>;

inline ListHandle make_list(int size) { return ListHandle{rd_kafka_topic_partition_list_new(size)}; }

/// The brokers refuse it to this user: until someone grants it, trying again does not help.
inline bool is_denied(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
         code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
}
/// "Local: Timed out: text", for the person, and what to do where only one thing helps.
inline std::string describe(rd_kafka_resp_err_t code, const char* text) {
  std::string out = std::string{rd_kafka_err2name(code)} + ": " + text;
  if (is_denied(code)) out += ": grant this user what docs/operations.md lists under Permissions";
  if (code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID) out += ": give each process a kafka.instance_id of its own";
  return out;
}
inline std::string describe(rd_kafka_resp_err_t code) { return describe(code, rd_kafka_err2str(code)); }
inline std::string describe(const ErrorHandle& error) {
  return describe(rd_kafka_error_code(error.get()), rd_kafka_error_string(error.get()));
}
inline std::string describe(const rd_kafka_message_t& error) { return describe(error.err, rd_kafka_message_errstr(&error)); }

/// Whether trying again can help, by the code alone.
inline Errc errc_of(rd_kafka_resp_err_t code) {
  if (is_denied(code)) return Errc::kafka_fatal;
  switch (static_cast<int>(code)) {
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
      return Errc::fenced;
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
      return Errc::kafka_fatal;
    default:
      return Errc::kafka_unavailable;
  }
}

}  // namespace imdswatch::kafka
