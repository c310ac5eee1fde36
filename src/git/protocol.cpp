#include "git/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace tiphys::git {
namespace {

using base::Code;
using base::Error;

/// A listing of a million refs is about 70 MB; more is an attack or a mistake.
constexpr std::size_t kMaxListing = std::size_t{96} << 20;

base::Status count_bytes(std::size_t& total, std::string_view piece) {
  total += piece.size();
  if (total <= kMaxListing) return {};
  return Error(Code::ResourceExhausted, "the list of refs is longer than 96 MiB");
}

/// Messages of a server are shown to users: one line, printable, short.
std::string clean_message(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 300))
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

Error server_error(std::string_view text) {
  return {Code::Unavailable, "the git server says: " + clean_message(text)};
}

bool wanted_ref(std::string_view name) {
  return name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
}

bool valid_ref_name(std::string_view name) {
  return name.size() < 1024 && name.find("..") == std::string_view::npos &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

base::Status check_object_format(std::string_view format) {
  if (format == "sha1") return {};
  return Error(Code::Unimplemented,
               "not supported: repositories with object format " + clean_message(format));
}

std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

std::string agent(const Capabilities& server) {
  return server.contains("agent") ? pkt("agent=tiphys/" TIPHYS_VERSION) : std::string();
}

std::string_view next_word(std::string_view& text) {
  const auto blank = text.find(' ');
  const std::string_view word = text.substr(0, blank);
  text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  return word;
}

}  // namespace

bool is_object_id(std::string_view text) {
  return text.size() == 40 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

AdvertisementReader::AdvertisementReader() : reader_([this](const Pkt& p) { return line(p); }) {}

base::Status AdvertisementReader::feed(std::string_view piece) {
  TRY(count_bytes(bytes_, piece));
  return reader_.feed(piece);
}

base::Status AdvertisementReader::finish() {
  TRY(reader_.finish());
  if (!started_) return Error(Code::Invalid, "the server's answer isn't git's protocol (empty)");
  return {};
}

base::Status AdvertisementReader::line(const Pkt& pkt) {
  if (pkt.kind != PktKind::data) return {};
  const std::string_view text = chomp(pkt.data);
  if (const auto message = after(text, "ERR ")) return server_error(*message);
  if (text.starts_with("# service=")) return {};
  if (!std::exchange(started_, true)) return first_line(text);
  return version2_ ? capability(text) : ref_line(text);
}

base::Status AdvertisementReader::first_line(std::string_view text) {
  if (text == "version 2") {
    version2_ = true;
    return {};
  }
  if (text == "version 1") {
    started_ = false;
    return {};
  }
  return ref_line(text);
}

base::Status AdvertisementReader::capability(std::string_view text) {
  if (const auto format = after(text, "object-format=")) TRY(check_object_format(*format));
  const auto equals = text.find('=');
  capabilities_.emplace(text.substr(0, equals));
  if (equals != std::string_view::npos && text.substr(0, equals) == "ls-refs" &&
      text.substr(equals).find("unborn") != std::string_view::npos)
    capabilities_.emplace("unborn");
  return {};
}

base::Status AdvertisementReader::ref_line(std::string_view text) {
  if (!std::exchange(seen_refs_, true)) {
    const auto nul = text.find('\0');
    std::string_view rest = nul == std::string_view::npos ? "" : text.substr(nul + 1);
    text = text.substr(0, nul);
    while (!rest.empty()) {
      const std::string_view word = next_word(rest);
      if (const auto target = after(word, "symref=HEAD:")) refs_.head_target = *target;
      if (const auto format = after(word, "object-format=")) TRY(check_object_format(*format));
      capabilities_.emplace(word.substr(0, word.find('=')));
    }
  }
  if (text.starts_with("shallow ")) return {};
  const std::string_view id = next_word(text);
  if (!is_object_id(id))
    return Error(Code::Invalid, "the server's answer isn't git's protocol (bad ref line)");
  if (text == "capabilities^{}") return {};
  if (text == "HEAD") refs_.head = id;
  if (text.ends_with("^{}")) {
    text.remove_suffix(3);
    if (!refs_.list.empty() && refs_.list.back().name == text) refs_.list.back().peeled = id;
  } else if (wanted_ref(text) && valid_ref_name(text)) {
    refs_.list.push_back({std::string(text), std::string(id), ""});
  }
  return {};
}

Refs AdvertisementReader::take_refs() { return std::move(refs_); }

LsRefsReader::LsRefsReader() : reader_([this](const Pkt& p) { return line(p); }) {}

base::Status LsRefsReader::feed(std::string_view piece) {
  TRY(count_bytes(bytes_, piece));
  return reader_.feed(piece);
}

base::Status LsRefsReader::finish() {
  TRY(reader_.finish());
  if (!ended_) return Error(Code::Unavailable, "the server's list of refs ended early");
  return {};
}

base::Status LsRefsReader::line(const Pkt& pkt) {
  if (pkt.kind == PktKind::flush) ended_ = true;
  if (pkt.kind != PktKind::data) return {};
  std::string_view text = chomp(pkt.data);
  if (const auto message = after(text, "ERR ")) return server_error(*message);
  const std::string_view id = next_word(text);
  const std::string_view name = next_word(text);
  if ((!is_object_id(id) && id != "unborn") || name.empty())
    return Error(Code::Invalid, "the server's answer isn't git's protocol (bad ref line)");
  Ref ref{std::string(name), std::string(id), ""};
  while (!text.empty()) {
    const std::string_view attribute = next_word(text);
    if (const auto peeled = after(attribute, "peeled:"); peeled && is_object_id(*peeled))
      ref.peeled = *peeled;
    const auto target = after(attribute, "symref-target:");
    if (target && name == "HEAD") refs_.head_target = *target;
  }
  if (id == "unborn") return {};
  if (name == "HEAD") {
    refs_.head = ref.commit();
  } else if (wanted_ref(name) && valid_ref_name(name)) {
    refs_.list.push_back(std::move(ref));
  }
  return {};
}

FetchReader::FetchReader(bool version2, BodySink pack)
    : reader_([this](const Pkt& p) { return line(p); }),
      pack_(std::move(pack)),
      version2_(version2) {}

base::Status FetchReader::feed(std::string_view piece) { return reader_.feed(piece); }

base::Status FetchReader::finish() {
  TRY(reader_.finish());
  if (!ended_ || !got_bytes_)
    return Error(Code::Unavailable, "the pack ended early: the server closed the connection");
  return {};
}

base::Status FetchReader::line(const Pkt& pkt) {
  if (pkt.kind == PktKind::flush) ended_ = true;
  if (pkt.kind != PktKind::data) return {};
  if (in_pack_) return band(pkt.data);
  const std::string_view text = chomp(pkt.data);
  if (const auto message = after(text, "ERR ")) return server_error(*message);
  if (version2_) {
    in_pack_ = text == "packfile";
    return {};
  }
  if (text == "NAK" || text.starts_with("ACK ") || text.starts_with("shallow ")) return {};
  in_pack_ = true;
  return band(pkt.data);
}

base::Status FetchReader::band(std::string_view data) {
  if (data.empty()) return {};
  const char number = data.front();
  data.remove_prefix(1);
  if (number == 2) return {};
  if (number == 3) return server_error(data);
  if (number != 1)
    return Error(Code::Invalid, "the server's answer isn't git's protocol (unknown side band)");
  if (data.empty()) return {};
  got_bytes_ = true;
  return pack_(data);
}

std::string ls_refs_request(const Capabilities& server) {
  std::string out = pkt("command=ls-refs\n") + agent(server) + std::string(kDelimiterPkt) +
                    pkt("peel\n") + pkt("symrefs\n");
  if (server.contains("unborn")) out += pkt("unborn\n");
  out +=
      pkt("ref-prefix HEAD\n") + pkt("ref-prefix refs/heads/\n") + pkt("ref-prefix refs/tags/\n");
  return out.append(kFlushPkt);
}

std::string fetch_request_v2(std::span<const std::string> wants, std::span<const std::string> haves,
                             const Capabilities& server) {
  std::string out =
      pkt("command=fetch\n") + agent(server) + std::string(kDelimiterPkt) + pkt("ofs-delta\n");
  for (const auto& want : wants) out += pkt(fmt::format("want {}\n", want));
  for (const auto& have : haves) out += pkt(fmt::format("have {}\n", have));
  return out.append(pkt("done\n")).append(kFlushPkt);
}

std::string fetch_request_v0(std::span<const std::string> wants, std::span<const std::string> haves,
                             const Capabilities& server) {
  std::string features = " side-band-64k";
  if (server.contains("ofs-delta")) features += " ofs-delta";
  if (server.contains("agent")) features += " agent=tiphys/" TIPHYS_VERSION;
  std::string out;
  for (const auto& want : wants)
    out += pkt(fmt::format("want {}{}\n", want, std::exchange(features, std::string())));
  out.append(kFlushPkt);
  for (const auto& have : haves) out += pkt(fmt::format("have {}\n", have));
  return out.append(pkt("done\n"));
}

}  // namespace tiphys::git
