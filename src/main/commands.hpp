#pragma once

#include "config.hpp"

#include "tiphys/cli/cluster.hpp"

#include <memory>
#include <string_view>

namespace tiphys::main {

/// `tiphys controller`: runs until SIGTERM or SIGINT. Returns the exit code.
int run_controller(const Config& config);
/// `tiphys check`: one line a finding, exit code 1 when one fails.
int run_check(const Config& config);
/// For `tiphys template --dry-run=server`: by the flags, else Helm's environment (HELM_KUBE...),
/// KUBECONFIG, ~/.kube/config, else the pod's service account.
base::Result<std::unique_ptr<cli::Cluster>> connect_cluster(const cli::ClusterFlags& flags);
/// `tiphys worker`: what the controller starts for everything that isn't trusted (decision 10).
/// Of three kinds, so that each loads only what its jobs need: "render", "packs" and "jq". Started
/// by hand it says so and ends with 64.
[[noreturn]] void run_worker(std::string_view kind);

}  // namespace tiphys::main
