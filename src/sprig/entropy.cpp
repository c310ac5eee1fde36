#include "tiphys/sprig/entropy.hpp"

#include "sprig/pki.hpp"

#include <sys/random.h>
#include <time.h>

#include <cerrno>

namespace tiphys::sprig {

base::Status SystemSource::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return base::Error(base::Code::Internal, "getrandom failed");
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

base::Result<std::int64_t> SystemSource::now() {
  timespec time{};
  if (clock_gettime(CLOCK_REALTIME, &time) != 0)
    return base::Error(base::Code::Internal, "clock_gettime failed");
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

base::Result<std::string> SystemSource::private_key(KeyType type) {
  TRY_ASSIGN(const PrivateKey key, generate_key(type));
  return key_to_pem(key);
}

base::Result<value::Value> FreshEntropy::answer(const Question&, const Make& make) {
  return make(source_);
}

}  // namespace tiphys::sprig
