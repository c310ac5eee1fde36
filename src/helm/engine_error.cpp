#include "helm/engine_error.hpp"

#include "helm/text.hpp"

#include "tiphys/sprig/functions.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace tiphys::helm {

using base::Error;

namespace {

constexpr std::string_view kPrefix = "template: ";
constexpr std::string_view kCalling = "error calling ";

/// One link of the chain as Helm prints it.
struct Block {
  std::string location;
  std::string function;
  std::string message;
  bool operator==(const Block&) const = default;

  std::string text() const {
    std::string out;
    if (!location.empty()) out += location + "\n  ";
    if (!function.empty()) out += function + "\n    ";
    if (!message.empty()) out += message + "\n";
    return out;
  }
};

std::string_view cut_chained(std::string_view message) {
  return message.substr(0, message.find(" template:"));
}

/// "FILE:1:2: executing "NAME" at <WHAT>: message"
std::optional<Block> executing_block(std::string_view rest, std::size_t at) {
  Block block;
  block.location = rest.substr(0, at);
  std::string_view after = rest.substr(at + std::string_view(": executing ").size());
  if (!after.starts_with('"')) return std::nullopt;
  const std::size_t quote = after.find('"', 1);
  if (quote == std::string_view::npos) return std::nullopt;
  const std::string_view function = after.substr(1, quote - 1);
  after.remove_prefix(quote + 1);
  if (!after.starts_with(" at <")) return std::nullopt;
  after.remove_prefix(5);
  const std::size_t end = after.find(">: ");
  if (end == std::string_view::npos) return std::nullopt;
  block.function = fmt::format("executing \"{}\" at <{}>:", function, after.substr(0, end));
  block.message = cut_chained(after.substr(end + 3));
  return block;
}

std::optional<Block> read_block(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const std::string_view rest = text.substr(kPrefix.size());
  if (rest.starts_with("no template ")) return Block{"", "", std::string(text)};
  if (const std::size_t at = rest.find(": executing "); at != std::string_view::npos)
    return executing_block(rest, at);
  const std::size_t colon = rest.rfind(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  return Block{std::string(rest.substr(0, colon)), "",
               std::string(cut_chained(rest.substr(colon + 2)))};
}

/// The error that "error calling NAME: " wraps in a link, if the link ends in one.
std::optional<std::string_view> wrapped(std::string_view text) {
  const std::size_t executing = text.find(": executing ");
  if (executing == std::string_view::npos) return std::nullopt;
  const std::size_t message = text.find(">: ", executing);
  if (message == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(message + 3);
  // What stands between < and > may hold ">: " itself; the call's own mark follows the real one.
  if (!rest.starts_with(kCalling)) {
    const std::size_t mark = rest.find(fmt::format(">: {}", kCalling));
    if (mark == std::string_view::npos || rest.substr(0, mark).contains("template: "))
      return std::nullopt;
    rest.remove_prefix(mark + 3);
  }
  rest.remove_prefix(kCalling.size());
  const std::size_t colon = rest.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  return rest.substr(colon + 2);
}

/// 4.2's many lines; nullopt when a link isn't of a template's form, which leaves Go's text.
std::optional<std::string> traced(std::string_view text) {
  std::vector<Block> blocks;
  for (std::optional<std::string_view> link = text; link; link = wrapped(*link)) {
    auto block = read_block(*link);
    if (!block) return std::nullopt;
    if (blocks.empty() || blocks.back() != *block) blocks.push_back(*std::move(block));
  }
  std::string out;
  for (const Block& block : blocks) out += block.text();
  return std::string(trim_space(out));
}

}  // namespace

std::string without_marks(std::string_view text) {
  return replace_all(replace_all(text, sprig::kErrorStart, ""), sprig::kErrorEnd, "");
}

Error parse_error(std::string_view file, const Error& error) {
  const std::string text = error.text();
  const std::size_t first = text.find(": ");
  if (first == std::string::npos)
    return {error.code(), fmt::format("parse error in ({}): {}", file, text)};
  const std::size_t second = text.find(": ", first + 2);
  const std::string location =
      text.substr(first + 2, second == std::string::npos ? std::string::npos : second - first - 2);
  return {error.code(),
          fmt::format("parse error at ({}): {}", location, text.substr(text.rfind(": ") + 2))};
}

Error exec_error(const Error& error, Profile profile) {
  const std::string text = error.text();
  if (error.code() == base::Code::ResourceExhausted) return error;
  const std::size_t first = text.find(": ");
  const std::size_t second = first == std::string::npos ? first : text.find(": ", first + 2);
  if (second == std::string::npos) return error;
  const std::string_view location = std::string_view(text).substr(first + 2, second - first - 2);
  const std::size_t start = text.find(sprig::kErrorStart, second);
  const std::size_t end = text.rfind(sprig::kErrorEnd);
  if (start != std::string::npos && end != std::string::npos && end > start) {
    const std::size_t from = start + sprig::kErrorStart.size();
    return {error.code(),
            fmt::format("execution error at ({}): {}", location, text.substr(from, end - from))};
  }
  if (profile == Profile::v3_21) return error;
  if (auto lines = traced(text)) return {error.code(), *std::move(lines)};
  return error;
}

}  // namespace tiphys::helm
