#include "sprig/internal.hpp"
#include "sprig/runes.hpp"

#include "tiphys/base/encoding.hpp"

#include <array>
#include <limits>

namespace tiphys::sprig {
namespace {

/// Random numbers below a bound, drawn in blocks and without bias.
class Dice {
 public:
  explicit Dice(Source& source) : source_(source) {}

  base::Result<std::uint64_t> below(std::uint64_t bound) {
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() -
                                std::numeric_limits<std::uint64_t>::max() % bound;
    for (;;) {
      if (at_ == block_.size()) {
        TRY(source_.fill({reinterpret_cast<std::uint8_t*>(block_.data()), sizeof block_}));
        at_ = 0;
      }
      const std::uint64_t drawn = block_[at_++];
      if (drawn < limit) return drawn % bound;
    }
  }

 private:
  Source& source_;
  std::array<std::uint64_t, 32> block_{};
  std::size_t at_ = 32;
};

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBoth = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string printable() {
  std::string all;
  for (char c = ' '; c <= '~'; ++c) all.push_back(c);
  return all;
}

Answer random_text(Call& call, std::string_view alphabet) {
  const std::int64_t count = call.args[0].integer();
  if (count <= 0) return Value("");
  TRY(call.run.charge(static_cast<std::uint64_t>(count)));
  return ask(call, [&](Source& source) -> Answer {
    Dice dice(source);
    std::string out;
    out.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      TRY_ASSIGN(const std::uint64_t at, dice.below(alphabet.size()));
      out.push_back(alphabet[at]);
    }
    return Value(std::move(out));
  });
}

Answer random_ascii(Call& call) {
  static const std::string kAll = printable();
  return random_text(call, kAll);
}

Answer random_bytes(Call& call) {
  const std::int64_t count = call.args[0].integer();
  if (count < 0) return failure("runtime error: makeslice: len out of range");
  // Twice: the bytes and their base64.
  TRY(call.run.charge(static_cast<std::uint64_t>(count)));
  TRY(call.run.charge(static_cast<std::uint64_t>(count) / 3 * 4));
  return ask(call, [&](Source& source) -> Answer {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    TRY(source.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}));
    return Value(base::base64_encode(bytes));
  });
}

Answer random_int(Call& call) {
  const std::int64_t low = call.args[0].integer();
  const auto width = static_cast<std::int64_t>(static_cast<std::uint64_t>(call.args[1].integer()) -
                                               static_cast<std::uint64_t>(low));
  if (width <= 0) return failure("invalid argument to Intn");
  TRY_ASSIGN(const Value answer, ask(call, [&](Source& source) -> Answer {
               Dice dice(source);
               TRY_ASSIGN(const std::uint64_t drawn, dice.below(static_cast<std::uint64_t>(width)));
               return Value(static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + drawn));
             }));
  if (!answer.is_int())
    return base::Error(base::Code::Internal, "remembered randInt is no integer");
  return answer.as(GoType::i);
}

Answer shuffle(Call& call) {
  TRY(call.run.charge(call.args[0].string().size() * sizeof(char32_t)));
  return ask(call, [&](Source& source) -> Answer {
    Dice dice(source);
    std::vector<char32_t> runes = to_runes(call.args[0].string());
    for (std::size_t i = runes.size(); i > 1; --i) {
      TRY_ASSIGN(const std::uint64_t other, dice.below(i));
      std::swap(runes[i - 1], runes[other]);
    }
    return Value(from_runes(runes));
  });
}

Answer uuid(Call& call) {
  return ask(call, [](Source& source) -> Answer {
    std::array<std::uint8_t, 16> bytes{};
    TRY(source.fill(bytes));
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    std::string hex = base::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
    return Value(std::move(hex));
  });
}

constexpr auto kRandom = std::to_array<Function>({
    {"randAlpha", "int", [](Call& c) { return random_text(c, kLetters); }},
    {"randNumeric", "int", [](Call& c) { return random_text(c, kDigits); }},
    {"randAlphaNum", "int", [](Call& c) { return random_text(c, kBoth); }},
    {"randAscii", "int", random_ascii},
    {"randBytes", "int", random_bytes},
    {"randInt", "int, int", random_int},
    {"shuffle", "string", shuffle},
    {"uuidv4", "", uuid},
});

}  // namespace

std::span<const Function> random_functions() { return kRandom; }

}  // namespace tiphys::sprig
