#include "environment.hpp"

#include <cstdlib>

namespace tiphys::main {

std::string environment(const char* name) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace tiphys::main
