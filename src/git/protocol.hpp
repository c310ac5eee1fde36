#pragma once

#include "git/pkt_line.hpp"

#include "tiphys/base/result.hpp"
#include "tiphys/git/refs.hpp"
#include "tiphys/git/transport.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

/// git's smart protocol without any I/O (gitprotocol-v2, gitprotocol-pack, gitprotocol-http).
namespace tiphys::git {

/// Names of a server's capabilities; "unborn" is an argument of its ls-refs.
using Capabilities = std::set<std::string, std::less<>>;

/// Lower-case hexadecimal, 40 digits.
bool is_object_id(std::string_view text);

/// Reads the answer to GET info/refs?service=git-upload-pack: either version 2's capabilities or
/// version 0's list of refs, which is all that is needed then.
class AdvertisementReader {
 public:
  AdvertisementReader();
  base::Status feed(std::string_view piece);
  /// Errors: Invalid (no git answer, SHA-256), ResourceExhausted.
  base::Status finish();

  bool version2() const { return version2_; }
  const Capabilities& capabilities() const { return capabilities_; }
  /// Version 0.
  Refs take_refs();

 private:
  base::Status line(const Pkt& pkt);
  base::Status first_line(std::string_view text);
  base::Status ref_line(std::string_view text);
  base::Status capability(std::string_view text);

  PktReader reader_;
  Capabilities capabilities_;
  Refs refs_;
  std::size_t bytes_ = 0;
  bool started_ = false;
  bool version2_ = false;
  bool seen_refs_ = false;
};

/// Reads the answer to version 2's ls-refs.
class LsRefsReader {
 public:
  LsRefsReader();
  base::Status feed(std::string_view piece);
  base::Status finish();
  Refs take_refs() { return std::move(refs_); }

 private:
  base::Status line(const Pkt& pkt);

  PktReader reader_;
  Refs refs_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

/// Reads the answer to a fetch of either version and gives the pack's bytes to the sink.
class FetchReader {
 public:
  FetchReader(bool version2, BodySink pack);
  base::Status feed(std::string_view piece);
  /// Errors: Unavailable for an answer that ended early or without a pack.
  base::Status finish();

 private:
  base::Status line(const Pkt& pkt);
  base::Status band(std::string_view data);

  PktReader reader_;
  BodySink pack_;
  bool version2_;
  bool in_pack_ = false;
  bool got_bytes_ = false;
  bool ended_ = false;
};

std::string ls_refs_request(const Capabilities& server);
std::string fetch_request_v2(std::span<const std::string> wants, std::span<const std::string> haves,
                             const Capabilities& server);
std::string fetch_request_v0(std::span<const std::string> wants, std::span<const std::string> haves,
                             const Capabilities& server);

}  // namespace tiphys::git
