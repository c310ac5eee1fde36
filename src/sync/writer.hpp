#pragma once

#include "tiphys/sync/executor.hpp"

#include <string>
#include <string_view>

namespace tiphys::sync {

/// The way in which one object is written, by its own options and those of the operation.
struct Mode {
  bool replace = false;
  bool force = false;
  bool client_side = false;
  bool validate = true;
  bool migrate = true;  ///< fields of client-side applies move into ours before an apply
  /// Whose fields these are, beside our own (client-side-apply-migration-manager).
  std::string migrated_manager;
};

/// reference/argocd.md 2.6. Options are read from the target alone. Pure.
Mode mode_of(const k8s::Object& target, const WriteOptions& how);

struct WriteResult {
  k8s::Object object;
  std::string verb;     ///< "serverside-applied", "configured", "created", "replaced", ...
  std::string warning;  ///< "" or one sentence
};

/// One write to one object.
struct Write {
  kube::Client& client;
  const base::Clock& clock;
  kube::ResourceInfo resource;
  const plan::Task& task;
  const WriteOptions& how;
  Mode mode;
  bool needs_migration = false;
  std::chrono::milliseconds call_timeout;
  std::chrono::milliseconds delete_timeout;

  /// Existing objects only at the uid of task.live. Errors: the API server's, Conflict for an
  /// object that was made anew; Timeout for one that won't go.
  base::Result<WriteResult> run() const;

 private:
  void point(const char* name) const;
  kube::CallOptions call() const;
  base::Result<k8s::Object> current() const;
  base::Status migrate() const;
  base::Result<WriteResult> apply() const;
  base::Result<WriteResult> apply_client_side() const;
  base::Result<WriteResult> create() const;
  base::Result<WriteResult> replace() const;
  base::Result<WriteResult> recreate() const;
};

/// "it was made anew in the meantime": the uid in the write is another object's.
bool is_made_anew(const base::Error& error);

}  // namespace tiphys::sync
