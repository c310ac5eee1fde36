#include "tiphys/plan/auto_sync.hpp"

#include "unit/plan/objects.hpp"

namespace tiphys::plan {
namespace {

api::Time at(const char* text) { return *base::parse_rfc3339(text); }
const char* const kNow = "2026-01-02T03:10:00Z";

/// An application with automated sync whose last operation ended at 03:09:50.
api::Application app(const std::string& automated = "{}", const std::string& operation_state = "") {
  auto parsed = api::parse_application(object(R"(
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  source: {repoURL: r, path: p}
  destination: {name: in-cluster}
  syncPolicy: {syncOptions: [CreateNamespace=true], automated: )" +
                                              automated + "}\n" + operation_state));
  EXPECT_TRUE(parsed.ok()) << parsed.error().text();
  return *parsed;
}

std::string last(const std::string& phase, const std::string& revision, int attempts = 0) {
  return "status: {operationState: {phase: " + phase +
         ", message: it broke, startedAt: '2026-01-02T03:09:00Z', finishedAt: "
         "'2026-01-02T03:09:50Z', "
         "operation: {sync: {autoHealAttemptsCount: " +
         std::to_string(attempts) + "}}, syncResult: {revision: " + revision +
         ", source: {repoURL: r, path: p}}}}";
}

Comparison out_of_sync(bool prune_only = false) {
  Comparison c;
  c.code = api::SyncCode::out_of_sync;
  c.statuses = {{.group = "apps",
                 .kind = "Deployment",
                 .name = "d",
                 .status = "OutOfSync",
                 .requires_pruning = prune_only},
                {.kind = "ConfigMap",
                 .name = "c",
                 .status = prune_only ? "OutOfSync" : "Synced",
                 .requires_pruning = prune_only}};
  return c;
}

AutoSyncDecision decide(const api::Application& a, const Comparison& c, bool partial = false) {
  return decide_auto_sync(
      a, c, {.revision = "new", .revisions = {}, .now = at(kNow), .partial_self_heal = partial});
}

TEST(AutoSync, StartsForANewRevision) {
  const auto decision = decide(app("{prune: true}", last("Succeeded", "old")), out_of_sync());
  ASSERT_TRUE(decision.operation);
  EXPECT_EQ(decision.operation->sync->revision, "new");
  EXPECT_TRUE(decision.operation->sync->prune);
  EXPECT_TRUE(decision.operation->sync->options.create_namespace);
  EXPECT_TRUE(decision.operation->initiated_by.automated);
  EXPECT_EQ(decision.operation->json["retry"]["limit"].integer_or(0), 5);
  EXPECT_EQ(decision.reason, "Initiated automated sync to 'new'");
  EXPECT_TRUE(decide(app(), out_of_sync()).operation);
}

TEST(AutoSync, DoesNothingWhereItMayNot) {
  EXPECT_EQ(decide(app("{enabled: false}"), out_of_sync()).reason, "automated sync is off");
  EXPECT_EQ(decide(app("{}", "operation: {sync: {}}"), out_of_sync()).reason,
            "another operation is in progress");
  EXPECT_EQ(decide(app("{}", last("Running", "old")), out_of_sync()).reason,
            "another operation is in progress");
  auto deleting = app();
  deleting.deletion_timestamp = at(kNow);
  EXPECT_EQ(decide(deleting, out_of_sync()).reason, "deletion in progress");
  Comparison synced = out_of_sync();
  synced.code = api::SyncCode::synced;
  EXPECT_EQ(decide(app(), synced).reason, "not OutOfSync");
  EXPECT_EQ(decide(app("{prune: false}"), out_of_sync(true)).reason,
            "only extra resources are left and automated prune is off");
}

TEST(AutoSync, AFailedRevisionIsNotTriedAgain) {
  const auto decision = decide(app("{selfHeal: true}", last("Failed", "new")), out_of_sync());
  EXPECT_FALSE(decision.operation);
  EXPECT_EQ(decision.sync_error, "Failed last sync attempt to [new]: it broke");
  EXPECT_TRUE(decide(app("{}", last("Failed", "old")), out_of_sync()).operation);
}

TEST(AutoSync, ADifferentSourceIsANewAttempt) {
  auto changed = app("{}", last("Failed", "new"));
  changed.spec.source->json =
      value::Value::object({{"repoURL", value::Value("r")}, {"path", value::Value("other")}});
  EXPECT_TRUE(decide(changed, out_of_sync()).operation);
}

TEST(AutoSync, SelfHealOnlyWhereItIsOn) {
  EXPECT_EQ(decide(app("{}", last("Succeeded", "new")), out_of_sync()).reason,
            "most recent sync already to [new]");
  const auto decision =
      decide(app("{selfHeal: true}", last("Succeeded", "new")), out_of_sync(), true);
  ASSERT_TRUE(decision.operation);
  EXPECT_EQ(decision.operation->sync->self_heal_attempts, 1);
  ASSERT_EQ(decision.operation->sync->resources.size(), 1U);
  EXPECT_EQ(decision.operation->sync->resources[0].name, "d");
}

TEST(AutoSync, SelfHealBacksOff) {
  // Ten seconds after the last one: the first two delays are over, the third isn't.
  EXPECT_TRUE(
      decide(app("{selfHeal: true}", last("Succeeded", "new", 2)), out_of_sync()).operation);
  const auto waits = decide(app("{selfHeal: true}", last("Succeeded", "new", 3)), out_of_sync());
  EXPECT_FALSE(waits.operation);
  EXPECT_EQ(waits.retry_at, at("2026-01-02T03:10:08Z"));
  EXPECT_EQ(decide(app("{selfHeal: true}", last("Succeeded", "new", 99)), out_of_sync()).retry_at,
            at("2026-01-02T03:14:50Z"));
}

TEST(AutoSync, NeverWipesOutEverythingUnasked) {
  const auto guarded = decide(app("{prune: true}"), out_of_sync(true));
  EXPECT_FALSE(guarded.operation);
  EXPECT_EQ(guarded.sync_error,
            "Skipping sync attempt to [new]: auto-sync will wipe out all resources");
  EXPECT_TRUE(decide(app("{prune: true, allowEmpty: true}"), out_of_sync(true)).operation);
}

}  // namespace
}  // namespace tiphys::plan
