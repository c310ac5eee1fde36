#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

namespace tiphys::base {

/// Data with the lock that guards it: the data can only be reached through lock(). There are no
/// naked mutexes beside data elsewhere in the project. Any thread may call lock().
///   auto state = guarded_.lock();  state->count += 1;   // unlocked at the end of the scope
template <class T>
class Guarded {
 public:
  class Lock {
   public:
    T* operator->() const { return data_; }
    T& operator*() const { return *data_; }
    /// For condition variables: waits release and take back this lock.
    std::unique_lock<std::mutex>& handle() { return lock_; }

   private:
    friend class Guarded;
    Lock(std::mutex& mutex, T* data) : lock_(mutex), data_(data) {}
    std::unique_lock<std::mutex> lock_;
    T* data_;
  };

  class ConstLock {
   public:
    const T* operator->() const { return data_; }
    const T& operator*() const { return *data_; }

   private:
    friend class Guarded;
    ConstLock(std::mutex& mutex, const T* data) : lock_(mutex), data_(data) {}
    std::unique_lock<std::mutex> lock_;
    const T* data_;
  };

  template <class... Args>
  explicit Guarded(Args&&... args) : data_(std::forward<Args>(args)...) {}

  Lock lock() { return Lock(mutex_, &data_); }
  ConstLock lock() const { return ConstLock(mutex_, &data_); }

 private:
  mutable std::mutex mutex_;
  T data_;
};

}  // namespace tiphys::base
