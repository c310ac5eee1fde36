#include "tiphys/helm/wire.hpp"

#include "tiphys/base/wire.hpp"
#include "tiphys/value/json.hpp"

#include <utility>

namespace tiphys::helm {

using base::WireReader;
using base::WireWriter;

namespace {

constexpr auto kProfiles = static_cast<std::uint64_t>(Profile::v3_21) + 1;
constexpr auto kRoles = static_cast<std::uint64_t>(InputRole::set_literal) + 1;

base::Status write_value(WireWriter& out, const ValueInput& item) {
  out.number(static_cast<std::uint64_t>(item.role));
  out.text(item.path);
  out.text(item.text);
  out.text(item.read_error);
  std::string json;
  if (item.role == InputRole::object) {
    TRY_ASSIGN(json, value::write_json(item.tree));
  }
  out.text(json);
  return {};
}

base::Result<ValueInput> read_value(WireReader& in) {
  ValueInput item;
  item.role = static_cast<InputRole>(in.number_below(kRoles));
  item.path = in.text();
  item.text = in.text();
  item.read_error = in.text();
  const std::string_view json = in.view();
  if (item.role == InputRole::object && !in.failed()) {
    TRY_ASSIGN(item.tree, value::parse_json(json));
  }
  return item;
}

void write_release(WireWriter& out, const Release& release) {
  out.text(release.name);
  out.text(release.name_template);
  out.text(release.namespace_);
  out.flag(release.is_install);
  out.flag(release.is_upgrade);
  out.number(static_cast<std::uint64_t>(release.revision));
}

Release read_release(WireReader& in) {
  Release release;
  release.name = in.text();
  release.name_template = in.text();
  release.namespace_ = in.text();
  release.is_install = in.flag();
  release.is_upgrade = in.flag();
  release.revision = static_cast<std::int64_t>(in.number());
  return release;
}

}  // namespace

base::Result<std::string> write_input(const RenderInput& input) {
  WireWriter out;
  out.number(static_cast<std::uint64_t>(input.profile));
  out.text(input.chart.path);
  out.text(input.chart.archive);
  out.text(input.chart.shown);
  out.number(input.values.size());
  for (const ValueInput& item : input.values) TRY(write_value(out, item));
  out.number(input.set_files.size());
  for (const auto& [path, bytes] : input.set_files) {
    out.text(path);
    out.text(bytes);
  }
  write_release(out, input.release);
  out.text(input.kube_version);
  out.number(input.api_versions.size());
  for (const std::string& version : input.api_versions) out.text(version);
  out.flag(input.only_api_versions);
  out.flag(input.include_crds);
  out.flag(input.skip_tests);
  out.flag(input.skip_schema_validation);
  out.flag(input.local_dependencies);
  out.flag(input.keep_partial);
  out.flag(input.lookup);
  return out.take();
}

base::Result<RenderInput> read_input(std::string_view bytes) {
  WireReader in(bytes);
  RenderInput input;
  input.profile = static_cast<Profile>(in.number_below(kProfiles));
  input.chart.path = in.text();
  input.chart.archive = in.text();
  input.chart.shown = in.text();
  for (std::size_t left = in.count(); left > 0; --left) {
    TRY_ASSIGN(ValueInput item, read_value(in));
    input.values.push_back(std::move(item));
  }
  for (std::size_t left = in.count(); left > 0; --left) {
    std::string path = in.text();
    input.set_files[std::move(path)] = in.text();
  }
  input.release = read_release(in);
  input.kube_version = in.text();
  for (std::size_t left = in.count(); left > 0; --left) input.api_versions.push_back(in.text());
  input.only_api_versions = in.flag();
  input.include_crds = in.flag();
  input.skip_tests = in.flag();
  input.skip_schema_validation = in.flag();
  input.local_dependencies = in.flag();
  input.keep_partial = in.flag();
  input.lookup = in.flag();
  TRY(in.finish());
  return input;
}

std::string write_transcript(const Transcript& transcript) {
  WireWriter out;
  out.number(transcript.size());
  for (const TranscriptEntry& entry : transcript) {
    out.text(entry.function);
    out.text(entry.arguments);
    out.text(entry.template_name);
    out.number(entry.ordinal);
    out.text(entry.answer);
  }
  return out.take();
}

base::Result<Transcript> read_transcript(std::string_view bytes) {
  constexpr std::uint64_t kOrdinals = std::uint64_t{1} << 32U;
  WireReader in(bytes);
  Transcript transcript;
  for (std::size_t left = in.count(); left > 0; --left) {
    TranscriptEntry entry;
    entry.function = in.text();
    entry.arguments = in.text();
    entry.template_name = in.text();
    entry.ordinal = static_cast<std::uint32_t>(in.number_below(kOrdinals));
    entry.answer = in.text();
    transcript.push_back(std::move(entry));
  }
  TRY(in.finish());
  return transcript;
}

}  // namespace tiphys::helm
