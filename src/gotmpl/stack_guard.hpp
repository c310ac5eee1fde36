#pragma once

#include <cstddef>

namespace tiphys::gotmpl {

/// An address inside the caller's stack frame.
inline const char* stack_pointer() { return static_cast<const char*>(__builtin_frame_address(0)); }

/// Bytes of stack between two frames of one thread; it grows downwards on every machine we build
/// for.
inline std::size_t stack_used(const char* base, const char* now) {
  return base > now ? static_cast<std::size_t>(base - now) : 0;
}

}  // namespace tiphys::gotmpl
