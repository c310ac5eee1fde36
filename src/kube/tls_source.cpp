#include "kube/tls_source.hpp"

#include "kube/files.hpp"

#include <utility>

namespace tiphys::kube {

namespace {

constexpr std::chrono::milliseconds kAge{60'000};

}  // namespace

base::Result<std::unique_ptr<TlsSource>> TlsSource::make(net::TlsOptions options, TlsFiles files) {
  std::unique_ptr<TlsSource> made(new TlsSource(std::move(files)));
  auto state = made->state_.lock();
  TRY_ASSIGN(state->context, net::TlsContext::make(options));
  state->options = std::move(options);
  return made;
}

std::shared_ptr<const net::TlsContext> TlsSource::context(const base::Clock& clock) {
  auto state = state_.lock();
  if (files_.empty()) return state->context;
  const auto now = clock.now();
  if (!state->read_at || now - *state->read_at >= kAge) {
    state->read_at = now;
    read_files(*state);
  }
  return state->context;
}

void TlsSource::invalidate() { state_.lock()->read_at.reset(); }

void TlsSource::read_files(State& state) const {
  net::TlsOptions options = state.options;
  for (const auto& [path, pem] : {std::pair(&files_.ca, &options.ca_pem),
                                  std::pair(&files_.client_cert, &options.client_cert_pem),
                                  std::pair(&files_.client_key, &options.client_key_pem)}) {
    if (path->empty()) continue;
    auto text = read_small_file(*path);
    if (!text.ok()) return;
    *pem = *std::move(text);
  }
  const auto& before = state.options;
  if (options.ca_pem == before.ca_pem && options.client_cert_pem == before.client_cert_pem &&
      options.client_key_pem == before.client_key_pem) {
    return;
  }
  auto context = net::TlsContext::make(options);
  if (!context.ok()) return;
  state.context = *std::move(context);
  state.options = std::move(options);
}

}  // namespace tiphys::kube
