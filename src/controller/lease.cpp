#include "tiphys/controller/lease.hpp"

namespace tiphys::controller {

namespace {

const kube::ResourceInfo& leases() {
  static const kube::ResourceInfo kResource{
      "coordination.k8s.io", "v1", "leases", "Lease", true, {}};
  return kResource;
}

std::string record_of(const k8s::Object& lease) {
  return std::string(lease.spec()["holderIdentity"].text()) + " " +
         std::string(lease.spec()["renewTime"].text());
}

}  // namespace

Lease::Lease(const base::Clock& clock, base::Logger log, Options options)
    : clock_(clock), log_(std::move(log)), options_(std::move(options)) {}

Lease::~Lease() { stop(); }

void Lease::start(kube::Client& client, Listener listener) {
  client_ = &client;
  listener_ = std::move(listener);
  thread_ = std::thread([this] { run(); });
}

void Lease::stop() {
  {
    auto observed = observed_.lock();
    observed->stopping = true;
  }
  wake_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  if (held()) release();
  held_until_.store(0);
}

bool Lease::held() const { return clock_.now().time_since_epoch().count() < held_until_.load(); }

base::Status Lease::gate() const {
  if (held()) return {};
  return base::Error(base::Code::Canceled,
                     "not the leader: the Lease is not held by " + options_.identity);
}

void Lease::run() {
  bool leading = false;
  while (true) {
    const bool holds = attempt();
    if (holds != leading) {
      leading = holds;
      log_.info(holds ? "leadership won" : "leadership lost", {{"identity", options_.identity}});
      (holds ? listener_.won : listener_.lost)();
    }
    auto observed = observed_.lock();
    if (observed->stopping) return;
    wake_.wait_for(observed.handle(), options_.retry);
    if (observed->stopping) return;
  }
}

bool Lease::attempt() {
  const base::SteadyTime begun = clock_.now();
  const auto deadline = base::Deadline::after(clock_, options_.renew_deadline / 2);
  auto options = kube::CallOptions(deadline);
  options.ungated = true;
  k8s::Object current;
  {
    auto observed = observed_.lock();
    current = observed->object;
  }
  // While it is ours, one PUT a renewal is enough: the resourceVersion tells when somebody came
  // between.
  const bool ours = current.spec()["holderIdentity"].text() == options_.identity;
  bool exists = ours;
  if (!ours) {
    auto read = client_->get(leases(), options_.namespace_, options_.name, options);
    if (!read.ok() && read.error().code() != base::Code::NotFound) {
      log_.warn("the Lease can't be read", {{"error", read.error().text()}});
      return held();
    }
    exists = read.ok();
    if (exists) {
      current = *std::move(read);
      auto observed = observed_.lock();
      if (observed->record != record_of(current)) {
        observed->record = record_of(current);
        observed->at = clock_.now();
      }
      const std::string_view holder = current.spec()["holderIdentity"].text();
      const bool fresh = clock_.now() - observed->at < options_.duration;
      if (!holder.empty() && holder != options_.identity && fresh) return false;
    }
  }
  auto written = write(exists ? &current : nullptr, clock_.wall(), false);
  auto observed = observed_.lock();
  if (!written.ok()) {
    log_.warn("the Lease can't be written", {{"error", written.error().text()}});
    observed->object = k8s::Object();  // read it again: it may be somebody else's now
    return held();
  }
  observed->object = *std::move(written);
  observed->record = record_of(observed->object);
  observed->at = clock_.now();
  held_until_.store((begun + options_.renew_deadline).time_since_epoch().count());
  return held();
}

base::Result<k8s::Object> Lease::write(const k8s::Object* current, base::WallTime now,
                                       bool release) {
  using value::Value;
  k8s::Object lease =
      current != nullptr
          ? current->deep_copy()
          : k8s::Object::trusted(Value::object(
                {{"apiVersion", "coordination.k8s.io/v1"},
                 {"kind", "Lease"},
                 {"metadata",
                  Value::object({{"name", options_.name}, {"namespace", options_.namespace_}})}}));
  const bool taken_over = lease.spec()["holderIdentity"].text() != options_.identity;
  const std::string stamp = base::format_rfc3339_micro(now);
  auto& tree = lease.tree();
  tree.set_at({"spec", "holderIdentity"}, Value(release ? std::string() : options_.identity));
  tree.set_at(
      {"spec", "leaseDurationSeconds"},
      Value(static_cast<std::int64_t>(
          release ? 1 : std::chrono::ceil<std::chrono::seconds>(options_.duration).count())));
  tree.set_at({"spec", "renewTime"}, Value(stamp));
  if (taken_over) {
    tree.set_at({"spec", "acquireTime"}, Value(stamp));
    const auto transitions = lease.spec()["leaseTransitions"].integer_or(0);
    tree.set_at({"spec", "leaseTransitions"}, Value(transitions + (current != nullptr ? 1 : 0)));
  }
  auto options = kube::CallOptions(base::Deadline::after(clock_, options_.renew_deadline / 2));
  options.ungated = true;
  return current != nullptr ? client_->replace(leases(), lease, options)
                            : client_->create(leases(), lease, options);
}

void Lease::release() {
  const k8s::Object current = observed_.lock()->object;
  const auto released = write(&current, clock_.wall(), true);
  if (!released.ok()) log_.warn("the Lease was not given up", {{"error", released.error().text()}});
}

}  // namespace tiphys::controller
