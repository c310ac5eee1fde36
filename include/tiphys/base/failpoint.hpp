#pragma once

#include <string_view>

namespace tiphys::base {

/// A named place where a test can make the process die or stop. Compiled in always; armed only by
/// the environment variable TIPHYS_FAILPOINTS, a comma list of `name=action[@hit]`:
///   name=exit@2   the second time this place is reached, the process ends at once with status 86
///   (as kill -9) name=stop@1   the first time, the process stops itself (SIGSTOP) and goes on when
///   continued
/// Unarmed it costs one relaxed load. Any thread.
void failpoint(std::string_view name);

}  // namespace tiphys::base
