#include "tiphys/kube/client.hpp"

#include "unit/kube/scripted_api.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tiphys::kube {
namespace {

using base::Code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::client_of;
using testing::json;
using testing::pods;
using testing::ScriptedApi;
using testing::status;

class ClientTest : public ::testing::Test {
 protected:
  CallOptions in(milliseconds span = seconds(20)) const {
    return base::Deadline::after(clock_, span);
  }
  static k8s::Object pod(const std::string& text) {
    return k8s::Object::trusted(*value::parse_json(text));
  }

  base::SystemClock clock_;
  net::IoRuntime io_;
  net::HttpClient http_{io_, clock_};
  ScriptedApi api_{io_};
  std::unique_ptr<Client> client_ = client_of(api_, http_, io_, clock_);
};

const char* const kPod =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"ns"}})";

TEST_F(ClientTest, GetsAnObject) {
  api_.then(json(200, kPod));
  const auto got = client_->get(pods(), "ns", "a", in());
  ASSERT_TRUE(got.ok()) << got.error().text();
  EXPECT_EQ(got->name(), "a");
  const auto seen = api_.requests().at(0);
  EXPECT_EQ(seen.method + " " + seen.path, "GET /api/v1/namespaces/ns/pods/a");
  EXPECT_EQ(seen.header("User-Agent"), "tiphys/1 (me)");
  EXPECT_EQ(seen.header("Authorization"), "Bearer secret");
}

TEST_F(ClientTest, AppliesWithItsManagerAndForce) {
  api_.then(json(200, kPod));
  auto options = in();
  options.field_manager = "argocd-controller";
  options.dry_run = true;
  options.identity = {"system:serviceaccount:a:b", {"g1", "g2"}};
  ASSERT_TRUE(client_->apply(pods(), pod(kPod), options).ok());
  const auto seen = api_.requests().at(0);
  EXPECT_EQ(seen.method + " " + seen.path, "PATCH /api/v1/namespaces/ns/pods/a");
  EXPECT_EQ(seen.query, "fieldManager=argocd-controller&dryRun=All&force=true");
  EXPECT_EQ(seen.header("Content-Type"), "application/apply-patch+yaml");
  EXPECT_EQ(seen.header("Impersonate-User"), "system:serviceaccount:a:b");
  EXPECT_EQ(seen.header("Impersonate-Group"), "g1");
  EXPECT_EQ(seen.body, kPod);
}

TEST_F(ClientTest, DeletesWithPreconditions) {
  api_.then(json(200, R"({"kind":"Status","status":"Success"})"));
  DeleteOptions how;
  how.propagation = "Background";
  how.uid = "u";
  how.resource_version = "7";
  ASSERT_TRUE(client_->remove(pods(), "ns", "a", how, in()).ok());
  const auto body = *value::parse_json(api_.requests().at(0).body);
  EXPECT_EQ(body["propagationPolicy"].text(), "Background");
  EXPECT_EQ(body.at({"preconditions", "uid"}).text(), "u");
  EXPECT_EQ(body.at({"preconditions", "resourceVersion"}).text(), "7");
  EXPECT_TRUE(body["dryRun"].is_null());
}

// The server reads no query of a DELETE that has a body.
TEST_F(ClientTest, SaysInTheBodyOfADeleteThatItIsADryRun) {
  api_.then(json(200, R"({"kind":"Status","status":"Success"})"));
  auto options = in();
  options.dry_run = true;
  ASSERT_TRUE(client_->remove(pods(), "ns", "a", DeleteOptions(), options).ok());
  const auto body = *value::parse_json(api_.requests().at(0).body);
  ASSERT_EQ(body["dryRun"].size(), 1U);
  EXPECT_EQ(body["dryRun"].items()[0].text(), "All");
}

TEST_F(ClientTest, NamesTheCallInItsErrors) {
  api_.then(status(403, "Forbidden", "pods is forbidden"));
  const auto got = client_->merge_patch(pods(), "ns", "a", value::Value::object({}), in());
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code(), Code::Forbidden);
  EXPECT_EQ(got.error().text(), "patch pods ns/a: pods is forbidden");
}

TEST_F(ClientTest, ListsAllPagesAndPutsTheTypeIn) {
  api_.then(json(200, R"({"kind":"PodList","metadata":{"resourceVersion":"5","continue":"n/x="},)"
                      R"("items":[{"metadata":{"name":"a"}}]})"));
  api_.then(json(200, R"({"kind":"PodList","metadata":{"resourceVersion":"5"},)"
                      R"("items":[{"metadata":{"name":"b"}}]})"));
  ListOptions what;
  what.label_selector = "a=b";
  const auto got = client_->list(pods(), "ns", what, in());
  ASSERT_TRUE(got.ok()) << got.error().text();
  ASSERT_EQ(got->items.size(), 2U);
  EXPECT_EQ(got->items[1].gvk().kind, "Pod");
  EXPECT_EQ(got->items[1].api_version(), "v1");
  EXPECT_EQ(got->resource_version, "5");
  EXPECT_EQ(api_.requests().at(0).query, "labelSelector=a%3Db&limit=500");
  EXPECT_EQ(api_.requests().at(1).query, "labelSelector=a%3Db&limit=500&continue=n%2Fx%3D");
}

TEST_F(ClientTest, StartsAListOverWhenAPageExpired) {
  const std::string first =
      R"({"kind":"PodList","metadata":{"resourceVersion":"5","continue":"c"},)"
      R"("items":[{"metadata":{"name":"a"}}]})";
  api_.then(json(200, first));
  api_.then(status(410, "Expired", "too old"));
  api_.then(json(200, R"({"kind":"PodList","metadata":{"resourceVersion":"9"},"items":[]})"));
  const auto got = client_->list(pods(), "", ListOptions(), in());
  ASSERT_TRUE(got.ok()) << got.error().text();
  EXPECT_TRUE(got->items.empty());
  EXPECT_EQ(got->resource_version, "9");
}

TEST_F(ClientTest, WaitsWhenTheServerIsBusyAlsoWithAWrite) {
  api_.then(status(429, "TooManyRequests", "busy", {{"Retry-After", "1"}}));
  api_.then(json(200, kPod));
  const auto start = std::chrono::steady_clock::now();
  auto options = in();
  options.field_manager = "m";
  ASSERT_TRUE(client_->apply(pods(), pod(kPod), options).ok());
  EXPECT_GE(std::chrono::steady_clock::now() - start, seconds(1));
}

TEST_F(ClientTest, DoesNotWaitBeyondItsDeadline) {
  api_.then(status(429, "TooManyRequests", "busy", {{"Retry-After", "60"}}));
  const auto got = client_->get(pods(), "ns", "a", in(seconds(10)));
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code(), Code::TooManyRequests);
  EXPECT_EQ(got.error().retry_after(), seconds(60));
  EXPECT_EQ(api_.requests().size(), 1U);
}

TEST_F(ClientTest, RepeatsAfterA5xxWhereTheServerSaysWhenAlsoAWrite) {
  for (const int code : {500, 503, 504}) {
    api_.then(status(code, "Whatever", "later", {{"Retry-After", "0"}}));
    api_.then(json(200, kPod));
  }
  EXPECT_TRUE(client_->get(pods(), "ns", "a", in()).ok());
  EXPECT_TRUE(client_->create(pods(), pod(kPod), in()).ok());
  EXPECT_TRUE(client_->remove(pods(), "ns", "a", DeleteOptions(), in()).ok());
  EXPECT_EQ(api_.requests().size(), 6U);
}

TEST_F(ClientTest, TakesA5xxAsFinalWhereTheServerDoesNotSayWhen) {
  for (const int code : {500, 503}) api_.then(status(code, "Whatever", "oops"));
  api_.then(status(429, "TooManyRequests", "busy"));
  const auto read = client_->get(pods(), "ns", "a", in());
  const auto written = client_->create(pods(), pod(kPod), in());
  const auto busy = client_->get(pods(), "ns", "a", in());
  ASSERT_FALSE(read.ok() || written.ok() || busy.ok());
  EXPECT_EQ(written.error().code(), Code::Unavailable);
  EXPECT_EQ(busy.error().code(), Code::TooManyRequests);
  EXPECT_EQ(api_.requests().size(), 3U);
}

TEST_F(ClientTest, ReadsTheTokenAgainAfterA401) {
  std::string pattern = (std::filesystem::temp_directory_path() / "tiphys-token-XXXXXX").string();
  const std::string folder = ::mkdtemp(pattern.data());
  std::ofstream(folder + "/token") << "old";
  auto client = client_of(api_, http_, io_, clock_, {}, TokenSource::file(folder + "/token"));
  api_.then([&](const net::ServerRequest&) {
    std::ofstream(folder + "/token") << "new";
    return status(401, "Unauthorized", "expired");
  });
  api_.then(json(200, kPod));
  EXPECT_TRUE(client->get(pods(), "ns", "a", in()).ok());
  EXPECT_EQ(api_.requests().at(0).header("Authorization"), "Bearer old");
  EXPECT_EQ(api_.requests().at(1).header("Authorization"), "Bearer new");
  std::filesystem::remove_all(folder);
}

TEST_F(ClientTest, AsksTheGateBeforeWritesOnly) {
  int asked = 0;
  Client::Options options;
  options.write_gate = [&asked]() -> base::Status {
    ++asked;
    return base::Error(Code::Canceled, "the lease is lost");
  };
  auto client = client_of(api_, http_, io_, clock_, options);
  api_.then(json(200, kPod));
  EXPECT_TRUE(client->get(pods(), "ns", "a", in()).ok());
  EXPECT_EQ(asked, 0);

  const auto refused = client->create(pods(), pod(kPod), in());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().text(), "create pods ns/a: the lease is lost");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(api_.requests().size(), 1U);

  auto free = in();
  free.ungated = true;
  api_.then(json(201, kPod));
  EXPECT_TRUE(client->create(pods(), pod(kPod), free).ok());
  EXPECT_EQ(asked, 1);
}

TEST_F(ClientTest, TellsItsObserverOfEveryAttempt) {
  base::Guarded<std::vector<std::string>> told;
  Client::Options options;
  options.observer = [&](std::string_view verb, std::string_view resource, int code,
                         std::chrono::nanoseconds took) {
    EXPECT_GE(took.count(), 0);
    told.lock()->push_back(std::string(verb) + " " + std::string(resource) + " " +
                           std::to_string(code));
  };
  auto client = client_of(api_, http_, io_, clock_, options);
  api_.then(status(500, "InternalError", "oops", {{"Retry-After", "0"}}));
  api_.then(json(200, kPod));
  EXPECT_TRUE(client->get(pods(), "ns", "a", in()).ok());
  auto dry = in();
  dry.dry_run = true;
  dry.field_manager = "m";
  api_.then(json(200, kPod));
  EXPECT_TRUE(client->apply(pods(), pod(kPod), dry).ok());
  api_.stop();
  EXPECT_FALSE(client->remove(pods(), "ns", "a", DeleteOptions(), in()).ok());
  EXPECT_EQ(*told.lock(), (std::vector<std::string>{"get pods 500", "get pods 200",
                                                    "dryrun pods 200", "delete pods 0"}));
}

TEST_F(ClientTest, RefusesWhatHasNoPlace) {
  EXPECT_EQ(client_->get(pods(), "", "a", in()).error().code(), Code::Invalid);
  EXPECT_EQ(client_->get(pods(), "ns", "", in()).error().code(), Code::Invalid);
  EXPECT_EQ(client_->apply(pods(), pod(kPod), in()).error().text(),
            "apply pods ns/a: an apply needs a field manager");
  EXPECT_TRUE(api_.requests().empty());
}

}  // namespace
}  // namespace tiphys::kube
