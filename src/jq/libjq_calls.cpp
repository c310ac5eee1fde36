#include "jq/libjq_calls.hpp"

#include "tiphys/base/shared_library.hpp"

namespace tiphys::jq {

namespace {

struct Loaded {
  LibjqCalls calls;
  base::Status status;
};

Loaded load() {
  Loaded out;
#define TIPHYS_SYMBOL(name) {#name, reinterpret_cast<void**>(&out.calls.name)},
  const base::Symbol symbols[] = {TIPHYS_LIBJQ(TIPHYS_SYMBOL)};
#undef TIPHYS_SYMBOL
  out.status = base::open_library("libjq.so.1", symbols);
  return out;
}

const Loaded& loaded() {
  static const Loaded once = load();
  return once;
}

}  // namespace

base::Status load_libjq() { return loaded().status; }

const LibjqCalls& libjq() { return loaded().calls; }

}  // namespace tiphys::jq
