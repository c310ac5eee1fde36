// Any bytes as a git server's answers: what comes in pieces is read as what comes whole.
#include "fuzz/fuzz.hpp"
#include "git/protocol.hpp"

#include <algorithm>
#include <string>

using tiphys::fuzz::check;

namespace {

template <class Reader>
bool feed(Reader& reader, std::string_view bytes, std::size_t piece) {
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece);
    if (!reader.feed(part).ok()) return false;
    bytes.remove_prefix(part.size());
  }
  return reader.finish().ok();
}

std::string fetch(std::string_view bytes, bool version2, std::size_t piece, bool& ok) {
  std::string pack;
  tiphys::git::FetchReader reader(version2, [&pack](std::string_view part) {
    pack += part;
    return tiphys::base::Status();
  });
  ok = feed(reader, bytes, piece);
  return pack;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 16;
  const std::string_view bytes = tiphys::fuzz::text_of(data + 1, size - 1);
  tiphys::git::AdvertisementReader whole;
  tiphys::git::AdvertisementReader pieces;
  const bool ok = feed(whole, bytes, size);
  check(feed(pieces, bytes, piece) == ok, "an advertisement in pieces");
  if (ok) check(whole.take_refs() == pieces.take_refs(), "its refs in pieces");
  tiphys::git::LsRefsReader list;
  tiphys::git::LsRefsReader list_pieces;
  const bool listed = feed(list, bytes, size);
  check(feed(list_pieces, bytes, piece) == listed, "ls-refs in pieces");
  if (listed) check(list.take_refs() == list_pieces.take_refs(), "its refs in pieces");
  for (const bool version2 : {false, true}) {
    bool fetched = false;
    bool in_pieces = false;
    const std::string pack = fetch(bytes, version2, size, fetched);
    const std::string same = fetch(bytes, version2, piece, in_pieces);
    check(fetched == in_pieces && (!fetched || pack == same), "a pack in pieces");
  }
  return 0;
}
