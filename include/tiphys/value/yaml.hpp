#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/limits.hpp"
#include "tiphys/value/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::value {

/// yaml.Unmarshal lets the last one win, yaml.UnmarshalStrict (Chart.yaml under lint, kubectl
/// --validate=strict) refuses.
enum class DuplicateKeys : unsigned char { last_wins, refuse };

struct YamlOptions {
  Numbers numbers = Numbers::int64;
  DuplicateKeys duplicate_keys = DuplicateKeys::last_wins;
  Limits limits = {};
};

/// sigs.k8s.io/yaml's way from YAML to a JSON tree: go-yaml v2's resolution (YAML 1.1:
/// yes/no/on/off are booleans, 010 is octal, dates stay strings, merge keys, anchors), keys become
/// strings, floats without a fraction become whole numbers as by a trip through JSON. Reads the
/// FIRST document, null for an empty text. A JSON text is read too, being YAML. Errors: Invalid
/// with go-yaml's message ("yaml: line 3: mapping values are not allowed in this context") and the
/// position; ResourceExhausted. Cyclic and excessive aliases are Invalid.
base::Result<Value> parse_yaml(std::string_view text, const YamlOptions& options = {});

/// One document of a `---` stream. text leaves the separator lines out; `line` is where it starts,
/// 1-based.
struct YamlDocument {
  std::string_view text;
  int line = 1;
  /// Nothing but blanks and comments: has no value.
  bool empty = false;
};

/// Splits as Kubernetes' YAML reader does: a line that starts with `---` and is otherwise blank
/// separates. Views into text. Errors: Invalid (`invalid Yaml document separator: ...`).
base::Result<std::vector<YamlDocument>> split_documents(std::string_view text);

/// split_documents and parse_yaml over each; empty and null documents are left out.
base::Result<std::vector<Value>> parse_yaml_stream(std::string_view text,
                                                   const YamlOptions& options = {});

/// sigs.k8s.io/yaml.Marshal: through JSON, then go-yaml v2's emitter: natural key order, folding at
/// 80 columns, lists not indented below their key. Ends in one newline. Errors: Invalid: whatever
/// cannot be JSON, or text that go-yaml refuses to read back (control characters, keys over 1024).
base::Result<std::string> to_yaml(const Value& value);

/// Helm's toYamlPretty: go-yaml v3 with indent 2 on the tree itself. Ends in one newline.
base::Result<std::string> to_yaml_pretty(const Value& value);

/// Does go-yaml order key a before key b? (Letters after others, digit runs by number.)
bool yaml_key_less(std::string_view a, std::string_view b);

}  // namespace tiphys::value
