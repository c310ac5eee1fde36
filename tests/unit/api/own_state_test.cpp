#include "tiphys/api/own_state.hpp"

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::api {
namespace {

using base::Code;

OwnState full_state() {
  OwnState state;
  state.operation_id = "2026-11-23T10:00:00Z-0a1b2c3d";
  state.phase = "Sync";
  state.wave = -2;
  state.wave_started_at = base::parse_rfc3339("2026-11-23T10:00:07Z");
  state.hold = OwnState::Hold{"abc", "the sync of abc failed"};
  state.last_good_revision = "def";
  return state;
}

TEST(OwnState, IsPrintedAsCompactJsonAndReadBack) {
  const auto text = print_own_state(full_state());
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, R"({"hold":{"reason":"the sync of abc failed","revision":"abc"},)"
                   R"("lastGoodRevision":"def","operationId":"2026-11-23T10:00:00Z-0a1b2c3d",)"
                   R"("phase":"Sync","wave":-2,"waveStartedAt":"2026-11-23T10:00:07Z"})");
  const auto read = parse_own_state(*text);
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(*read, full_state());
}

TEST(OwnState, OfNothingIsNoAnnotation) {
  EXPECT_EQ(*print_own_state({}), "");
  const auto read = parse_own_state("");
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->empty());
}

TEST(OwnState, LeavesOutMembersThatItDoesNotKnow) {
  const auto read = parse_own_state(R"({"lastGoodRevision":"abc","of a later version":[1]})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->last_good_revision, "abc");
}

TEST(OwnState, NamesTheMemberThatIsWrong) {
  struct Case {
    const char* text;
    const char* wanted;
  };
  for (const Case& one :
       {Case{"[]", "tiphys.io/state: expected a map, not a list"},
        Case{R"({"wave":"1"})", "tiphys.io/state.wave: expected a whole number, not a string"},
        Case{R"({"hold":true})", "tiphys.io/state.hold: expected a map, not a boolean"},
        Case{R"({"hold":{"reason":1}})",
             "tiphys.io/state.hold.reason: expected a string, not a number"},
        Case{R"({"waveStartedAt":"soon"})",
             "tiphys.io/state.waveStartedAt: expected a time as RFC 3339 has it"}}) {
    const auto read = parse_own_state(one.text);
    ASSERT_FALSE(read.ok()) << one.text;
    EXPECT_EQ(read.error().code(), Code::Invalid);
    EXPECT_EQ(read.error().text(), one.wanted);
  }
  const auto broken = parse_own_state("{");
  ASSERT_FALSE(broken.ok());
  EXPECT_TRUE(broken.error().text().starts_with("tiphys.io/state: ")) << broken.error().text();
}

TEST(OwnState, CutsAReasonBetweenCharacters) {
  OwnState state;
  state.hold = OwnState::Hold{"abc", {}};
  for (int i = 0; i < 5000; ++i) state.hold->reason += "\u00fc";
  const auto text = print_own_state(state);
  ASSERT_TRUE(text.ok()) << text.error().text();
  ASSERT_LE(text->size(), kOwnStateLimit);
  const auto read = parse_own_state(*text);
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(read->hold->reason.size(), 2047U);  // 2048 would end in the middle of a character
  EXPECT_TRUE(read->hold->reason.ends_with("\u00fc..."));
}

TEST(OwnState, IsRefusedOverEightKibibytes) {
  OwnState state;
  state.last_good_revision = std::string(kOwnStateLimit, 'a');
  const auto text = print_own_state(state);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code(), Code::ResourceExhausted);
  EXPECT_EQ(text.error().text(), "tiphys.io/state: 8215 bytes, the limit is 8192");
  const auto read = parse_own_state(std::string(kOwnStateLimit + 1, ' '));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code(), Code::ResourceExhausted);
}

OperationState operation(const char* json) {
  OperationState state;
  state.operation = *value::parse_json(json);
  state.started_at = *base::parse_rfc3339("2026-11-23T10:00:00Z");
  return state;
}

TEST(OwnState, TellsOperationsOfOneSecondApart) {
  const auto first = operation_id_of(operation(R"({"sync":{"revision":"abc"}})"));
  EXPECT_TRUE(first.starts_with("2026-11-23T10:00:00Z-")) << first;
  EXPECT_EQ(first, operation_id_of(operation(R"({"sync":{"revision":"abc"}})")));
  EXPECT_NE(first, operation_id_of(operation(R"({"sync":{"revision":"abd"}})")));
}

Status good_status() {
  Status status;
  status.operation_state = operation(R"({"sync":{"revision":"abc"}})");
  status.operation_state->phase = OperationPhase::succeeded;
  status.operation_state->sync_result.emplace().revision = "abc";
  status.sync.status = SyncCode::synced;
  status.sync.revision = "abc";
  status.health.status = "Healthy";
  return status;
}

TEST(OwnState, IsProvenGoodBySucceededAndThenHealthy) {
  EXPECT_EQ(proven_good(good_status()), "abc");
}

TEST(OwnState, IsNotProvenGoodByLess) {
  const auto refused = [](auto change) {
    Status status = good_status();
    change(status);
    return proven_good(status).empty();
  };
  EXPECT_TRUE(refused([](Status& s) { s.health.status = "Progressing"; }));
  EXPECT_TRUE(refused([](Status& s) { s.sync.revision = "abd"; }));
  EXPECT_TRUE(refused([](Status& s) { s.sync.status = SyncCode::out_of_sync; }));
  EXPECT_TRUE(refused([](Status& s) { s.operation_state->phase = OperationPhase::failed; }));
  EXPECT_TRUE(refused([](Status& s) { s.operation_state->sync_result.reset(); }));
  EXPECT_TRUE(refused([](Status& s) { s.operation_state.reset(); }));
  EXPECT_TRUE(refused([](Status& s) {
    s.operation_state->operation = *value::parse_json(R"({"sync":{"dryRun":true}})");
  }));
  EXPECT_TRUE(refused([](Status& s) {
    s.operation_state->operation =
        *value::parse_json(R"({"sync":{"resources":[{"kind":"ConfigMap","name":"a"}]}})");
  }));
}

}  // namespace
}  // namespace tiphys::api
