#include "tiphys/base/failpoint.hpp"

#include "tiphys/base/guarded.hpp"

#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

namespace tiphys::base {

namespace {

constexpr int kExitStatus = 86;

struct Armed {
  bool stop = false;
  int hits_left = 1;
};
using Table = std::map<std::string, Armed, std::less<>>;

Table read_environment() {
  Table table;
  const char* text =
      std::getenv("TIPHYS_FAILPOINTS");  // NOLINT(concurrency-mt-unsafe): once, at first use
  std::string_view rest = text == nullptr ? std::string_view() : std::string_view(text);
  while (!rest.empty()) {
    const std::string_view item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view action = item.substr(equals + 1);
    Armed armed;
    if (const auto at = action.find('@'); at != std::string_view::npos) {
      std::from_chars(action.data() + at + 1, action.data() + action.size(), armed.hits_left);
      action = action.substr(0, at);
    }
    armed.stop = action == "stop";
    table.emplace(item.substr(0, equals), armed);
  }
  return table;
}

}  // namespace

void failpoint(std::string_view name) {
  static Guarded<Table> table{read_environment()};
  static const bool armed = !table.lock()->empty();
  if (!armed) return;
  bool stop = false;
  {
    auto lock = table.lock();
    const auto found = lock->find(name);
    if (found == lock->end() || --found->second.hits_left != 0) return;
    stop = found->second.stop;
  }
  if (stop) {
    (void)raise(SIGSTOP);
  } else {
    _exit(kExitStatus);
  }
}

}  // namespace tiphys::base
