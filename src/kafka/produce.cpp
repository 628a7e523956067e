#include "produce.hpp"

#include <array>

namespace imdswatch::kafka {

rd_kafka_resp_err_t produce(rd_kafka_t* client, const Outgoing& message) {
  std::array<rd_kafka_vu_t, 7> args{};
  std::size_t count = 0;
  const auto next = [&](rd_kafka_vtype_t type) -> auto& {
    args[count].vtype = type;
    return args[count++].u;
  };
  // The interface takes mutable pointers, but with RD_KAFKA_MSG_F_COPY it only reads.
  const auto memory = [](std::optional<std::string_view> text, auto& into) {
    static char empty = 0;
    into.mem.ptr = !text ? nullptr : text->empty() ? &empty : const_cast<char*>(text->data());
    into.mem.size = text ? text->size() : 0;
  };
  next(RD_KAFKA_VTYPE_TOPIC).cstr = message.topic.c_str();
  next(RD_KAFKA_VTYPE_PARTITION).i32 = message.partition;
  next(RD_KAFKA_VTYPE_MSGFLAGS).i = RD_KAFKA_MSG_F_COPY;
  memory(message.key, next(RD_KAFKA_VTYPE_KEY));
  memory(message.value, next(RD_KAFKA_VTYPE_VALUE));
  next(RD_KAFKA_VTYPE_OPAQUE).ptr = reinterpret_cast<void*>(static_cast<std::uintptr_t>(message.number));
  if (message.headers != nullptr) next(RD_KAFKA_VTYPE_HEADERS).headers = message.headers;
  const ErrorHandle error{rd_kafka_produceva(client, args.data(), count)};
  return error ? rd_kafka_error_code(error.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace imdswatch::kafka
