// Any bytes, as they are and as the tar inside of a .tgz, are unpacked and loaded or refused.
#include "fuzz/fuzz.hpp"

#include "tiphys/helm/chart.hpp"
#include "tiphys/helm/render.hpp"

#include <zlib.h>

#include <string>

using tiphys::fuzz::check;
using tiphys::helm::Profile;

namespace {

/// A gzip member whose deflate blocks are stored: what the fuzzer changes stays in reach.
std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string in(bytes);
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void load(std::string_view bytes, Profile profile) {
  const tiphys::helm::LoadLimits limits{
      .file_bytes = 64U << 10U, .total_bytes = 256U << 10U, .files = 100};
  if (const auto files = tiphys::helm::unpack_archive(bytes, limits); files.ok()) {
    check(files->size() <= limits.files, "no more files than allowed");
    for (const auto& file : *files) {
      check(file.data.size() <= limits.file_bytes, "no file is larger than allowed");
      check(!file.name.starts_with('/') && !file.name.starts_with("../"), "names stay inside");
      check(file.name.find("/../") == std::string::npos, "names stay inside");
    }
  }
  const auto chart = tiphys::helm::load_archive(bytes, profile, limits);
  check(chart.ok() || !chart.error().text().empty(), "errors say something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = tiphys::fuzz::text_of(data, size);
  load(bytes, Profile::v4_2);
  load(gzip(bytes), size % 2 == 0 ? Profile::v4_2 : Profile::v3_21);
  return 0;
}
