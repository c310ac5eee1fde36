// A whole chart of one template and values, cut at a line of : rendered under small budgets.
#include "fuzz/fuzz.hpp"

#include "tiphys/helm/manifests.hpp"
#include "tiphys/helm/render.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using tiphys::helm::File;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tiphys::fuzz::text_of(data, size);
  const std::size_t cut = text.find("\n===\n");
  if (cut == std::string_view::npos) return 0;
  std::vector<File> files{{"Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"},
                          {"values.yaml", std::string(text.substr(0, cut))},
                          {"templates/a.yaml", std::string(text.substr(cut + 5))}};
  tiphys::helm::Environment environment;
  environment.budgets = {.steps = 20'000,
                         .output_bytes = 1U << 20U,
                         .memory_bytes = 8U << 20U,
                         .depth = 200,
                         .stack_bytes = 2U << 20U};
  environment.load = [&files](const tiphys::helm::RenderInput& asked) {
    return tiphys::helm::load_files(files, asked.profile);
  };
  const tiphys::helm::RenderInput input;
  const auto manifests = tiphys::helm::render(input, environment);
  if (!manifests.ok()) {
    tiphys::fuzz::check(!manifests.error().text().empty(), "errors say something");
    return 0;
  }
  (void)tiphys::helm::print_template(*manifests);
  (void)tiphys::helm::objects_of(*manifests);
  return 0;
}
