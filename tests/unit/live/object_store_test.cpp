#include "tiphys/live/object_store.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

namespace tiphys::live {
namespace {

using Detail = ObjectStore::Detail;

k8s::Object object(const std::string& kind, const std::string& name, int version,
                   const std::string& more = "", const std::string& api = "v1") {
  const std::string text = R"({"apiVersion":")" + api + R"(","kind":")" + kind +
                           R"(","metadata":{"name":")" + name + R"(","namespace":"ns","uid":"u-)" +
                           kind + name + R"(","resourceVersion":")" + std::to_string(version) +
                           "\"" + (more.empty() ? "" : "," + more) + "}}";
  auto tree = value::parse_json(text);
  EXPECT_TRUE(tree.ok()) << text;
  return k8s::Object::trusted(*std::move(tree));
}

std::string tracked_by(const std::string& app, const std::string& kind, const std::string& name) {
  return R"("annotations":{"argocd.argoproj.io/tracking-id":")" + app + ":/" + kind + ":ns/" +
         name + "\"}";
}

const k8s::ObjectKey kMap{"", "ConfigMap", "ns", "a"};

class ObjectStoreTest : public testing::Test {
 protected:
  ObjectStore store_{api::TrackingSettings{}};
  k8s::Object mine(int version) {
    return object("ConfigMap", "a", version, tracked_by("app", "ConfigMap", "a"));
  }
};

TEST_F(ObjectStoreTest, KeepsContentOfTrackedObjectsOnly) {
  EXPECT_EQ(store_.apply(mine(5), Detail::full), std::set<std::string>{"app"});
  EXPECT_TRUE(store_.apply(object("ConfigMap", "b", 6), Detail::full).empty());
  EXPECT_FALSE(store_.find(kMap)->json.empty());
  EXPECT_TRUE(store_.find({"", "ConfigMap", "ns", "b"})->json.empty());
  ASSERT_EQ(store_.objects_of("app").size(), 1U);
  const auto live = to_live(*store_.objects_of("app")[0]);
  ASSERT_TRUE(live.ok());
  EXPECT_EQ(live->object.name(), "a");
  EXPECT_EQ(store_.tracked_kinds(), (std::set<k8s::GroupKind>{{"", "ConfigMap"}}));
}

TEST(ObjectStore, AsksTheHealthScriptsOfTheSettings) {
  ObjectStore store(api::TrackingSettings{},
                    health::Scripts({{"ConfigMap", {.lua = "return {status='Degraded'}"}}}));
  (void)store.apply(object("ConfigMap", "a", 1, tracked_by("app", "ConfigMap", "a")), Detail::full);
  const auto entry = store.find(kMap);
  ASSERT_TRUE(entry && entry->health.has_value());
  EXPECT_EQ(entry->health->code, health::Code::degraded);
}

TEST_F(ObjectStoreTest, IgnoresWhatIsOlderThanWhatItHas) {
  (void)store_.apply(mine(9), Detail::full);
  EXPECT_TRUE(store_.apply(mine(8), Detail::full).empty());
  EXPECT_EQ(store_.find(kMap)->resource_version, "9");
  EXPECT_TRUE(store_.apply(mine(9), Detail::full).empty());
  EXPECT_EQ(store_.apply(mine(10), Detail::full), std::set<std::string>{"app"});
}

TEST_F(ObjectStoreTest, TellsBothTheOldAndTheNewApplication) {
  (void)store_.apply(mine(1), Detail::full);
  const auto other = object("ConfigMap", "a", 2, tracked_by("other", "ConfigMap", "a"));
  EXPECT_EQ(store_.apply(other, Detail::full), (std::set<std::string>{"app", "other"}));
  EXPECT_TRUE(store_.objects_of("app").empty());
  EXPECT_EQ(store_.remove(kMap, "u-ConfigMapa"), std::set<std::string>{"other"});
  EXPECT_EQ(store_.size(), 0U);
}

TEST_F(ObjectStoreTest, DropsWhatARelistDidNotShow) {
  (void)store_.apply(mine(1), Detail::full);
  (void)store_.apply(object("ConfigMap", "b", 2), Detail::full);
  (void)store_.apply(object("Secret", "a", 3), Detail::full);
  EXPECT_EQ(store_.retain({"", "ConfigMap"}, "", {{"", "ConfigMap", "ns", "b"}}),
            std::set<std::string>{"app"});
  EXPECT_EQ(store_.find(kMap), nullptr);
  EXPECT_NE(store_.find({"", "Secret", "ns", "a"}), nullptr);
  EXPECT_TRUE(store_.retain({"", "ConfigMap"}, "elsewhere", {}).empty());
  EXPECT_NE(store_.find({"", "ConfigMap", "ns", "b"}), nullptr);
}

TEST_F(ObjectStoreTest, FindsTheApplicationAboveAPodThroughItsOwners) {
  const auto owned_by = [](const std::string& kind, const std::string& name) {
    return R"("ownerReferences":[{"apiVersion":"apps/v1","kind":")" + kind + R"(","name":")" +
           name + R"(","uid":"u-)" + kind + name + "\"}]";
  };
  const std::string mark =
      R"("annotations":{"argocd.argoproj.io/tracking-id":"app:apps/Deployment:ns/d"})";
  (void)store_.apply(object("Deployment", "d", 1, mark, "apps/v1"), Detail::full);
  EXPECT_EQ(store_.apply(object("ReplicaSet", "r", 2, owned_by("Deployment", "d"), "apps/v1"),
                         Detail::metadata),
            std::set<std::string>{"app"});
  EXPECT_EQ(store_.apply(object("Pod", "p", 3, owned_by("ReplicaSet", "r")), Detail::full),
            std::set<std::string>{"app"});
  EXPECT_EQ(store_.objects_of("app").size(), 1U);
  EXPECT_EQ(store_.remove({"", "Pod", "ns", "p"}, ""), std::set<std::string>{"app"});
}

TEST_F(ObjectStoreTest, DoesNotFollowACycleOfOwners) {
  const std::string self =
      R"("ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u-Podp"}])";
  EXPECT_TRUE(store_.apply(object("Pod", "p", 1, self), Detail::full).empty());
}

TEST_F(ObjectStoreTest, SeesWhatAnotherManagerAppliedBefore) {
  const auto managed = [](const std::string& manager, const std::string& operation) {
    return tracked_by("app", "ConfigMap", "a") + R"(,"managedFields":[{"manager":")" + manager +
           R"(","operation":")" + operation +
           R"(","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:k":{}}}}])";
  };
  (void)store_.apply(object("ConfigMap", "a", 1, managed("kubectl-client-side-apply", "Update")),
                     Detail::full);
  EXPECT_TRUE(store_.find(kMap)->needs_migration);
  EXPECT_EQ(store_.find(kMap)->json.find("managedFields"), std::string::npos);
  (void)store_.apply(object("ConfigMap", "a", 2, managed("argocd-controller", "Apply")),
                     Detail::full);
  EXPECT_FALSE(store_.find(kMap)->needs_migration);
  ASSERT_NE(store_.find(kMap)->owned, nullptr);
  EXPECT_FALSE(store_.find(kMap)->owned->fields.empty());
}

}  // namespace
}  // namespace tiphys::live
