#include "tiphys/health/health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tiphys::health {

using value::Value;

namespace {

const Value& pod_spec(const k8s::Object& object) {
  const Value& spec = object.spec();
  if (object.kind() == "Pod") return spec;
  if (object.kind() == "CronJob") return spec.at({"jobTemplate", "spec", "template", "spec"});
  return spec.at({"template", "spec"});
}

std::string_view first_address(const k8s::Object& object) {
  for (const Value& entry : object.status().at({"loadBalancer", "ingress"}).items()) {
    if (!entry["hostname"].text().empty()) return entry["hostname"].text();
    if (!entry["ip"].text().empty()) return entry["ip"].text();
  }
  return {};
}

bool has_tls(const k8s::Object& object, std::string_view host) {
  return std::ranges::any_of(object.spec()["tls"].items(), [&](const Value& line) {
    if (!line["secretName"].is_null() || line["host"].text() == host) return true;
    return std::ranges::any_of(line["hosts"].items(),
                               [&](const Value& h) { return h.text() == host; });
  });
}

void add_rule_urls(const k8s::Object& object, const Value& rule, std::set<std::string>& out) {
  std::string_view host = rule["host"].text();
  if (host.empty()) host = first_address(object);
  if (host.empty()) return;
  for (const Value& path : rule.at({"http", "paths"}).items()) {
    std::string_view sub = path["path"].text();
    if (sub.ends_with('*')) sub.remove_suffix(1);
    out.insert(fmt::format("{}://{}{}", has_tls(object, host) ? "https" : "http", host, sub));
  }
}

}  // namespace

std::vector<std::string> images_of(const k8s::Object& object) {
  std::set<std::string> out;
  const Value& spec = pod_spec(object);
  for (const std::string_view group : {"initContainers", "containers", "ephemeralContainers"})
    for (const Value& container : spec[group].items())
      if (const std::string_view image = container["image"].text(); !image.empty())
        out.emplace(image);
  return {out.begin(), out.end()};
}

std::vector<std::string> external_urls_of(const k8s::Object& object) {
  std::set<std::string> out;
  const bool silent =
      object.annotation("argocd.argoproj.io/ignore-default-links").value_or("") == "true";
  const auto group = object.gvk().group;
  if (object.kind() == "Ingress" && (group == "networking.k8s.io" || group == "extensions") &&
      !silent)
    for (const Value& rule : object.spec()["rules"].items()) add_rule_urls(object, rule, out);
  for (const auto& [key, link] : object.metadata()["annotations"].entries())
    if (key.starts_with("link.argocd.argoproj.io/")) out.emplace(link.text());
  return {out.begin(), out.end()};
}

}  // namespace tiphys::health
