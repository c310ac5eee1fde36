#pragma once

#include "runtime.hpp"

#include "tiphys/api/own_state.hpp"

#include <string>
#include <vector>

/// The rows of status.operationState.syncResult, and what can be read from them again.
namespace tiphys::controller {

/// Names an attempt of an operation: the hooks that it makes carry it.
std::string run_id(const api::OperationState& state);

/// Starts with what the status and our own state tell of the attempt, unless it is known already.
void resume_attempt(Runtime& runtime, const api::OperationState& state, const api::OwnState& own);

/// Rows of what needs no write: in sync already, or refused by a guard.
void add_rows(Runtime& runtime, const std::vector<plan::Task>& skipped);
/// What an execution brought.
void add_outcome(Runtime& runtime, const sync::Outcome& outcome);
/// What became of tasks that were written: hookPhase and message of their rows.
void update_rows(Runtime& runtime, const std::vector<plan::TaskView>& views);

api::SyncResult result_of(const Runtime& runtime, const std::string& revision,
                          const api::Spec& spec);

/// Why a sync failed, in Argo CD's words: "one or more objects failed to apply, reason: a,b".
std::string failure_message(const Runtime& runtime);

}  // namespace tiphys::controller
