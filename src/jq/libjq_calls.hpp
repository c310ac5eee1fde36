#pragma once

#include "tiphys/base/result.hpp"

extern "C" {
#include <jq.h>
}

namespace tiphys::jq {

// clang-format off
/// Every function of libjq that we call.
#define TIPHYS_LIBJQ(X) \
  X(jq_init) X(jq_set_error_cb) X(jq_compile) X(jq_start) X(jq_next) X(jq_teardown) \
  X(jv_get_kind) X(jv_copy) X(jv_free) X(jv_string_value) X(jv_dump_string) X(jv_parse_sized)
// clang-format on

/// libjq is opened at run time: with it comes a library of regular expressions, and nothing but its
/// workers needs them.
struct LibjqCalls {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name that is declared has none
#define TIPHYS_DECLARE(name) decltype(&::name) name = nullptr;
  TIPHYS_LIBJQ(TIPHYS_DECLARE)
#undef TIPHYS_DECLARE
};

/// Opens the library at the first call in the process. Errors: Internal.
base::Status load_libjq();

/// Only after load_libjq() gave success.
const LibjqCalls& libjq();

}  // namespace tiphys::jq
