// Any JSON object as an Application and as an AppProject: read, or refused with a field's path.
#include "fuzz/fuzz.hpp"

#include "tiphys/api/application.hpp"
#include "tiphys/api/project.hpp"
#include "tiphys/k8s/object.hpp"
#include "tiphys/value/json.hpp"

using tiphys::fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tiphys::value::Limits limits{.bytes = 1U << 20U, .nodes = 20'000, .depth = 60};
  auto tree = tiphys::value::parse_json(tiphys::fuzz::text_of(data, size),
                                        tiphys::value::Numbers::int64, limits);
  if (!tree.ok()) return 0;
  const std::string before = *tiphys::value::write_json(*tree);
  const auto object = tiphys::k8s::Object::trusted(*std::move(tree));
  if (const auto app = tiphys::api::parse_application(object); app.ok()) {
    (void)app->refresh();
    (void)app->cascades();
    (void)app->deletion_approved();
    for (const std::string& problem : tiphys::api::spec_problems(*app))
      check(!problem.empty(), "problems say something");
  } else {
    check(!app.error().text().empty(), "errors say something");
  }
  const auto project = tiphys::api::parse_project(object);
  check(project.ok() || !project.error().text().empty(), "errors say something");
  check(*tiphys::value::write_json(object.tree()) == before, "reading changes nothing");
  return 0;
}
