#include "imdswatch/alert/present.hpp"

#include <algorithm>
#include <cmath>

#include "explain.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t columns = 100;

/// Characters as a terminal counts them, near enough: code points.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// What events say may hold anything; a terminal gets neither control characters of it nor bytes that are not UTF-8.
std::string plain(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const std::size_t size = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xC2 && lead < 0xE0 ? 2 : 1;
    bool good = size > 1 || (lead >= 0x20 && lead < 0x7f);
    for (std::size_t k = 1; k < size; ++k) good = good && (byte(i + k) & 0xC0u) == 0x80u;
    if (lead == 0xC2 && byte(i + 1) < 0xA0) good = false;  // C1 controls
    if (good) out += text.substr(i, size);
    if (!good) out += '?';
    i += good ? size : 1;
  }
  return out;
}

/// The first `most` characters.
std::string_view head(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (starts && seen++ == most) break;
  }
  return text.substr(0, end);
}

std::string cell(std::string_view text, std::size_t size) {
  std::string out = plain(text);
  if (width(out) > size) out = std::string(head(out, size - 1)) + "\xe2\x80\xa6";
  return out + std::string(size - width(out), ' ');
}

/// Wraps at blanks; longer words are broken. The first line begins with `first`, the others with as many blanks.
std::string wrapped(const std::string& first, std::string_view text) {
  std::string out, line = first;
  const std::string indent(width(first), ' ');
  bool empty = true;
  const auto end_line = [&] {
    out += line + "\n";
    line = indent;
    empty = true;
  };
  std::string rest = plain(text);
  while (!rest.empty()) {
    std::string word = rest.substr(0, rest.find(' '));
    rest.erase(0, word.size() + 1);
    if (!empty && width(line) + 1 + width(word) > columns) end_line();
    if (!empty) line += ' ';
    while (width(line) + width(word) > columns) {
      const std::string part(head(word, columns - width(line)));
      line += part;
      word.erase(0, part.size());
      end_line();
    }
    line += word;
    empty = false;
  }
  if (!empty) out += line + "\n";
  return out;
}

std::string field(const std::string& name, const std::string& value) {
  if (value.empty()) return {};
  return wrapped("  " + name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' '), value);
}

std::string minute(EventTime time) {
  std::string out = to_iso8601(time).substr(0, 16);
  out[10] = ' ';
  return out;
}

bool of_calls(const AlertOrder& order) { return order.kind == AlertOrder::Kind::single || order.kind == AlertOrder::Kind::group; }

/// The factor that says most, shortened to what fits a line.
std::string why(const AlertOrder& order) {
  if (order.kind == AlertOrder::Kind::learning_report) {
    return "end of learning: " + words::counted(order.report.front().entries.size(), "rare caller");
  }
  if (!of_calls(order)) return words::sentence(order);
  const Finding& finding = order.findings.front();
  if (finding.reason == Finding::Reason::new_to_fleet) return "new to the whole fleet";
  const auto& factors = finding.score.factors;
  const auto most = std::max_element(factors.begin(), factors.end(), [](const Factor& a, const Factor& b) {
    return (a.known ? a.surprise : 0) < (b.known ? b.surprise : 0);
  });
  if (most == factors.end()) return {};
  const std::string sentence = words::factor_sentence(*most, finding.sighting.key.signature.name);
  const std::size_t colon = sentence.find(": ");
  const std::string said = colon == std::string::npos ? sentence : sentence.substr(colon + 2);
  return most->part == Factor::Part::name ? said : std::string(words::to_string(most->part)) + ": " + said;
}

std::string processes(const Finding& finding) {
  std::string out;
  const auto& all = finding.sighting.processes;
  for (std::size_t i = 0; i < all.size() && i < 3; ++i) {
    const Evidence& e = all[i].evidence;
    out += field(i == 0 ? "process" : "and", e.process.executable.empty() ? words::process_name(finding) : e.process.executable);
    out += field("command", words::cut(e.process.command_line, 600));
    std::string parent = e.parent.executable.empty() ? e.parent.name : e.parent.executable;
    if (!e.parent.command_line.empty()) parent += (parent.empty() ? "" : "  ") + ("[" + words::cut(e.parent.command_line, 300) + "]");
    out += field("started by", parent);
    out += field("user", words::user_name(e));
    out += field("signer", e.signer_subject);
    out += field("sha256", e.process.hash_sha256);
  }
  if (all.size() > 3) out += field("and", words::number(all.size() - 3) + " further process" + (all.size() > 4 ? "es" : ""));
  return out;
}

std::string place(const Finding& finding) {
  const HostAttributes& a = finding.sighting.attributes;
  std::string out = field("host", words::host_name(finding) + (a.ip.empty() ? "" : " (" + a.ip + ")"));
  std::string cloud = a.cloud_provider;
  for (const std::string* part : {&a.cloud_account_id, &a.cloud_instance_id, &a.cloud_region}) {
    if (!part->empty()) cloud += (cloud.empty() ? "" : ", ") + *part;
  }
  return out + field("cloud", cloud) + field("agent", a.agent_id);
}

std::string hosts(const AlertOrder& order) {
  std::string list;
  const std::size_t shown = std::min<std::size_t>(order.group_hosts_added.size(), 20);
  for (std::size_t i = 0; i < shown; ++i) list += (i == 0 ? "" : ", ") + order.group_hosts_added[i];
  if (order.group_hosts_added.size() > shown) list += " and " + words::number(order.group_hosts_added.size() - shown) + " more";
  return field("hosts", words::number(order.group_hosts_count)) + field("added", list);
}

}  // namespace

std::string table_head() {
  const std::string names = cell("TIME (UTC)", 17) + cell("HOST", 18) + cell("PROCESS", 21) + cell("SCORE", 6) + "WHY";
  return names + "\n" + std::string(columns, '-') + "\n";
}

std::string as_row(const AlertOrder& order) {
  std::string host, process, score;
  if (of_calls(order)) {
    const Finding& finding = order.findings.front();
    host = order.kind == AlertOrder::Kind::group ? words::counted(order.group_hosts_count, "host") : words::host_name(finding);
    process = words::process_name(finding);
    score = std::to_string(std::lround(finding.score.points));
  }
  const std::string reason = (order.version > 1 ? "update " + std::to_string(order.version) + "; " : "") + why(order);
  std::string out = cell(minute(of_calls(order) ? order.first_call : order.run), 17) + cell(cell(host, 17), 18) + cell(cell(process, 20), 21) +
                    cell(score, 6) + cell(reason, columns - 62);
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string as_text(const AlertOrder& order) {
  std::string out = wrapped("", words::sentence(order));
  if (!of_calls(order)) return out;
  const Finding& finding = order.findings.front();
  out += field("when", to_iso8601(order.first_call) + (order.last_call > order.first_call ? " to " + to_iso8601(order.last_call) : "") + ", " +
                           words::counted(order.calls, "call"));
  out += order.kind == AlertOrder::Kind::group ? hosts(order) : place(finding);
  out += processes(finding);
  out += "  why\n";
  for (const std::string& sentence : words::explanation(finding)) out += wrapped("    - ", sentence);
  if (order.held_by_cap) out += wrapped("    - ", "Held back by the limit of alerts a run, and told later.");
  out += "  what to do\n";
  out += wrapped("    - ", "Look at the command line and at what started the process: does anyone know it? docs/guide.md goes on step by step.");
  out += wrapped("    - ", "If not: isolate the host, revoke the sessions of its role, and look for the role's use from elsewhere.");
  return out;
}

}  // namespace imdswatch
