#pragma once

#include "tiphys/net/io.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <thread>
#include <vector>

namespace tiphys::net {

namespace asio = boost::asio;

/// Everything of one connection runs on its strand.
using Strand = asio::strand<asio::io_context::executor_type>;

struct IoRuntime::Impl {
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::vector<std::thread> threads;

  Strand make_strand() { return asio::make_strand(context.get_executor()); }
};

}  // namespace tiphys::net
