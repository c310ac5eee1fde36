#pragma once

#include "net/byte_stream.hpp"

#include "tiphys/net/http_client.hpp"

#include <memory>

namespace tiphys::net {

/// Connects the stream to where the request goes: directly, to a proxy, or through a proxy's
/// tunnel; TLS included. Errors: as HttpClient; Unauthorized where a proxy wants other credentials.
asio::awaitable<base::Status> open_connection(std::shared_ptr<ByteStream> stream,
                                              std::shared_ptr<const HttpRequest> request,
                                              StepLimits limits);

}  // namespace tiphys::net
