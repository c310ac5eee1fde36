#include "git/libgit2_calls.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

namespace tiphys::git {

using base::Code;
using base::Error;

namespace {

// The version whose headers we are compiled with: another one's structures may differ.
constexpr const char* kLibrary = "libgit2.so." LIBGIT2_SOVERSION;

struct Loaded {
  Libgit2Calls calls;
  base::Status status;
};

Error missing() {
  const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it a thread
  return {Code::Internal, fmt::format("loading {}: {}", kLibrary, why != nullptr ? why : "")};
}

template <typename Function>
bool find(void* library, const char* name, Function& out) {
  out = reinterpret_cast<Function>(::dlsym(library, name));
  return out != nullptr;
}

Loaded load() {
  Loaded out;
  void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    out.status = missing();
    return out;
  }
#define TIPHYS_FIND(name) \
  if (out.status.ok() && !find(library, "git_" #name, out.calls.name)) out.status = missing();
  TIPHYS_LIBGIT2(TIPHYS_FIND)
#undef TIPHYS_FIND
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
