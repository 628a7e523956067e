#include "inspect.hpp"

#include <cstdio>
#include <map>
#include <tuple>

#include "document_reader.hpp"
#include "imdswatch/decode/decoder.hpp"
#include "input_format.hpp"
#include "inspected.hpp"
#include "output_file.hpp"

namespace imdswatch {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

std::string json_line(const Inspected& event, const std::string& input, std::size_t line, std::size_t place) {
  Json out;
  out["format"] = to_string(event.format);
  out["kind"] = or_null(event.kind);
  out["account"] = event.account;
  out["reason"] = or_null(event.reason);
  if (!event.detail.empty()) out["detail"] = event.detail;
  out["input"] = input;
  out["line"] = line;
  out["place"] = place;
  out.update(event.fields);
  if (!event.missing.empty()) out["missing"] = event.missing;
  return dumped(out);
}

/// What a program wrote into its event must not steer the terminal, nor begin a line.
std::string printable(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto byte = static_cast<unsigned char>(text[at]);
    const auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : '\0');
    const bool c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // U+0080 to U+009F in UTF-8
    if (byte >= 0x20 && byte != 0x7f && !c1) {
      out.push_back(text[at]);
      continue;
    }
    if (c1) byte = next, ++at;
    out.append("\\u00").append(1, hex[byte >> 4]).append(1, hex[byte & 0xf]);
  }
  return out;
}

void pad(std::string& out, std::string_view text, std::size_t width) {
  out.append(text);
  out.append(text.size() < width ? width - text.size() : 1, ' ');
}

/// `process.name=curl.exe process.pid=7 …`, for one line of a terminal.
void flatten(std::string& out, const Json& json, const std::string& prefix) {
  for (const auto& [name, value] : json.items()) {
    const std::string path = prefix.empty() ? name : prefix + "." + name;
    if (value.is_object()) {
      flatten(out, value, path);
    } else {
      out.append(" ").append(path).append("=").append(dumped(value));
    }
  }
}

std::string header() {
  std::string out;
  pad(out, "LINE", 12);
  pad(out, "FORMAT", 16);
  pad(out, "KIND", 15);
  pad(out, "ACCOUNT", 10);
  pad(out, "REASON", 22);
  return out + "FOUND, and what is missing";
}

std::string table_line(const Inspected& event, std::size_t line, std::size_t place) {
  std::string out;
  pad(out, std::to_string(line) + (place > 0 ? "+" + std::to_string(place) : ""), 12);
  pad(out, to_string(event.format), 16);
  pad(out, event.kind.empty() ? "-" : event.kind, 15);
  pad(out, event.account, 10);
  pad(out, event.reason.empty() ? "-" : event.reason, 22);
  std::string found;
  flatten(found, event.fields, "");
  if (!event.detail.empty()) found.append(" ").append(event.detail);
  if (!event.missing.empty()) {
    found += "  missing:";
    for (const std::string_view name : event.missing) found.append(" ").append(name);
  }
  return out + (found.empty() ? "-" : printable(found).substr(1));
}

/// How many events ended where, and what that says about the input.
class Tally {
 public:
  void add(const Inspected& event) {
    ++counts_[{std::string(to_string(event.format)), std::string(event.account), std::string(event.reason)}];
    ++events_;
    if (event.format != Format::unknown) ++understood_;
    if (event.account == "kept" && event.kind == "connection") ++calls_;
  }

  [[nodiscard]] bool empty() const { return events_ == 0; }
  [[nodiscard]] std::string text() const {
    std::string out = std::to_string(events_) + " events, " + std::to_string(understood_) + " of a known format, " + std::to_string(calls_) +
                      " calls to the metadata service\n";
    for (const auto& [key, count] : counts_) {
      const auto& [format, account, reason] = key;
      out += "  " + std::to_string(count) + "\t" + format + ": " + account + (reason.empty() ? "" : ", " + reason) + "\n";
    }
    if (events_ == 0) return out + "There was nothing to read in the input.\n";
    if (understood_ * 2 < events_) {
      out += "Most of these events are of no known shipper. docs/formats has a page for each input: compare its field names with yours.\n"
             "Events of your own pipeline can be mapped (docs/formats/input-custom.md).\n";
    } else if (calls_ == 0) {
      out += "No call to the metadata service is among them. To see that one would be found, inspect events of a host while a program on it\n"
             "requests http://169.254.169.254/.\n";
    }
    return out;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> counts_;
  std::uint64_t events_ = 0, understood_ = 0, calls_ = 0;
};

}  // namespace

Result<void> inspect(const Config& config, const InspectOptions& options) {
  const auto only = format_of_inputs(config, options.format);
  if (!only) return only.error();
  auto out = OutputFile::open("-", stdout);
  if (!out) return std::move(out).error();
  DecodeConfig decode = config.sieve.decode;
  decode.explain_rejected = true;
  Decoder decoder(std::move(decode));
  Tally tally;
  const auto tell = [&](const std::string& input, const DocumentReader::Document& document) {
    std::size_t place = 0;
    for (const Decoded& decoded : decoder.decode(document.text, *only)) {
      const Inspected event = inspect_event(decoded, config.sieve);
      tally.add(event);
      out->write_line(options.json ? json_line(event, input, document.line, place) : table_line(event, document.line, place));
      ++place;
    }
  };
  const auto tell_all = [&](const std::string& input) -> Result<void> {
    auto lines = LineReader::open(input);
    if (!lines) return std::move(lines).error();
    DocumentReader documents(*std::move(lines));
    if (!options.json) out->write_line((options.inputs.size() > 1 ? printable(input) + "\n" : "") + header());
    for (;;) {
      const auto document = documents.next();
      if (!document) return document.error();
      if (!*document) return {};
      tell(input, **document);
    }
  };
  Result<void> outcome;
  for (const std::string& input : options.inputs)
    if (outcome) outcome = tell_all(input);
  if (auto closed = out->close(); !closed) return closed;
  if (outcome || !tally.empty()) std::fputs(tally.text().c_str(), stderr);
  return outcome;
}

}  // namespace imdswatch
