#include "git/libgit2_calls.hpp"

#include "tiphys/base/shared_library.hpp"

namespace tiphys::git {

namespace {

// The version whose headers we are compiled with: another one's structures may differ.
constexpr const char* kLibrary = "libgit2.so." LIBGIT2_SOVERSION;

struct Loaded {
  Libgit2Calls calls;
  base::Status status;
};

Loaded load() {
  Loaded out;
#define TIPHYS_SYMBOL(name) {"git_" #name, reinterpret_cast<void**>(&out.calls.name)},
  const base::Symbol symbols[] = {TIPHYS_LIBGIT2(TIPHYS_SYMBOL)};
#undef TIPHYS_SYMBOL
  out.status = base::open_library(kLibrary, symbols);
  return out;
}

const Loaded& loaded() {
  static const Loaded once = load();
  return once;
}

}  // namespace

base::Status load_libgit2() { return loaded().status; }

const Libgit2Calls& git2() { return loaded().calls; }

}  // namespace tiphys::git
