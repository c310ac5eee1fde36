#include "tiphys/base/shared_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

namespace tiphys::base {

namespace {

Error missing(const char* file) {
  const char* why = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it a thread
  return {Code::Internal, fmt::format("loading {}: {}", file, why != nullptr ? why : "")};
}

}  // namespace

Status open_library(const char* file, std::span<const Symbol> symbols) {
  void* library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return missing(file);
  for (const Symbol& symbol : symbols) {
    *symbol.where = ::dlsym(library, symbol.name);
    if (*symbol.where == nullptr) return missing(file);
  }
  return {};
}

}  // namespace tiphys::base
