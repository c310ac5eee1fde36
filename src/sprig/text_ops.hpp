#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::sprig {

// Package strings.
std::string_view trim_space(std::string_view text);
std::string_view trim_runes(std::string_view text, std::string_view cutset);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
/// strings.SplitN: limit < 0 is all, 0 nothing; an empty separator splits after each rune.
std::vector<std::string> split(std::string_view text, std::string_view separator,
                               std::int64_t limit = -1);
std::string upper(std::string_view text);
std::string lower(std::string_view text);
std::string title(std::string_view text);

// Masterminds/goutils and huandu/xstrings.
std::string abbreviate(std::string_view text, std::int64_t offset, std::int64_t width);
std::string initials(std::string_view text);
std::string delete_space(std::string_view text);
std::string swap_case(std::string_view text);
std::string uncapitalize(std::string_view text);
enum class LongWords : std::uint8_t { keep, cut };
std::string wrap(std::string_view text, std::int64_t width, std::string_view line_end,
                 LongWords long_words);
std::string pascal_case(std::string_view text);
/// snakecase and kebabcase.
std::string joined_case(std::string_view text, char connector);

}  // namespace tiphys::sprig
