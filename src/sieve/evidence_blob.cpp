#include "evidence_blob.hpp"

#include "imdswatch/base/bytes.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {

constexpr std::uint8_t unknown = 2;

void put(ByteWriter& out, const ProcessDetails& process) {
  for (const std::string* text : {&process.name, &process.executable, &process.entity_id, &process.command_line,
                                  &process.hash_sha256, &process.hash_sha1, &process.hash_md5}) {
    out.text(*text);
  }
  out.u8(process.pid ? 1 : 0);
  if (process.pid) out.varint(*process.pid);
}

void get(ByteReader& in, ProcessDetails& process) {
  for (std::string* text : {&process.name, &process.executable, &process.entity_id, &process.command_line, &process.hash_sha256,
                            &process.hash_sha1, &process.hash_md5}) {
    *text = in.text();
  }
  if (in.u8() == 1) process.pid = in.varint();
}

}  // namespace

std::string pack(const Evidence& evidence) {
  ByteWriter out;
  put(out, evidence.process);
  put(out, evidence.parent);
  for (const std::string* text : {&evidence.user_name, &evidence.user_domain, &evidence.user_id, &evidence.signer_subject}) {
    out.text(*text);
  }
  out.u8(evidence.signature_trusted ? static_cast<std::uint8_t>(*evidence.signature_trusted) : unknown);
  return std::string{out.bytes()};  // a copy of just the size
}

Evidence unpack(std::string_view blob) {
  ByteReader in{blob};
  Evidence out;
  get(in, out.process);
  get(in, out.parent);
  for (std::string* text : {&out.user_name, &out.user_domain, &out.user_id, &out.signer_subject}) *text = in.text();
  if (const std::uint8_t trusted = in.u8(); trusted != unknown) out.signature_trusted = trusted == 1;
  IMDS_CHECK(in.done());
  return out;
}

}  // namespace imdswatch
