#pragma once

#include "support/control_plane.hpp"
#include "support/helper_program.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace tiphys::test {

/// A proxy on a loopback port that breaks connections on order. One thread at a time. It ends with
/// the object or the process.
///
/// tcp() knows bytes only: put it in front of a git server, or of the API server if the client need
/// not log in by a certificate. api_server() ends TLS with a certificate of the control plane's CA
/// and reads HTTP/1.1: its faults concern the answers of watches only, unless scope() says
/// otherwise; bearer tokens pass.
class FaultProxy {
 public:
  static std::unique_ptr<FaultProxy> tcp(int target_port);
  static std::unique_ptr<FaultProxy> api_server(const ControlPlane& plane);

  int port() const { return helper_.port(); }
  /// http://127.0.0.1:PORT, or https for api_server(): what a kubeconfig or a repository URL takes.
  std::string url() const;

  /// api_server() only: which requests the faults concern.
  enum class Requests { watches, all };
  /// `match`: only those whose path and query contain it ("" all), e.g. "/applications".
  void scope(Requests requests, const std::string& match = {});

  /// Lasting faults; each replaces the one before. They hold for open and for new connections.
  void delay(milliseconds time);  ///< every piece comes this much later
  void throttle(int bytes_per_second);
  void half_open();  ///< nothing goes on and nothing is closed; those connections stay dead
  void refuse();     ///< new connections are reset at once
  void heal();

  /// Once: ends the open connections (concerned, in api_server() mode), by FIN or by RST. Returns
  /// how many.
  std::size_t cut();
  std::size_t reset();
  /// api_server() only: the next `count` watches (that scope()'s match takes) are answered 410
  /// Expired, as the answer's status or as an ERROR event in a stream.
  enum class Expired { as_status, as_event };
  void expire_watches(int count, Expired how = Expired::as_event);

  struct Connections {
    std::size_t open = 0;
    std::size_t accepted = 0;  ///< since the start
    std::size_t watches = 0;   ///< open ones that a watch is being answered on
  };
  Connections connections();

 private:
  FaultProxy(std::string scheme, std::vector<std::string> args,
             std::unique_ptr<TempDir> certificates);
  void fault(std::string_view kind, std::string_view key = {}, std::int64_t amount = 0);

  std::string scheme_;
  std::unique_ptr<TempDir> certificates_;
  HelperProgram helper_;
};

}  // namespace tiphys::test
