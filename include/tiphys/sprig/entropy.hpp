#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace tiphys::sprig {

/// A call whose answer can't be worked out from its arguments: randomness, keys, certificates, now,
/// and Helm's lookup where a cluster answers it.
/// The views live as long as the call.
struct Question {
  std::string_view function;
  std::span<const value::Value> arguments;
  std::string_view template_name;  ///< the template that is executing
  std::uint32_t ordinal = 0;       ///< how often this function asked before in this template
};

enum class KeyType : std::uint8_t { rsa2048, rsa4096, dsa, ecdsa_p256, ed25519 };

/// The raw material: bytes, keys and the time.
class Source {
 public:
  virtual ~Source() = default;
  virtual base::Status fill(std::span<std::uint8_t> out) = 0;
  /// Nanoseconds since 1970.
  virtual base::Result<std::int64_t> now() = 0;
  /// A new private key as PEM, under the block types that Go writes ("RSA PRIVATE KEY" ...).
  virtual base::Result<std::string> private_key(KeyType type) = 0;
};

/// The one way to anything unpredictable. An implementation may answer with what it remembers of an
/// earlier render instead of calling make, and may keep what make answered (the transcript).
/// Answers are plain trees that survive JSON: a string, nanoseconds as an integer, {"Cert","Key"},
/// a list.
class Entropy {
 public:
  using Make = std::function<base::Result<value::Value>(Source&)>;
  virtual ~Entropy() = default;
  virtual base::Result<value::Value> answer(const Question& question, const Make& make) = 0;
};

/// The kernel's randomness (getrandom), the machine's clock and OpenSSL's key generators; remembers
/// nothing. May be used from many threads.
class SystemSource final : public Source {
 public:
  base::Status fill(std::span<std::uint8_t> out) override;
  base::Result<std::int64_t> now() override;
  base::Result<std::string> private_key(KeyType type) override;
};

/// Asks a source each time. The source must outlive it.
class FreshEntropy final : public Entropy {
 public:
  explicit FreshEntropy(Source& source) : source_(source) {}
  base::Result<value::Value> answer(const Question& question, const Make& make) override;

 private:
  Source& source_;
};

}  // namespace tiphys::sprig
