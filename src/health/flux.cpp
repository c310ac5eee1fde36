// Flux's kinds: which conditions must be true. The answers are those of Argo CD's scripts for them.

#include "health/rules.hpp"

#include <array>

namespace tiphys::health {

using value::Value;

namespace {

struct FluxKind {
  std::string_view kind;
  int needed;                                 ///< true conditions for healthy
  std::array<std::string_view, 2> besides{};  ///< what counts besides Ready
};
constexpr std::array kKinds = {
    FluxKind{"HelmRelease", 2, {"Released", "TestSuccess"}},
    FluxKind{"Kustomization", 1},
    FluxKind{"GitRepository", 2, {"ArtifactInStorage"}},
    FluxKind{"HelmRepository", 2, {"ArtifactInStorage"}},
    FluxKind{"HelmChart", 2, {"ArtifactInStorage"}},
    FluxKind{"OCIRepository", 2, {"ArtifactInStorage"}},
    FluxKind{"Bucket", 2, {"ArtifactInStorage"}},
};

const FluxKind& row_of(std::string_view kind) {
  for (const FluxKind& row : kKinds)
    if (row.kind == kind) return row;
  return kKinds.front();
}

struct Tally {
  int progressing = 0;
  int succeeded = 0;
  std::string message;
};

void count(const Value& c, const FluxKind& row, Tally& tally) {
  const std::string_view type = c["type"].text();
  const std::string_view status = c["status"].text();
  if (type == "Ready") {
    tally.succeeded += status == "True" ? 1 : 0;
    tally.progressing += status == "Unknown" ? 1 : 0;
    tally.message = text_of(c["reason"]);
    return;
  }
  if (status != "True") return;
  if (type == "Reconciling") {
    ++tally.progressing;
  } else if (type == "ArtifactOutdated" && row.besides[0] == "ArtifactInStorage") {
    tally.message += fmt::format(" {}", c["reason"].text());
  } else if (!type.empty() && (type == row.besides[0] || type == row.besides[1])) {
    ++tally.succeeded;
  }
}

}  // namespace

HealthStatus flux(const k8s::Object& object) {
  const FluxKind& row = row_of(object.kind());
  // A repository of charts in a registry has no status at all.
  if (row.kind == "HelmRepository" && object.spec()["type"].text() == "oci")
    return {Code::healthy,
            "Helm repositories of type 'oci' do not contain any information in the status."};
  if (object.spec()["suspend"].boolean_or(false))
    return {Code::suspended, fmt::format("{} is suspended", object.kind())};
  const Value& conditions = object.status()["conditions"];
  if (conditions.is_null()) return {Code::progressing, "Status unknown"};
  Tally tally;
  for (const Value& c : conditions.items()) count(c, row, tally);
  const Code code = tally.progressing == 2          ? Code::progressing
                    : tally.succeeded == row.needed ? Code::healthy
                                                    : Code::degraded;
  return {code, std::move(tally.message)};
}

}  // namespace tiphys::health
