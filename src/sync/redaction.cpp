#include "redaction.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/value/json.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace tiphys::sync {

namespace {

constexpr std::string_view kHidden = "++++++++";  // as Argo CD and tiphys::diff show them

void collect(const value::Value& node, std::vector<std::string>& out) {
  for (const auto& [key, member] : node.entries()) collect(member, out);
  for (const auto& item : node.items()) collect(item, out);
  if (node.is_map() || node.is_list() || node.is_null()) return;
  const auto json = value::write_json(node);
  std::string text = node.is_string() ? std::string(node.text()) : json.ok() ? *json : "";
  if (auto plain = base::base64_decode(text)) out.push_back(*std::move(plain));
  out.push_back(base::base64_encode(text));
  // The server quotes what it refuses as Go does: a text of many lines is then another text.
  for (const auto escape : {value::EscapeHtml::no, value::EscapeHtml::yes}) {
    std::string quoted;
    value::append_json_string(quoted, text, escape);
    out.push_back(quoted.substr(1, quoted.size() - 2));
  }
  out.push_back(std::move(text));
}

std::string hide(std::string text, const std::vector<std::string>& values) {
  for (const auto& secret : values) {
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kHidden.size())) {
      text.replace(at, secret.size(), kHidden);
    }
  }
  return text;
}

}  // namespace

base::Error without_secret_values(base::Error error, const k8s::Object& object) {
  if (object.group_kind() != k8s::GroupKind{.group = "", .kind = "Secret"}) return error;
  std::vector<std::string> values;
  collect(object.tree()["data"], values);
  collect(object.tree()["stringData"], values);
  std::erase(values, "");
  // The longest first: a value may be a part of another one.
  std::ranges::sort(values, std::ranges::greater(), &std::string::size);
  base::Error hidden(error.code(), hide(error.message(), values));
  // Into a new one each time: assigned to itself an Error loses its text.
  if (error.retry_after()) hidden = base::Error(std::move(hidden).after(*error.retry_after()));
  for (const auto& frame : error.frames())
    hidden = base::Error(std::move(hidden).with_context(frame));
  return hidden;
}

}  // namespace tiphys::sync
