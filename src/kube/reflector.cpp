#include "tiphys/kube/reflector.hpp"

#include "kube/page.hpp"

#include "tiphys/base/guarded.hpp"
#include "tiphys/value/json.hpp"

#include <atomic>
#include <limits>
#include <thread>

namespace tiphys::kube {

using base::Code;
using base::Error;

namespace {

/// Objects are at most 3 MiB of JSON in etcd; managedFields and encoding come on top.
constexpr std::size_t kMaxLine = std::size_t{32} << 20;
constexpr std::size_t kMaxErrorBody = 64 << 10;
/// A server ends a watch after a time between these, so that not all end at once.
constexpr int kMinWatchSeconds = 300;
constexpr int kMaxWatchSeconds = 600;

struct Setup {
  Client::Impl& client;
  base::Logger log;
  ReflectorOptions options;
  WatchRequest request;
  WatchSink sink;
  StatusSink on_status;
};

/// Runs one machine. One request or timer is under way at any time, and the next is started by the
/// end of the one before.
class Runner : public std::enable_shared_from_this<Runner> {
 public:
  explicit Runner(Setup setup) : setup_(std::move(setup)), machine_(setup_.options.backoff) {}

  void start() {
    setup_.client.io.post(
        [self = shared_from_this()] { self->guarded([&] { self->run(self->machine_.start()); }); });
  }

  void stop() {
    {
      auto control = control_.lock();
      control->stopped = true;
      // Let go of, too: the stream's handlers hold this.
      if (const auto stream = std::exchange(control->stream, nullptr)) stream->cancel();
      control->timer.cancel();
    }
    if (turn_owner_ != std::this_thread::get_id()) turn_.lock();
  }

  ReflectorStatus status() const {
    const auto control = control_.lock();
    return control->status;
  }

 private:
  struct Control {
    bool stopped = false;
    std::shared_ptr<net::HttpStream> stream;
    net::IoRuntime::Timer timer;
    ReflectorStatus status;
  };
  /// Held by whoever takes the next step; it guards all but control_.
  struct Turn {};

  bool stopped() const {
    const auto control = control_.lock();
    return control->stopped;
  }

  /// Calls fn unless stopped; stop() waits for it.
  template <class Fn>
  void guarded(Fn fn) {
    const auto turn = turn_.lock();
    if (stopped()) return;
    turn_owner_ = std::this_thread::get_id();
    fn();
    turn_owner_ = std::thread::id();
  }

  void deliver(std::vector<WatchEvent> events) {
    for (auto& event : events) {
      if (stopped()) return;
      if (event.type == WatchEvent::Type::Apply || event.type == WatchEvent::Type::Delete) {
        put_type(event.object.tree(), setup_.request.resource);
      }
      setup_.sink(std::move(event));
    }
  }

  void run(WatchMachine::Step step) {
    deliver(std::move(step.events));
    publish_status();
    // A sink that destroyed its reflector: from here on the client may be gone.
    if (!stopped()) perform(step.action);
  }

  void perform(const WatchMachine::Action& action) {
    if (const auto* const list = std::get_if<WatchMachine::List>(&action)) {
      ask_page(list->continue_token);
    } else if (const auto* const watch = std::get_if<WatchMachine::Watch>(&action)) {
      open_watch(watch->resource_version);
    } else if (const auto* const wait = std::get_if<WatchMachine::Wait>(&action)) {
      auto timer = setup_.client.io.after(wait->delay, [self = shared_from_this()] {
        self->guarded([&] { self->run(self->machine_.waited()); });
      });
      auto control = control_.lock();
      control->timer = timer;
      if (control->stopped) timer.cancel();
    }
  }

  void publish_status() {
    if (stopped()) return;
    ReflectorStatus now{machine_.synced(), machine_.problem()};
    {
      auto control = control_.lock();
      const auto& old = control->status;
      const bool same = old.synced == now.synced &&
                        old.problem.has_value() == now.problem.has_value() &&
                        (!now.problem || old.problem->text() == now.problem->text());
      if (same) return;
      control->status = now;
    }
    if (now.problem) {
      setup_.log.debug(
          "watch", {{"resource", setup_.request.resource.text()}, {"error", now.problem->text()}});
    }
    if (setup_.on_status) setup_.on_status(now);
  }

  ListOptions list_options() const {
    ListOptions what;
    what.label_selector = setup_.request.label_selector;
    what.field_selector = setup_.request.field_selector;
    what.detail = setup_.request.detail;
    what.page = setup_.options.page;
    return what;
  }

  void ask_page(const std::string& continue_token) {
    auto call = list_call(setup_.request.resource, setup_.request.namespace_, list_options(),
                          continue_token);
    const auto& clock = setup_.client.clock;
    ask(std::move(call), base::Deadline::after(clock, setup_.options.list_timeout));
  }

  void open_watch(const std::string& version) {
    const int seconds = kMinWatchSeconds +
                        static_cast<int>(random_fraction() * (kMaxWatchSeconds - kMinWatchSeconds));
    ask(watch_call(setup_.request.resource, setup_.request.namespace_, list_options(), version,
                   seconds),
        std::nullopt);
  }

  /// Sends a list (with a deadline) or a watch (without).
  void ask(ApiCall call, std::optional<base::Deadline> deadline) {
    auto request = setup_.client.request_of(call, Identity());
    if (!request.ok()) {
      // Not from here: it would call itself.
      setup_.client.io.post([self = shared_from_this(), error = std::move(request).error(),
                             listing = deadline.has_value()] {
        self->guarded([&] {
          self->run(listing ? self->machine_.list_failed(error)
                            : self->machine_.watch_ended(error));
        });
      });
      return;
    }
    if (!deadline) {
      request->silence = setup_.options.silence;
      request->max_body = std::numeric_limits<std::size_t>::max();
    }
    call_ = std::move(call);
    begun_ = setup_.client.clock.now();
    head_status_ = 0;
    head_ = {};
    buffer_.clear();
    next_.reset();
    auto stream = setup_.client.http.start_stream(*std::move(request),
                                                  handlers(deadline.has_value()), deadline);
    auto control = control_.lock();
    if (control->stopped) {
      stream->cancel();
    } else {
      control->stream = stream;
    }
  }

  net::StreamHandlers handlers(bool listing) {
    net::StreamHandlers made;
    made.on_head = [self = shared_from_this(), listing](const net::HttpResponse& head) {
      self->guarded([&] { self->on_head(head, listing); });
    };
    made.on_piece = [self = shared_from_this(), listing](std::string_view piece) {
      base::Status status;
      self->guarded([&] { status = self->on_piece(piece, listing); });
      return status;
    };
    made.on_end = [self = shared_from_this(), listing](const base::Status& status) {
      self->guarded([&] { self->on_end(status, listing); });
    };
    return made;
  }

  void on_head(const net::HttpResponse& head, bool listing) {
    setup_.client.observe(call_, head.status, begun_);
    head_ = head;
    head_status_ = head.status;
    if (listing || !head.ok()) return;
    machine_.watch_opened();
    publish_status();
  }

  base::Status on_piece(std::string_view piece, bool listing) {
    if (!head_.ok()) {
      buffer_ += piece.substr(0, kMaxErrorBody - std::min(kMaxErrorBody, buffer_.size()));
      return {};
    }
    buffer_ += piece;
    return listing ? base::Status() : read_lines();
  }

  /// Feeds the complete lines. An error ends the stream: the machine wants to do something else.
  base::Status read_lines() {
    std::size_t from = 0;
    for (auto end = buffer_.find('\n', from); end != std::string::npos;
         end = buffer_.find('\n', from)) {
      const auto line = std::string_view(buffer_).substr(from, end - from);
      from = end + 1;
      if (line.empty()) continue;
      auto parsed = value::parse_json(line);
      if (!parsed.ok())
        return Error(Code::Unavailable, "watch: a line is not JSON: " + parsed.error().text());
      auto step = machine_.watch_event(*parsed);
      deliver(std::move(step.events));
      publish_status();
      if (stopped()) return Error(Code::Canceled, "stopped");
      if (std::holds_alternative<WatchMachine::Read>(step.action)) continue;
      next_ = std::move(step.action);
      return Error(Code::Canceled, "the watch is of no more use");
    }
    buffer_.erase(0, from);
    if (buffer_.size() > kMaxLine)
      return Error(Code::ResourceExhausted,
                   "watch: a line over " + std::to_string(kMaxLine) + " bytes");
    return {};
  }

  void on_end(const base::Status& status, bool listing) {
    if (head_status_ == 0) setup_.client.observe(call_, 0, begun_);
    if (next_) {
      const auto action = *std::exchange(next_, std::nullopt);
      perform(action);
      return;
    }
    std::optional<Error> error;
    if (!status.ok()) {
      error = Error(status.error()).with_context(call_.what);
    } else if (!head_.ok()) {
      head_.body = std::exchange(buffer_, {});
      error = error_of(head_).with_context(call_.what);
      if (head_.status == 401) setup_.client.config.token.invalidate();
    }
    if (listing) {
      finish_page(std::move(error));
    } else {
      run(machine_.watch_ended(error));
    }
  }

  void finish_page(std::optional<Error> error) {
    if (error) {
      run(machine_.list_failed(*error));
      return;
    }
    const std::string body = std::exchange(buffer_, {});
    auto page = read_page(body, setup_.request.resource).context(call_.what);
    if (!page.ok()) {
      run(machine_.list_failed(page.error()));
      return;
    }
    run(machine_.listed(std::move(page->items), std::move(page->resource_version),
                        std::move(page->continue_token)));
  }

  Setup setup_;
  WatchMachine machine_;
  ApiCall call_;
  base::SteadyTime begun_;
  net::HttpResponse head_;
  int head_status_ = 0;
  std::string buffer_;
  std::optional<WatchMachine::Action> next_;
  base::Guarded<Turn> turn_;
  std::atomic<std::thread::id> turn_owner_;
  base::Guarded<Control> control_;
};

class HttpReflector final : public Reflector {
 public:
  explicit HttpReflector(std::shared_ptr<Runner> runner) : runner_(std::move(runner)) {}
  ~HttpReflector() override { runner_->stop(); }
  HttpReflector(const HttpReflector&) = delete;
  HttpReflector& operator=(const HttpReflector&) = delete;
  ReflectorStatus status() const override { return runner_->status(); }

 private:
  std::shared_ptr<Runner> runner_;
};

class HttpReflectorFactory final : public ReflectorFactory {
 public:
  HttpReflectorFactory(Client& client, base::Logger log, ReflectorOptions options)
      : client_(client), log_(std::move(log)), options_(std::move(options)) {
    if (!options_.backoff.random) options_.backoff.random = random_fraction;
  }

  std::unique_ptr<Reflector> start(WatchRequest request, WatchSink sink,
                                   StatusSink on_status) override {
    const auto runner = std::make_shared<Runner>(Setup{
        client_.impl(), log_, options_, std::move(request), std::move(sink), std::move(on_status)});
    runner->start();
    return std::make_unique<HttpReflector>(runner);
  }

 private:
  Client& client_;
  base::Logger log_;
  ReflectorOptions options_;
};

}  // namespace

std::unique_ptr<ReflectorFactory> make_reflector_factory(Client& client, base::Logger log,
                                                         ReflectorOptions options) {
  return std::make_unique<HttpReflectorFactory>(client, std::move(log), std::move(options));
}

}  // namespace tiphys::kube
