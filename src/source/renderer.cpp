#include "tiphys/source/renderer.hpp"

#include "source/directory_source.hpp"

#include <utility>

namespace tiphys::source {

namespace {

using Trees = std::vector<value::Value>;

class InProcessRenderer final : public Renderer {
 public:
  explicit InProcessRenderer(gotmpl::Budgets budgets) : budgets_(std::move(budgets)) {}

  base::Result<Trees> chart(const helm::RenderInput& input, const std::string&,
                            const Warn& warn) override {
    helm::Environment environment;
    environment.warn = warn;
    environment.budgets = budgets_;
    TRY_ASSIGN(const helm::Manifests manifests, helm::render(input, environment));
    TRY_ASSIGN(std::vector<helm::RenderedObject> objects, helm::objects_of(manifests));
    Trees trees;
    trees.reserve(objects.size());
    for (helm::RenderedObject& object : objects) trees.push_back(std::move(object.tree));
    return trees;
  }
  base::Result<Trees> files(const std::vector<ManifestText>& files, const std::string&) override {
    return read_manifests(files);
  }

 private:
  gotmpl::Budgets budgets_;
};

}  // namespace

std::unique_ptr<Renderer> make_in_process_renderer(gotmpl::Budgets budgets) {
  return std::make_unique<InProcessRenderer>(std::move(budgets));
}

}  // namespace tiphys::source
