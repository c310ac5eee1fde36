#include "tiphys/source/renderer.hpp"

#include "source/directory_source.hpp"

#include <utility>

namespace tiphys::source {

namespace {

class InProcessRenderer final : public Renderer {
 public:
  explicit InProcessRenderer(gotmpl::Budgets budgets) : budgets_(std::move(budgets)) {}

  base::Result<RenderedChart> chart(const helm::RenderInput& input,
                                    const ChartCall& call) override {
    if (input.lookup && call.lookup == nullptr)
      return base::Error(base::Code::Internal, "nobody answers lookup");
    sprig::SystemSource source;
    sprig::FreshEntropy fresh(source);
    helm::Remembering memory(call.known, fresh);
    helm::Environment environment;
    environment.warn = call.warn;
    environment.budgets = budgets_;
    environment.entropy = &memory;
    if (input.lookup) environment.lookup = call.lookup;
    TRY_ASSIGN(helm::Manifests manifests, helm::render(input, environment));
    TRY_ASSIGN(std::vector<helm::RenderedObject> objects, helm::objects_of(manifests));
    RenderedChart out;
    out.objects.reserve(objects.size());
    for (helm::RenderedObject& object : objects) out.objects.push_back(std::move(object.tree));
    out.transcript = std::move(manifests.transcript);
    return out;
  }
  base::Result<std::vector<value::Value>> files(const std::vector<ManifestText>& files,
                                                const std::string&) override {
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
