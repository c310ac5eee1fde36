#include "text/date_layout.hpp"

#include <optional>

namespace tiphys::text {

namespace {

struct Word {
  std::string_view text;
  Std element;
  bool not_before_lower = false;
};

// The longer one of two that start alike comes first.
constexpr std::array<Word, 23> kWords = {{{"January", Std::long_month},
                                          {"Jan", Std::month, true},
                                          {"Monday", Std::long_weekday},
                                          {"Mon", Std::weekday, true},
                                          {"MST", Std::zone_name},
                                          {"002", Std::zero_year_day},
                                          {"01", Std::zero_month},
                                          {"02", Std::zero_day},
                                          {"03", Std::zero_hour12},
                                          {"04", Std::zero_minute},
                                          {"05", Std::zero_second},
                                          {"06", Std::year},
                                          {"15", Std::hour},
                                          {"1", Std::num_month},
                                          {"2006", Std::long_year},
                                          {"2", Std::day},
                                          {"__2", Std::under_year_day},
                                          {"_2", Std::under_day},
                                          {"3", Std::hour12},
                                          {"4", Std::minute},
                                          {"5", Std::second},
                                          {"PM", Std::upper_pm},
                                          {"pm", Std::lower_pm}}};

struct Offset {
  std::string_view text;
  bool colon;
  bool minutes;
  bool seconds;
};
constexpr std::array<Offset, 5> kOffsets = {{{"070000", false, true, true},
                                             {"07:00:00", true, true, true},
                                             {"0700", false, true, false},
                                             {"07:00", true, true, false},
                                             {"07", false, false, false}}};

bool lower_at(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= 'a' && text[at] <= 'z';
}
bool digit_at(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

std::optional<LayoutChunk> fraction(std::string_view here) {
  if (here.size() < 2 || (here[1] != '0' && here[1] != '9')) return std::nullopt;
  std::size_t end = 1;
  while (end < here.size() && here[end] == here[1]) ++end;
  if (digit_at(here, end)) return std::nullopt;
  LayoutChunk out;
  out.element = here[1] == '0' ? Std::fraction_zeros : Std::fraction_nines;
  out.text = here.substr(0, end);
  out.digits = static_cast<int>(end) - 1;
  return out;
}

std::optional<LayoutChunk> element_at(std::string_view here) {
  LayoutChunk out;
  if (here[0] == '.' || here[0] == ',') return fraction(here);
  if (here[0] == '-' || here[0] == 'Z') {
    for (const Offset& offset : kOffsets) {
      if (!here.substr(1).starts_with(offset.text)) continue;
      out.element = Std::offset;
      out.text = here.substr(0, offset.text.size() + 1);
      out.zulu = here[0] == 'Z';
      out.colon = offset.colon;
      out.minutes = offset.minutes;
      out.seconds = offset.seconds;
      return out;
    }
    return std::nullopt;
  }
  for (const Word& word : kWords) {
    if (!here.starts_with(word.text)) continue;
    if (word.not_before_lower && lower_at(here, word.text.size())) continue;
    // "_2006" is an underscore and a year.
    if (word.element == Std::under_day && here.starts_with("_2006")) return std::nullopt;
    out.element = word.element;
    out.text = here.substr(0, word.text.size());
    return out;
  }
  return std::nullopt;
}

}  // namespace

LayoutChunk next_chunk(std::string_view layout) {
  for (std::size_t i = 0; i < layout.size(); ++i) {
    auto found = element_at(layout.substr(i));
    if (!found) continue;
    found->prefix = layout.substr(0, i);
    found->rest = layout.substr(i + found->text.size());
    return *found;
  }
  LayoutChunk all;
  all.prefix = layout;
  return all;
}

}  // namespace tiphys::text
