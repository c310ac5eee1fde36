#include "helm/files.hpp"

#include "helm/text.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/gotmpl/native.hpp"
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/text/glob.hpp"
#include "tiphys/value/yaml.hpp"

#include <array>
#include <functional>
#include <map>

namespace tiphys::helm {

using base::Code;
using base::Error;
using base::Result;
using gotmpl::Call;
using gotmpl::Function;
using gotmpl::NativeObject;
using value::GoType;
using value::List;
using value::Map;
using value::Value;

namespace {

/// Go's engine.files: names -> bytes.
class Files final : public NativeObject {
 public:
  using Names = std::map<std::string_view, const std::string*>;
  Files(std::shared_ptr<const ChartFiles> content, Names names)
      : content_(std::move(content)), names_(std::move(names)) {}

  std::string_view go_type() const override { return "engine.files"; }
  Shape shape() const override { return Shape::map; }
  bool truth() const override { return !names_.empty(); }
  const Function* method(std::string_view name) const override;
  Value underlying() const override {
    Map map;
    for (const auto& [name, data] : names_) map.set(name, Value(*data).as(GoType::bytes));
    return Value(std::move(map));
  }
  std::optional<Value> tree() const override { return underlying(); }

  std::string_view bytes(std::string_view name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? std::string_view() : std::string_view(*found->second);
  }
  bool contains(std::string_view name) const { return names_.contains(name); }

  Value glob(std::string_view pattern) const {
    auto compiled = text::Glob::compile(pattern, "/");
    // Helm falls back to "**" for a pattern that doesn't compile.
    Names found;
    for (const auto& [name, data] : names_)
      if (!compiled.ok() || compiled->match(name)) found.emplace(name, data);
    return Value(std::static_pointer_cast<const value::Native>(
        std::make_shared<Files>(content_, std::move(found))));
  }

  /// All files as YAML under their base names; of equal names the last path stays.
  Result<Value> table(Call& call,
                      const std::function<std::string(const std::string&)>& write) const {
    Map map;
    for (const auto& [name, data] : names_) map.set(base_name(name), Value(write(*data)));
    auto yaml = value::to_yaml(Value(std::move(map)));
    if (!yaml.ok()) return Value("");
    yaml->pop_back();
    TRY(call.run.charge(yaml->size()));
    return Value(*std::move(yaml));
  }

 private:
  std::shared_ptr<const ChartFiles> content_;
  Names names_;
};

const Files& files_of(const Call& call) { return *static_cast<const Files*>(call.receiver); }

Result<Value> get(Call& call) { return Value(files_of(call).bytes(call.args[0].string())); }

Result<Value> get_bytes(Call& call) {
  return Value(files_of(call).bytes(call.args[0].string())).as(GoType::bytes);
}

Result<Value> glob(Call& call) { return files_of(call).glob(call.args[0].string()); }

Result<Value> as_config(Call& call) {
  return files_of(call).table(call, [](const std::string& data) { return data; });
}

Result<Value> as_secrets(Call& call) {
  return files_of(call).table(call,
                              [](const std::string& data) { return base::base64_encode(data); });
}

Result<Value> lines(Call& call) {
  const Files& files = files_of(call);
  List out;
  if (!files.contains(call.args[0].string())) return Value(std::move(out)).as(GoType::strings);
  std::string_view data = files.bytes(call.args[0].string());
  if (data.empty()) return Error(Code::Invalid, "runtime error: index out of range [-1]");
  if (data.ends_with('\n')) data.remove_suffix(1);
  for (std::string_view const line : split(data, '\n')) out.emplace_back(line);
  return Value(std::move(out)).as(GoType::strings);
}

constexpr std::array<Function, 6> kMethods = {{
    {"Get", "string", get},
    {"GetBytes", "string", get_bytes},
    {"Glob", "string", glob},
    {"AsConfig", "", as_config},
    {"AsSecrets", "", as_secrets},
    {"Lines", "string", lines},
}};

const Function* Files::method(std::string_view name) const {
  for (const Function& row : kMethods)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace

Value files_value(std::shared_ptr<const ChartFiles> content) {
  Files::Names names;
  for (const File& file : content->files) names[file.name] = &file.data;
  return Value(std::static_pointer_cast<const value::Native>(
      std::make_shared<Files>(std::move(content), std::move(names))));
}

}  // namespace tiphys::helm
