#include "tiphys/plan/removal.hpp"

#include "tiphys/api/names.hpp"

namespace tiphys::plan {

using api::Removal;

namespace {

api::SyncOptions options_of(const k8s::Object& object) {
  return api::parse_sync_options_annotation(
      object.annotation(api::kSyncOptionsAnnotation).value_or(""));
}

bool is_kept(const k8s::Object& object) {
  return object.annotation(api::kHelmResourcePolicyAnnotation).value_or("") == "keep";
}

bool is_crd(const k8s::Object& object) {
  return object.group_kind() ==
         k8s::GroupKind{.group = "apiextensions.k8s.io", .kind = "CustomResourceDefinition"};
}

RemovalVerdict never(std::string reason) {
  return {.removal = Removal::never, .reason = std::move(reason)};
}

}  // namespace

RemovalVerdict may_prune(const k8s::Object& live, const api::SyncOptions& app_options) {
  const api::SyncOptions own = options_of(live);
  const Removal prune = own.prune.value_or(app_options.prune.value_or(Removal::allow));
  if (prune == Removal::never) return never("Prune=false");
  if (own.remove == Removal::never) return never("Delete=false");
  if (is_kept(live)) return never("helm.sh/resource-policy: keep");
  const bool ask = prune == Removal::confirm || own.remove == Removal::confirm;
  return {.removal = ask ? Removal::confirm : Removal::allow, .reason = ""};
}

RemovalVerdict may_delete(const k8s::Object& live, const api::SyncOptions& app_options) {
  const api::SyncOptions own = options_of(live);
  const Removal remove = own.remove.value_or(app_options.remove.value_or(Removal::allow));
  if (is_crd(live)) return never("CustomResourceDefinition");
  if (remove == Removal::never) return never("Delete=false");
  if (is_kept(live)) return never("helm.sh/resource-policy: keep");
  return {.removal = needs_confirmation(live, app_options) ? Removal::confirm : Removal::allow,
          .reason = ""};
}

bool needs_confirmation(const k8s::Object& object, const api::SyncOptions& app_options) {
  const api::SyncOptions own = options_of(object);
  return own.remove.value_or(app_options.remove.value_or(Removal::allow)) == Removal::confirm ||
         own.prune.value_or(app_options.prune.value_or(Removal::allow)) == Removal::confirm;
}

}  // namespace tiphys::plan
