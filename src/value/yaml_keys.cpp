#include "value/yaml_keys.hpp"

#include "value/unicode_class.hpp"
#include "value/utf8.hpp"

#include "tiphys/value/yaml.hpp"

#include <algorithm>

namespace tiphys::value {

namespace {

/// The code points of a key, read on demand.
class Runes {
 public:
  explicit Runes(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  Rune peek() const { return decode_rune(rest_); }
  void skip() { rest_.remove_prefix(peek().size); }

  /// Length and value of the digits from here on, added to `start` as Go's int64 does (it wraps).
  std::size_t digits(std::uint64_t& number) const {
    std::size_t count = 0;
    for (Runes at = *this; !at.done() && is_decimal_digit(at.peek().code); at.skip(), ++count)
      number = number * 10 + at.peek().code - '0';
    return count;
  }

 private:
  std::string_view rest_;
};

bool ordinary_less(Runes a, Runes b, bool nonzero_before) {
  const std::uint32_t first_a = a.peek().code;
  const std::uint32_t first_b = b.peek().code;
  std::uint64_t number_a = 0;
  std::uint64_t number_b = 0;
  if ((first_a == '0' || first_b == '0') && nonzero_before) number_a = number_b = 1;
  const std::size_t count_a = a.digits(number_a);
  const std::size_t count_b = b.digits(number_b);
  if (number_a != number_b)
    return static_cast<std::int64_t>(number_a) < static_cast<std::int64_t>(number_b);
  if (count_a != count_b) return count_a < count_b;
  return first_a < first_b;
}

}  // namespace

bool yaml_key_less(std::string_view a, std::string_view b, YamlVersion version) {
  Runes left(a);
  Runes right(b);
  bool digit_before = false;    // the last equal rune was a digit
  bool nonzero_before = false;  // in the run of digits before here is one that isn't 0
  for (; !left.done() && !right.done(); left.skip(), right.skip()) {
    const std::uint32_t x = left.peek().code;
    const std::uint32_t y = right.peek().code;
    if (x == y) {
      digit_before = is_decimal_digit(x);
      nonzero_before = digit_before && (nonzero_before || x != '0');
      continue;
    }
    const bool letter_x = is_letter(x);
    const bool letter_y = is_letter(y);
    if (letter_x && letter_y) return x < y;
    if (letter_x || letter_y)
      return version == YamlVersion::v3 && digit_before ? letter_x : letter_y;
    return ordinary_less(left, right, nonzero_before);
  }
  return left.done() && !right.done();
}

bool yaml_key_less(std::string_view a, std::string_view b) {
  return yaml_key_less(a, b, YamlVersion::v2);
}

std::vector<const Map::Entry*> yaml_key_order(const Map& map, YamlVersion version) {
  std::vector<const Map::Entry*> order;
  order.reserve(map.size());
  for (const Map::Entry& entry : map) order.push_back(&entry);
  const auto less = [version](const Map::Entry* a, const Map::Entry* b) {
    return yaml_key_less(a->first, b->first, version);
  };
  // A heap sort: Go's comparison isn't a strict weak order for odd keys, which std::sort may not
  // see.
  if (!std::is_sorted(order.begin(), order.end(), less))
    std::partial_sort(order.begin(), order.end(), order.end(), less);
  return order;
}

}  // namespace tiphys::value
