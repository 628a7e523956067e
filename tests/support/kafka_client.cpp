#include "kafka_client.hpp"

#include <stdexcept>

namespace imdswatch::testing {

Client make_client(rd_kafka_type_t type, const std::vector<std::pair<std::string, std::string>>& settings) {
  char why[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) throw std::runtime_error(why);
  }
  rd_kafka_t* client = rd_kafka_new(type, conf, why, sizeof why);
  if (!client) throw std::runtime_error(why);
  return {client, &rd_kafka_destroy};
}

void produce(const std::string& bootstrap, const std::string& topic, int partition, const std::vector<std::string>& messages) {
  const Client client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap},
                                                        {"enable.idempotence", "true"},
                                                        {"compression.codec", "lz4"},
                                                        {"linger.ms", "20"},
                                                        {"queue.buffering.max.messages", "100000"}});
  const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> to(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr),
                                                                                  &rd_kafka_topic_destroy);
  for (const std::string& message : messages) {
    while (rd_kafka_produce(to.get(), partition, RD_KAFKA_MSG_F_COPY, const_cast<char*>(message.data()), message.size(), nullptr, 0, nullptr) != 0) {
      const auto code = rd_kafka_last_error();
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error(rd_kafka_err2str(code));
      rd_kafka_poll(client.get(), 50);
    }
  }
  if (rd_kafka_flush(client.get(), 60'000) != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("messages did not reach " + topic);
}

std::vector<std::string> read_committed(const std::string& bootstrap, const std::string& topic, std::chrono::seconds at_most,
                                        const std::function<bool(const std::vector<std::string>&)>& enough) {
  const Client client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                                        {"group.id", "alert-reader"},
                                                        {"enable.auto.commit", "false"},
                                                        {"isolation.level", "read_committed"},
                                                        {"auto.offset.reset", "earliest"}});
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client.get(), list);
  rd_kafka_topic_partition_list_destroy(list);
  std::vector<std::string> out;
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (std::chrono::steady_clock::now() < until && !enough(out)) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client.get(), 200);
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) out.emplace_back(static_cast<const char*>(message->payload), message->len);
    rd_kafka_message_destroy(message);
  }
  return out;
}

}  // namespace imdswatch::testing
