#pragma once

#include "tiphys/base/log.hpp"
#include "tiphys/controller/settings.hpp"
#include "tiphys/source/renderer.hpp"
#include "tiphys/worker/pool.hpp"

#include <chrono>
#include <memory>

namespace tiphys::main {

/// A pack is as large as its repository: 2 GiB are indexed in a few minutes.
constexpr std::chrono::minutes kPackTime{10};
/// Argo CD's default for one expression on one object is a second; a process may have to start
/// first.
constexpr std::chrono::seconds kJqTime{2};

/// Workers that render: no files but time zones, warm, and what the settings allow (L12 of the
/// design's limits).
std::unique_ptr<worker::Pool> make_render_pool(const base::Logger& log,
                                               const controller::RenderSettings& settings);
/// The limits of one process of that pool.
worker::ProcessLimits render_process_limits(const controller::RenderSettings& settings);
/// Those of one render.
source::RenderLimits render_limits(const controller::RenderSettings& settings);
/// Workers that check packs: one pack each.
std::unique_ptr<worker::Pool> make_pack_pool(const base::Logger& log);
/// Workers that evaluate jqPathExpressions: no files at all, started by the first expression.
std::unique_ptr<worker::Pool> make_jq_pool(const base::Logger& log);

}  // namespace tiphys::main
