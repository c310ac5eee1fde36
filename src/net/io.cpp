#include "net/io_impl.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>

#include <csignal>

namespace tiphys::net {

namespace {

thread_local bool t_on_io_thread = false;

void run_io_thread(asio::io_context& context) {
  t_on_io_thread = true;
  context.run();
}

}  // namespace

struct IoRuntime::Timer::State {
  explicit State(Strand on) : strand(std::move(on)), timer(strand) {}
  Strand strand;
  asio::steady_timer timer;
  bool canceled = false;  // touched on the strand only
};

void IoRuntime::Timer::cancel() {
  if (!state_) return;
  asio::post(state_->strand, [state = state_] {
    state->canceled = true;
    state->timer.cancel();
  });
}

IoRuntime::IoRuntime(int threads) : impl_(std::make_unique<Impl>()) {
  // The new threads must not take the signals that main waits for, and a peer that is gone is an
  // error code, not a signal.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int i = 0; i < threads; ++i)
    impl_->threads.emplace_back([context = &impl_->context] { run_io_thread(*context); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

IoRuntime::~IoRuntime() { stop(); }

IoRuntime::Timer IoRuntime::after(std::chrono::milliseconds delay, std::function<void()> fn) {
  Timer handle;
  handle.state_ = std::make_shared<Timer::State>(impl_->make_strand());
  asio::post(handle.state_->strand, [state = handle.state_, delay, fn = std::move(fn)]() mutable {
    if (state->canceled) return;
    state->timer.expires_after(delay);
    state->timer.async_wait([state, fn = std::move(fn)](boost::system::error_code error) {
      if (!error && !state->canceled) fn();
    });
  });
  return handle;
}

void IoRuntime::post(std::function<void()> fn) { asio::post(impl_->context, std::move(fn)); }

void IoRuntime::stop() {
  impl_->work.reset();
  impl_->context.stop();
  for (auto& thread : impl_->threads) {
    if (thread.joinable()) thread.join();
  }
}

bool IoRuntime::on_io_thread() { return t_on_io_thread; }

}  // namespace tiphys::net
