#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/diff/diff.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/value.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// ignoreDifferences (Argo CD's util/argo/normalizers and managedfields): fields that neither count
/// as a difference nor, with RespectIgnoreDifferences=true, are written over.
namespace tiphys::diff {

/// One entry: of an Application, of argocd-cm, or of an object's annotation.
struct IgnoreRule {
  std::string group{};       ///< a glob; "" is the core group
  std::string kind{};        ///< a glob
  std::string name{};        ///< "" is any
  std::string namespace_{};  ///< "" is any
  std::vector<std::string> json_pointers{};
  std::vector<std::string> jq_path_expressions{};
  std::vector<std::string> managers{};
  bool operator==(const IgnoreRule&) const = default;
};

/// `del(expression)` of a tree. Injected: jq runs in the worker only (decision 10).
using JqDelete =
    std::function<base::Result<value::Value>(const std::string& expression, const value::Value&)>;

/// Reads spec.ignoreDifferences (null: none). Errors: Invalid naming the field below `field`.
base::Result<std::vector<IgnoreRule>> parse_ignore_rules(const value::Value& list,
                                                         std::string_view field);

/// The three lists of one rule; group, kind, name and namespace stay as they are. Errors: likewise.
base::Status parse_ignored_fields(const value::Value& map, std::string_view field, IgnoreRule& out);

/// What is ignored of one object: all rules that match it together.
struct Ignored {
  std::vector<std::string> json_pointers{};
  std::vector<std::string> jq_path_expressions{};
  std::vector<std::string> managers{};

  bool empty() const {
    return json_pointers.empty() && jq_path_expressions.empty() && managers.empty();
  }
};

/// What the rules, and the annotation argocd.argoproj.io/ignore-differences of the object (of which
/// an unreadable one counts as none), say of it.
Ignored ignored_of(const std::vector<IgnoreRule>& rules, const k8s::Object& desired);

struct Pair {
  k8s::Object desired;
  k8s::Object live;
};

/// Copies of both without what is ignored: what the pointers and expressions name; and what both
/// have with different values and one of the managers owns by live's managedFields. A pointer that
/// names nothing changes nothing. Errors: those of `jq`; Unimplemented when there is none and an
/// expression is asked for.
base::Result<Pair> without_ignored(const Ignored& ignored, const k8s::Object& desired,
                                   const k8s::Object& live, const JqDelete& jq = {});

/// What is written with RespectIgnoreDifferences=true: desired with live's values at all that is
/// ignored. List entries are matched by merge key, else by `name`. An ignored field that only live
/// has is added where `owned` (may be nullptr) says that it is ours: leaving it out would remove
/// it. What another manager owns stays its own. Never status. Errors: as without_ignored.
base::Result<k8s::Object> respecting(const Ignored& ignored, const k8s::Object& desired,
                                     const k8s::Object& live, const Owned* owned,
                                     const JqDelete& jq = {});

}  // namespace tiphys::diff
