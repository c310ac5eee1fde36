#include "cli/inputs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

namespace tiphys::cli {

using base::Code;
using base::Error;
using base::Result;

namespace fs = std::filesystem;

namespace {

/// The files that a --set-file argument names, read ahead: what follows each `=` up to a comma.
void read_set_files(const std::string& argument, std::map<std::string, std::string>& files) {
  for (std::size_t at = argument.find('='); at != std::string::npos;
       at = argument.find('=', at + 1)) {
    std::string path;
    for (std::size_t i = at + 1; i < argument.size() && argument[i] != ','; ++i) {
      if (argument[i] == '\\' && i + 1 < argument.size()) ++i;
      path += argument[i];
    }
    if (auto bytes = read_file(path); bytes.ok()) files[path] = *std::move(bytes);
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!fs::exists(status))
    return Error(Code::NotFound, fmt::format("open {}: no such file or directory", path));
  if (fs::is_directory(status))
    return Error(Code::Invalid, fmt::format("read {}: is a directory", path));
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(Code::Forbidden, fmt::format("open {}: permission denied", path));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

helm::RenderInput make_input(const ChartFlags& flags) {
  helm::RenderInput input;
  input.profile = flags.profile;
  if (!flags.namespace_.empty()) input.release.namespace_ = flags.namespace_;
  input.kube_version = flags.kube_version;
  input.skip_schema_validation = flags.skip_schema_validation;
  for (const helm::ValueInput& item : flags.values) {
    helm::ValueInput& added = input.values.emplace_back(item);
    if (item.role == helm::InputRole::set_file) read_set_files(item.text, input.set_files);
    if (item.role != helm::InputRole::file) continue;
    auto bytes = read_file(item.path);
    if (bytes.ok())
      added.text = *std::move(bytes);
    else
      added.read_error = bytes.error().text();
  }
  return input;
}

}  // namespace tiphys::cli
