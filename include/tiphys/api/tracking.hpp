#pragma once

#include "tiphys/k8s/names.hpp"
#include "tiphys/k8s/object.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::api {

/// argocd-cm application.resourceTrackingMethod: "annotation" (default), "label",
/// "annotation+label".
enum class TrackingMethod : std::uint8_t { annotation, label, annotation_and_label };
std::optional<TrackingMethod> parse_tracking_method(std::string_view text);
std::string_view to_string(TrackingMethod method);

struct TrackingSettings {
  TrackingMethod method = TrackingMethod::annotation;
  std::string instance_label = "app.kubernetes.io/instance";
  std::string installation_id{};  ///< "" when installationID isn't set
};

/// "app:group/Kind:ns/name" taken apart.
struct TrackingId {
  std::string app{};
  k8s::ObjectKey key{};
  std::string text() const;
  bool operator==(const TrackingId&) const = default;
};
/// nullopt when it hasn't that form.
std::optional<TrackingId> parse_tracking_id(std::string_view text);
/// The id that `object` must carry; cluster-scoped objects carry the destination's namespace.
TrackingId tracking_id_for(std::string_view app, const k8s::Object& object,
                           std::string_view destination_namespace);

/// Whose an object is, as its metadata says under the settings.
struct Ownership {
  std::string app{};  ///< "" when not tracked (or tracked by another installation)
  /// The tracking id names this very object (always true for label tracking). A copy whose id names
  /// another object is shown, but neither out of sync nor pruned.
  bool self_referenced = true;
  /// Another installation's id is on it: never ours.
  bool foreign_installation = false;
};
Ownership owner_of(const k8s::Object& object, const TrackingSettings& settings);

/// Writes the marks of `app` into object's metadata, and nothing for a CustomResourceDefinition
/// (which Argo CD never tracks). The label is cut to 63 characters under annotation+label; under
/// label alone a longer name is written as it is and refused by the API server, as with Argo CD.
void set_tracking(k8s::Object& object, std::string_view app, std::string_view destination_namespace,
                  const TrackingSettings& settings);

}  // namespace tiphys::api
