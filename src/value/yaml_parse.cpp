#include "value/go_syntax.hpp"
#include "value/utf8.hpp"
#include "value/yaml_events.hpp"
#include "value/yaml_plain.hpp"
#include "value/yaml_resolve.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/float_text.hpp"
#include "tiphys/value/json.hpp"
#include "tiphys/value/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

namespace tiphys::value {

namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using Tag = Resolved::Tag;

constexpr std::string_view kMergeTag = "tag:yaml.org,2002:merge";
constexpr std::string_view kBinaryTag = "tag:yaml.org,2002:binary";

enum class Shape : unsigned char { scalar, list, map };

/// A composed node: its value, and what only matters where it stands.
struct Node {
  Value value;
  Shape shape = Shape::scalar;
  Resolved resolved;
  bool merge = false;  // the key `<<`
  std::size_t line = 0;
  // Only when duplicate keys are refused: the lines of a map's values by the keys as messages show
  // them, and the same of a list's items.
  using Lines = std::map<std::string, std::size_t>;
  Lines lines;
  std::vector<Lines> item_lines;
};

struct Anchor {
  std::optional<Node> node;  // nothing: still being read
  std::size_t visits = 0;    // what decoding it once counts for
};

/// go-yaml's share of nodes that may come from aliases.
double allowed_alias_ratio(std::size_t visits) {
  constexpr double kLow = 400'000;
  constexpr double kHigh = 4'000'000;
  const auto count = static_cast<double>(visits);
  if (count <= kLow) return 0.99;
  if (count >= kHigh) return 0.10;
  return 0.99 - 0.89 * (count - kLow) / (kHigh - kLow);
}

std::string key_float(double number) {
  const std::string text = float_g(number, FloatBits::b32);
  if (text == "+Inf") return ".inf";
  if (text == "-Inf") return "-.inf";
  return text == "NaN" ? ".nan" : text;
}

std::string replace_invalid(std::string text) {
  if (valid_utf8(text)) return text;
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const Rune rune = decode_rune(rest);
    append_rune(out, rune.code);
    rest.remove_prefix(rune.size);
  }
  return out;
}

/// Makes a tree of libyaml's events. go-yaml first parses the whole document and then decodes it,
/// so an error of decoding waits until the document is known to be well formed.
class Composer {
 public:
  Composer(std::string_view text, const YamlOptions& options) : events_(text), options_(options) {}

  Result<Value> document() {
    TRY_ASSIGN(const yaml_event_t* event, events_.next());  // stream start
    TRY_ASSIGN(event, events_.next());
    if (event->type == YAML_STREAM_END_EVENT) return Value();
    TRY(check_version(*event));
    TRY_ASSIGN(event, events_.next());
    ++visits_;
    TRY_ASSIGN(Node root, node(event, 0));
    check_json();
    TRY_ASSIGN(event, events_.next());  // document end
    if (decode_error_) return std::move(*decode_error_);
    if (!duplicates_.empty()) return Error(Code::Invalid, "yaml: unmarshal errors:" + duplicates_);
    // A tree becomes JSON when all of it was decoded.
    if (json_error_) return Error(Code::Invalid, *json_error_);
    return std::move(root.value);
  }

 private:
  /// libyaml also reads %YAML 1.2.
  static Status check_version(const yaml_event_t& start) {
    const auto* const version = start.data.document_start.version_directive;
    if (version == nullptr || (version->major == 1 && version->minor == 1)) return {};
    const std::size_t line = start.start_mark.line;
    return Error(Code::Invalid, fmt::format("yaml: {}found incompatible YAML document",
                                            line != 0 ? fmt::format("line {}: ", line) : ""));
  }

  void decode_failed(std::string message) {
    if (!decode_error_) decode_error_ = Error(Code::Invalid, std::move(message));
  }

  Status count(std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ <= options_.limits.nodes) return {};
    return Error(
        Code::ResourceExhausted,
        fmt::format("YAML document has more than the limit of {} values", options_.limits.nodes));
  }

  Result<Node> node(const yaml_event_t* event, std::size_t depth) {
    if (event->type == YAML_ALIAS_EVENT) return alias(event);
    TRY(count(1));
    const std::size_t before = visits_++;
    const std::size_t line = event->start_mark.line;
    std::string anchor;
    Node made;
    switch (event->type) {
      case YAML_SCALAR_EVENT:
        anchor = yaml_text(event->data.scalar.anchor);
        made = scalar(event);
        break;
      case YAML_SEQUENCE_START_EVENT: {
        anchor = open(event->data.sequence_start.anchor);
        TRY_ASSIGN(made, list(depth + 1));
        break;
      }
      case YAML_MAPPING_START_EVENT: {
        anchor = open(event->data.mapping_start.anchor);
        TRY_ASSIGN(made, map(depth + 1));
        break;
      }
      default:
        return Error(Code::Invalid, "yaml: unknown problem parsing YAML content");
    }
    made.line = line;
    if (!anchor.empty()) anchors_[anchor] = {.node = made, .visits = visits_ - before};
    return made;
  }

  std::string open(const yaml_char_t* name) {
    std::string anchor(yaml_text(name));
    if (!anchor.empty()) anchors_[anchor] = {};
    return anchor;
  }

  Result<Node> alias(const yaml_event_t* event) {
    const std::string name(yaml_text(event->data.alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end())
      return Error(Code::Invalid, fmt::format("yaml: unknown anchor '{}' referenced", name));
    ++visits_;
    if (!found->second.node) {
      decode_failed(fmt::format("yaml: anchor '{}' value contains itself", name));
      return Node{};
    }
    const std::size_t copies = found->second.visits;
    visits_ += copies;
    alias_visits_ += copies;
    if (alias_visits_ > 100 && visits_ > 1000 &&
        static_cast<double>(alias_visits_) / static_cast<double>(visits_) >
            allowed_alias_ratio(visits_))
      return Error(Code::Invalid, "yaml: document contains excessive aliasing");
    TRY(count(copies));
    Node copy = *found->second.node;
    copy.value = copy.value.deep_copy();
    copy.merge = false;
    return copy;
  }

  Node scalar(const yaml_event_t* event) {
    const auto& data = event->data.scalar;
    // A scalar may hold NUL: "\0".
    const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
    const std::string_view tag = yaml_text(data.tag);
    Node made;
    if (tag.empty()) {
      made.merge = data.plain_implicit != 0 && text == "<<";
      if (data.plain_implicit != 0) made.resolved = resolve_scalar(text);
    } else if (tag == kBinaryTag) {
      const auto bytes = base::base64_decode(text);
      if (!bytes) decode_failed("yaml: !!binary value contains invalid base64 data");
      made.value = Value(replace_invalid(bytes.value_or("")));
      return made;
    } else if (!resolve_tagged(tag, text, made.resolved)) {
      decode_failed(fmt::format("yaml: cannot decode {} `{}` as a !!{}",
                                short_tag(made.resolved.tag), text,
                                tag.substr(tag.rfind(':') + 1)));
    } else {
      made.merge = tag == kMergeTag && text == "<<";
    }
    made.value = plain_value(made.resolved, text);
    return made;
  }

  Value plain_value(const Resolved& resolved, std::string_view text) {
    if (auto value = scalar_value(resolved, text, options_.numbers)) return *std::move(value);
    // Map keys may be such numbers, so this is only found when the whole tree becomes JSON.
    if (!not_json_) not_json_ = "json: unsupported value: " + float_g(resolved.floating);
    return Value(resolved.floating);
  }

  Result<Node> list(std::size_t depth) {
    TRY(check_depth(depth));
    List items;
    Node made;
    made.shape = Shape::list;
    while (true) {
      TRY_ASSIGN(const yaml_event_t* event, events_.next());
      if (event->type == YAML_SEQUENCE_END_EVENT) break;
      TRY_ASSIGN(Node item, node(event, depth));
      check_json();
      items.push_back(std::move(item.value));
      if (options_.duplicate_keys == DuplicateKeys::refuse)
        made.item_lines.push_back(std::move(item.lines));
    }
    made.value = Value(std::move(items));
    return made;
  }

  Status check_depth(std::size_t depth) const {
    if (depth <= options_.limits.depth) return {};
    return Error(
        Code::ResourceExhausted,
        fmt::format("YAML document is nested deeper than the limit of {}", options_.limits.depth));
  }

  void check_json() {
    if (not_json_ && !json_error_) json_error_ = std::move(not_json_);
    not_json_.reset();
  }

  Result<Node> map(std::size_t depth) {
    TRY(check_depth(depth));
    std::vector<Map::Entry> entries;
    Node made;
    made.shape = Shape::map;
    while (true) {
      TRY_ASSIGN(const yaml_event_t* event, events_.next());
      if (event->type == YAML_MAPPING_END_EVENT) break;
      TRY_ASSIGN(const Node key, node(event, depth));
      not_json_.reset();
      TRY_ASSIGN(event, events_.next());
      TRY_ASSIGN(Node item, node(event, depth));
      check_json();
      if (key.merge) {
        --visits_;
        TRY(merge(item, entries, made));
        continue;
      }
      std::string name = key_text(key, item);
      const bool text = key.resolved.tag == Tag::string || key.resolved.tag == Tag::timestamp;
      note_line(made, text ? go_syntax(Value(name)) : name, item.line);
      entries.emplace_back(std::move(name), std::move(item.value));
    }
    made.value = Value(Map::from(std::move(entries)));
    return made;
  }

  /// Remembers that the map got the key, and complains if it had it before.
  void note_line(Node& map, const std::string& shown, std::size_t line) {
    if (options_.duplicate_keys == DuplicateKeys::last_wins) return;
    if (!map.lines.emplace(shown, line).second)
      duplicates_ += fmt::format("\n  line {}: key {} already set in map", line + 1, shown);
  }

  std::string key_text(const Node& key, const Node& item) {
    if (key.shape != Shape::scalar) {
      decode_failed("yaml: invalid map key: " + go_syntax(key.value));
      return {};
    }
    switch (key.resolved.tag) {
      case Tag::boolean:
        return key.resolved.boolean ? "true" : "false";
      case Tag::integer:
        return std::to_string(key.resolved.integer);
      case Tag::floating:
        return key_float(key.resolved.floating);
      case Tag::null:
        decode_failed(fmt::format("unsupported map key of type: %!s(<nil>), key: <nil>, value: {}",
                                  item.value.is_null() ? "<nil>" : go_syntax(item.value)));
        return {};
      case Tag::uint:
        decode_failed(fmt::format("unsupported map key of type: uint64, key: {:#x}, value: {}",
                                  static_cast<std::uint64_t>(key.resolved.integer),
                                  go_syntax(item.value)));
        return {};
      default:
        return std::string(key.value.text());
    }
  }

  Status merge(const Node& from, std::vector<Map::Entry>& entries, Node& into) {
    const auto take = [&entries](const Value& map) {
      for (const Map::Entry& entry : map.map()) entries.push_back(entry);
    };
    if (from.shape == Shape::map) {
      take(from.value);
      for (const auto& [shown, line] : from.lines) note_line(into, shown, line);
      return {};
    }
    const List& maps = from.value.items();
    const bool all_maps =
        std::all_of(maps.begin(), maps.end(), [](const Value& item) { return item.is_map(); });
    if (from.shape != Shape::list || !all_maps) {
      decode_failed("yaml: map merge requires map or sequence of maps as the value");
      return {};
    }
    for (auto map = maps.rbegin(); map != maps.rend(); ++map) take(*map);  // earlier ones win
    for (auto lines = from.item_lines.rbegin(); lines != from.item_lines.rend(); ++lines)
      for (const auto& [shown, line] : *lines) note_line(into, shown, line);
    return {};
  }

  YamlEvents events_;
  YamlOptions options_;
  std::unordered_map<std::string, Anchor> anchors_;
  std::optional<Error> decode_error_;
  std::optional<std::string> not_json_;  ///< of the node that is being read
  std::optional<std::string> json_error_;
  std::string duplicates_;
  std::size_t nodes_ = 0;
  std::size_t visits_ = 0;
  std::size_t alias_visits_ = 0;
};

}  // namespace

Result<Value> parse_yaml(std::string_view text, const YamlOptions& options) {
  if (text.size() > options.limits.bytes)
    return Error(Code::ResourceExhausted,
                 fmt::format("YAML text of {} bytes is over the limit of {} bytes", text.size(),
                             options.limits.bytes));
  if (auto plain = parse_plain_yaml(text, options)) return *std::move(plain);
  return compose_yaml(text, options);
}

Result<Value> compose_yaml(std::string_view text, const YamlOptions& options) {
  auto parsed = Composer(text, options).document();
  if (parsed.ok() || parsed.error().code() != Code::Invalid) return parsed;
  return std::move(parsed).context("error converting YAML to JSON");
}

}  // namespace tiphys::value
