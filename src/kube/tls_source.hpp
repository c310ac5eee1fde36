#pragma once

#include "tiphys/base/clock.hpp"
#include "tiphys/base/guarded.hpp"
#include "tiphys/base/result.hpp"
#include "tiphys/kube/config.hpp"
#include "tiphys/net/tls.hpp"

#include <memory>
#include <optional>

namespace tiphys::kube {

/// The TLS context of one API server. What came from files is read again every minute, and after
/// invalidate(): a CA or a client certificate that is rotated on disk needs no restart. Any thread.
class TlsSource {
 public:
  /// Errors: Invalid (certificates).
  static base::Result<std::unique_ptr<TlsSource>> make(net::TlsOptions options, TlsFiles files);

  /// The same one until a file has changed. Files that can't be read or don't hold what they should
  /// (half written) change nothing.
  std::shared_ptr<const net::TlsContext> context(const base::Clock& clock);
  /// The next context() reads the files again.
  void invalidate();

 private:
  struct State {
    net::TlsOptions options;
    std::shared_ptr<const net::TlsContext> context;
    std::optional<base::SteadyTime> read_at;
  };
  explicit TlsSource(TlsFiles files) : files_(std::move(files)) {}
  void read_files(State& state) const;

  TlsFiles files_;
  base::Guarded<State> state_;
};

}  // namespace tiphys::kube
