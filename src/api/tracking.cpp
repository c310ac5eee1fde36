#include "tiphys/api/tracking.hpp"

#include "tiphys/api/names.hpp"

#include <fmt/format.h>

#include <array>

namespace tiphys::api {

namespace {

constexpr std::size_t kMaxLabel = 63;

/// Both sides of the one separator; nullopt when there isn't exactly one.
std::optional<std::pair<std::string_view, std::string_view>> halves(std::string_view text) {
  const auto at = text.find('/');
  if (at == std::string_view::npos || text.find('/', at + 1) != std::string_view::npos)
    return std::nullopt;
  return std::pair(text.substr(0, at), text.substr(at + 1));
}

/// A label's value may not end in what is no letter or digit.
std::string cut_label(std::string_view text) {
  text = text.substr(0, kMaxLabel);
  const auto last = text.find_last_not_of("-_.");
  return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

/// The object that the id names is this one; a cluster-scoped object carries some namespace.
bool names_itself(const k8s::Object& object, const k8s::ObjectKey& id) {
  const k8s::ObjectKey key = object.key();
  return (key.namespace_.empty() || key.namespace_ == id.namespace_) && key.name == id.name &&
         key.group == id.group && key.kind == id.kind;
}

}  // namespace

std::optional<TrackingMethod> parse_tracking_method(std::string_view text) {
  if (text.empty() || text == "annotation") return TrackingMethod::annotation;
  if (text == "label") return TrackingMethod::label;
  if (text == "annotation+label") return TrackingMethod::annotation_and_label;
  return std::nullopt;
}

std::string_view to_string(TrackingMethod method) {
  constexpr std::array<std::string_view, 3> kNames = {"annotation", "label", "annotation+label"};
  return kNames.at(static_cast<std::size_t>(method));
}

std::string TrackingId::text() const {
  return fmt::format("{}:{}/{}:{}/{}", app, key.group, key.kind, key.namespace_, key.name);
}

std::optional<TrackingId> parse_tracking_id(std::string_view text) {
  const auto first = text.find(':');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto kind = halves(text.substr(first + 1, second - first - 1));
  const auto name = halves(text.substr(second + 1));
  if (!kind || !name) return std::nullopt;
  return TrackingId{.app = std::string(text.substr(0, first)),
                    .key = {.group = std::string(kind->first),
                            .kind = std::string(kind->second),
                            .namespace_ = std::string(name->first),
                            .name = std::string(name->second)}};
}

TrackingId tracking_id_for(std::string_view app, const k8s::Object& object,
                           std::string_view destination_namespace) {
  TrackingId id{.app = std::string(app), .key = object.key()};
  if (id.key.namespace_.empty()) id.key.namespace_ = destination_namespace;
  return id;
}

Ownership owner_of(const k8s::Object& object, const TrackingSettings& settings) {
  Ownership out;
  const auto installation = object.annotation(kInstallationIdAnnotation).value_or("");
  out.foreign_installation = !installation.empty() && installation != settings.installation_id;
  if (settings.method == TrackingMethod::label) {
    if (!out.foreign_installation) out.app = object.label(settings.instance_label).value_or("");
    return out;
  }
  if (!settings.installation_id.empty() && installation != settings.installation_id) return out;
  const auto id = parse_tracking_id(object.annotation(kTrackingIdAnnotation).value_or(""));
  if (!id) return out;
  out.app = id->app;
  out.self_referenced = names_itself(object, id->key);
  return out;
}

void set_tracking(k8s::Object& object, std::string_view app, std::string_view destination_namespace,
                  const TrackingSettings& settings) {
  if (object.group_kind() ==
      k8s::GroupKind{.group = "apiextensions.k8s.io", .kind = "CustomResourceDefinition"})
    return;
  if (settings.method == TrackingMethod::label) {
    object.set_label(settings.instance_label, app);
    return;
  }
  object.set_annotation(kTrackingIdAnnotation,
                        tracking_id_for(app, object, destination_namespace).text());
  if (settings.installation_id.empty())
    object.remove_annotation(kInstallationIdAnnotation);
  else
    object.set_annotation(kInstallationIdAnnotation, settings.installation_id);
  if (settings.method == TrackingMethod::annotation_and_label)
    object.set_label(settings.instance_label, cut_label(app));
}

}  // namespace tiphys::api
