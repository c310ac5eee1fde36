#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/helm/transcript.hpp"

#include <string>
#include <string_view>

namespace tiphys::helm {

/// A RenderInput as bytes for another process of the same build (base/wire.hpp): everything but
/// chart.tree, which the other side asks for. Errors: Invalid (a value that JSON doesn't know).
base::Result<std::string> write_input(const RenderInput& input);

/// Reads what write_input wrote; chart.tree is null. Errors: Invalid for any other bytes.
base::Result<RenderInput> read_input(std::string_view bytes);

std::string write_transcript(const Transcript& transcript);
/// Errors: Invalid for any other bytes.
base::Result<Transcript> read_transcript(std::string_view bytes);

}  // namespace tiphys::helm
