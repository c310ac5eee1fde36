#pragma once

#include "tiphys/plan/write_mode.hpp"
#include "tiphys/sync/executor.hpp"

#include <string>
#include <string_view>

namespace tiphys::sync {

using Mode = plan::WriteMode;

struct WriteResult {
  k8s::Object object;
  std::string verb{};     ///< "serverside-applied", "configured", "created", "replaced", ...
  std::string warning{};  ///< "" or one sentence
  bool server_side = false;
  std::optional<k8s::Object> before{};  ///< the live object that was read for it
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
  base::Result<WriteResult> send_apply(const k8s::Object& body) const;
  base::Result<WriteResult> apply_client_side() const;
  base::Result<WriteResult> create() const;
  base::Result<WriteResult> replace() const;
  base::Result<WriteResult> recreate() const;
  bool needs_client_side(const base::Error& error) const;
};

/// How a task is written. The destination's namespace has other owners too: it is only ever
/// applied.
Mode mode_of(const plan::Task& task, const WriteOptions& how);

/// The row of a write that was refused.
Outcome failed_outcome(const plan::Task& task, base::Error error);

/// "deployment.apps/web": how kubectl and Argo CD name an object in messages.
std::string kubectl_name(const k8s::ObjectKey& key);

/// "it was made anew in the meantime": the uid in the write is another object's.
bool is_made_anew(const base::Error& error);

}  // namespace tiphys::sync
