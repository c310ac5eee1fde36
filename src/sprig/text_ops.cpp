#include "sprig/text_ops.hpp"

#include "sprig/runes.hpp"

#include <algorithm>
#include <utility>

namespace tiphys::sprig {
namespace {

/// utf8.DecodeLastRuneInString.
Rune last_rune(std::string_view text) {
  const std::size_t start = text.size() > 4 ? text.size() - 4 : 0;
  for (std::size_t at = text.size(); at-- > start;) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    const Rune rune = decode_rune(text.substr(at));
    return at + rune.size == text.size() ? rune : Rune{kRuneError, 1};
  }
  return {kRuneError, 1};
}

template <class Drop>
std::string_view trim_if(std::string_view text, Drop drop) {
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    if (!drop(rune.code)) break;
    text.remove_prefix(rune.size);
  }
  while (!text.empty()) {
    const Rune rune = last_rune(text);
    if (!drop(rune.code)) break;
    text.remove_suffix(rune.size);
  }
  return text;
}

template <class Change>
std::string map_runes(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Rune rune = decode_rune(text);
    append_rune(out, change(rune.code));
    text.remove_prefix(rune.size);
  }
  return out;
}

/// What strings.Title takes for a word boundary.
bool is_separator(char32_t rune) {
  if (rune < 0x80)
    return !((rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') ||
             (rune >= 'A' && rune <= 'Z') || rune == '_');
  if (is_letter(rune) || is_digit(rune)) return false;
  return is_space(rune);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<std::string> explode(std::string_view text, std::int64_t limit) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    if (limit > 0 && std::cmp_equal(parts.size() + 1, limit)) {
      parts.emplace_back(text);
      break;
    }
    const std::size_t size = decode_rune(text).size;
    parts.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return parts;
}

}  // namespace

std::string_view trim_space(std::string_view text) { return trim_if(text, is_space); }

std::string_view trim_runes(std::string_view text, std::string_view cutset) {
  if (cutset.empty()) return text;
  const std::vector<char32_t> set = to_runes(cutset);
  return trim_if(text, [&](char32_t rune) { return std::ranges::find(set, rune) != set.end(); });
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size());
  if (from.empty()) {
    out.append(to);
    while (!text.empty()) {
      const std::size_t size = decode_rune(text).size;
      out.append(text.substr(0, size)).append(to);
      text.remove_prefix(size);
    }
    return out;
  }
  for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    out.append(text.substr(0, at)).append(to);
    text.remove_prefix(at + from.size());
  }
  return out.append(text);
}

std::vector<std::string> split(std::string_view text, std::string_view separator,
                               std::int64_t limit) {
  if (limit == 0) return {};
  if (separator.empty()) return explode(text, limit);
  std::vector<std::string> parts;
  while (limit < 0 || std::cmp_less(parts.size() + 1, limit)) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.emplace_back(text);
  return parts;
}

std::string upper(std::string_view text) {
  if (!is_ascii(text)) return map_runes(text, to_upper);
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
  return out;
}

std::string lower(std::string_view text) {
  if (!is_ascii(text)) return map_runes(text, to_lower);
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 0x20);
  return out;
}

std::string title(std::string_view text) {
  char32_t previous = ' ';
  return map_runes(text, [&](char32_t rune) {
    const bool starts = is_separator(previous);
    previous = rune;
    return starts ? to_title(rune) : rune;
  });
}

std::string abbreviate(std::string_view text, std::int64_t offset, std::int64_t width) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (text.empty() || width < 4) return "";
  if (size <= width) return std::string(text);
  offset = std::min(offset, size);
  if (size - offset < width - 3) offset = size - (width - 3);
  const auto kept = static_cast<std::size_t>(width - 3);
  if (offset <= 4) return std::string(text.substr(0, kept)) + "...";
  if (width < 7) return "";
  if (offset + width - 3 < size)
    return "..." + abbreviate(text.substr(static_cast<std::size_t>(offset)), 0, width - 3);
  return "..." + std::string(text.substr(text.size() - kept));
}

// goutils looks at single bytes here, and writes each as if it were a Latin-1 rune.
std::string initials(std::string_view text) {
  std::string out;
  bool gap = true;
  for (const char c : text) {
    const auto rune = static_cast<char32_t>(static_cast<unsigned char>(c));
    if (is_space(rune)) {
      gap = true;
    } else if (gap) {
      append_rune(out, rune);
      gap = false;
    }
  }
  return out;
}

std::string delete_space(std::string_view text) {
  std::string out;
  bool deleted = false;
  for (const char c : text) {
    const auto rune = static_cast<char32_t>(static_cast<unsigned char>(c));
    if (is_space(rune))
      deleted = true;
    else
      append_rune(out, rune);
  }
  return deleted ? out : std::string(text);
}

std::string swap_case(std::string_view text) {
  bool space = true;
  return map_runes(text, [&](char32_t rune) {
    if (is_upper(rune) || is_title(rune)) {
      space = false;
      return to_lower(rune);
    }
    if (is_lower(rune)) {
      const bool first = space;
      space = false;
      return first ? to_title(rune) : to_upper(rune);
    }
    space = is_space(rune);
    return rune;
  });
}

std::string uncapitalize(std::string_view text) {
  bool next = true;
  return map_runes(text, [&](char32_t rune) {
    if (is_space(rune)) {
      next = true;
    } else if (next) {
      next = false;
      return to_lower(rune);
    }
    return rune;
  });
}

std::string wrap(std::string_view text, std::int64_t width, std::string_view line_end,
                 LongWords long_words) {
  if (line_end.empty()) line_end = "\n";
  const auto columns = static_cast<std::size_t>(std::max<std::int64_t>(width, 1));
  std::string out;
  while (text.size() > columns) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
      continue;
    }
    std::size_t space = text.substr(0, columns + 1).rfind(' ');
    if (space == std::string_view::npos && long_words == LongWords::cut) {
      out.append(text.substr(0, columns)).append(line_end);
      text.remove_prefix(columns);
      continue;
    }
    if (space == std::string_view::npos) space = text.find(' ', columns);
    if (space == std::string_view::npos) break;
    out.append(text.substr(0, space)).append(line_end);
    text.remove_prefix(space + 1);
  }
  return out.append(text);
}

}  // namespace tiphys::sprig
