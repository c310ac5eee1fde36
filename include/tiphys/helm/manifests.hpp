#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/transcript.hpp"
#include "tiphys/value/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::helm {

enum class Profile : std::uint8_t;

enum class HookEvent : std::uint8_t {
  pre_install,
  post_install,
  pre_delete,
  post_delete,
  pre_upgrade,
  post_upgrade,
  pre_rollback,
  post_rollback,
  test,  ///< "test" and Helm 2's "test-success"
};
enum class HookDeletePolicy : std::uint8_t { succeeded, failed, before_creation };

/// One rendered document.
struct Document {
  std::string source;  ///< "chart/templates/a.yaml"
  std::string text;    ///< as printed: comments, blanks and trailing newlines included
  value::Value tree;   ///< decoded, numbers as Kubernetes reads them; null for a comment-only text
  std::string kind;
  std::string name;
  bool is_hook = false;
  std::vector<HookEvent> events;
  std::int64_t weight = 0;
  std::vector<HookDeletePolicy> delete_policies;
};

/// A file of crds/: not templated, with one object or more.
struct CrdFile {
  std::string source;
  std::string text;
  std::vector<value::Value> trees;
  std::string error;  ///< not empty: the text is no YAML (Helm prints it all the same)
};

/// What a render gives. Each list is in Helm's order.
struct Manifests {
  Profile profile{};
  std::vector<CrdFile> crds;  ///< empty unless include_crds
  std::vector<Document> manifests;
  std::vector<Document> hooks;
  std::string notes;
  std::string chart_name;
  std::string chart_version;
  std::string app_version;
  Transcript transcript;  ///< what the render asked beyond its input
};

struct PrintOptions {
  bool no_hooks = false;
  bool skip_tests = false;
  std::vector<std::string> show_only;
};

/// Exactly the stdout of `helm template`. Errors: Invalid (a show_only that matches nothing).
base::Result<std::string> print_template(const Manifests& manifests,
                                         const PrintOptions& options = {});

/// All documents that are objects, in print order: CRDs, manifests, hooks. Annotations are kept;
/// each tree belongs to the caller. Errors: Invalid naming a CRD file that is no YAML.
struct RenderedObject {
  value::Value tree;
  std::string source;
  bool is_hook = false;
  std::vector<HookEvent> events;
};
base::Result<std::vector<RenderedObject>> objects_of(const Manifests& manifests);

}  // namespace tiphys::helm
