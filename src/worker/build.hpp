#pragma once

namespace tiphys::worker {

/// Sanitizers reserve terabytes of address space, and several times the memory of a plain build:
/// the kernel's limit of memory can't hold for them, and the bounds that are looked at are wider.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

/// The descriptor at which a child finds its parent.
inline constexpr int kChildSocket = 3;

}  // namespace tiphys::worker
