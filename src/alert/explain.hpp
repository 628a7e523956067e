#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/triage/order.hpp"

/// What an alert says in words: its one sentence and its explanation. No JSON here; documents and terminal output share it.
namespace imdswatch::words {

/// The alert in one sentence.
std::string sentence(const AlertOrder& order);
/// Why a finding is unusual: one sentence for each factor, then what qualifies them.
std::vector<std::string> explanation(const Finding& finding);
std::string factor_sentence(const Factor& factor, const std::string& process_name);
/// "about once in 120 days (an estimate)", "less than once in 10 years (an estimate)".
std::string interval(std::optional<double> days);

std::string_view to_string(Factor::Part part);
std::string_view to_string(AlertOrder::Kind kind);
/// 1234567 → "1,234,567".
std::string number(std::uint64_t value);
/// "1 call", "2,310 windows".
std::string counted(std::uint64_t value, const std::string& singular);
/// "2026-03-01"
std::string date(EventTime time);
/// At most `max_bytes`, cut at a UTF-8 boundary and marked with an ellipsis.
std::string cut(std::string_view text, std::size_t max_bytes);

/// The process as people would name it: as the event wrote it if known, else from the signature.
std::string process_name(const Finding& finding);
std::string host_name(const Finding& finding);
/// "DOMAIN\name", the name, or the id; empty if nothing is known.
std::string user_name(const Evidence& evidence);

}  // namespace imdswatch::words
