#include "tiphys/plan/write_mode.hpp"

#include "tiphys/api/names.hpp"

namespace tiphys::plan {

WriteMode write_mode_of(const k8s::Object& target, const api::SyncOptions& options, Force force) {
  const auto own = api::parse_sync_options_annotation(
      target.annotation(api::kSyncOptionsAnnotation).value_or(""));
  WriteMode mode;
  mode.replace = own.replace || options.replace;
  mode.force = own.force || options.force || force == Force::yes;
  const auto server_side =
      own.server_side_apply ? own.server_side_apply : options.server_side_apply;
  mode.client_side = !server_side.value_or(true);
  mode.validate = own.validate && options.validate;
  mode.migrate = own.client_side_apply_migration && options.client_side_apply_migration;
  mode.migrated_manager =
      target.annotation(api::kMigrationManagerAnnotation).value_or("kubectl-client-side-apply");
  return mode;
}

}  // namespace tiphys::plan
