#include "source/lookups.hpp"

#include "tiphys/base/encoding.hpp"
#include "tiphys/base/wire.hpp"
#include "tiphys/value/json.hpp"

#include <fmt/format.h>

namespace tiphys::source {

using base::Code;
using base::Error;
using value::Value;

namespace {

/// A list's own metadata is left out: its resourceVersion changes with every write to the cluster.
base::Result<std::string> digest_of(const LookupQuestion& question, Value answer) {
  if (question.name.empty() && answer.is_map()) {
    value::Map rest = answer.map();
    rest.erase("metadata");
    answer = Value(std::move(rest));
  }
  TRY_ASSIGN(const std::string json, value::write_json(answer, value::EscapeHtml::no));
  return base::sha256_hex(json);
}

}  // namespace

base::Result<Value> LookupLog::lookup(std::string_view api_version, std::string_view kind,
                                      std::string_view ns, std::string_view name) {
  LookupQuestion question{.api_version = std::string(api_version),
                          .kind = std::string(kind),
                          .namespace_ = std::string(ns),
                          .name = std::string(name)};
  if (const auto known = answers_.find(question); known != answers_.end())
    return value::parse_json(known->second.json);
  if (answers_.size() == kMostQuestions)
    return Error(Code::ResourceExhausted,
                 fmt::format("one render may look up {} things at most", kMostQuestions));
  TRY_ASSIGN(Value found, cluster_.lookup(api_version, kind, ns, name));
  Answer answer;
  TRY_ASSIGN(answer.json, value::write_json(found, value::EscapeHtml::no));
  bytes_ += answer.json.size();
  if (bytes_ > kMostBytes)
    return Error(Code::ResourceExhausted,
                 fmt::format("what one render looked up exceeds the limit of {} bytes with {} {}",
                             kMostBytes, api_version, kind));
  TRY_ASSIGN(answer.digest, digest_of(question, found));
  answers_.emplace(std::move(question), std::move(answer));
  return found;
}

std::vector<KeptLookup> LookupLog::kept() const {
  std::vector<KeptLookup> out;
  out.reserve(answers_.size());
  for (const auto& [question, answer] : answers_) out.push_back({question, answer.digest});
  return out;
}

base::Result<bool> answers_the_same(const std::vector<KeptLookup>& kept, helm::Lookup& cluster) {
  for (const auto& [question, digest] : kept) {
    TRY_ASSIGN(const Value found, cluster.lookup(question.api_version, question.kind,
                                                 question.namespace_, question.name));
    TRY_ASSIGN(const std::string now, digest_of(question, found));
    if (now != digest) return false;
  }
  return true;
}

base::Result<Value> AskedLookup::lookup(std::string_view api_version, std::string_view kind,
                                        std::string_view ns, std::string_view name) {
  base::WireWriter out;
  for (const std::string_view part : {api_version, kind, ns, name}) out.text(part);
  TRY_ASSIGN(const std::string json, caller_.ask(kLookupTopic, out.bytes()));
  return value::parse_json(json);
}

base::Result<std::string> answer_lookup(helm::Lookup& lookup, std::string_view question) {
  base::WireReader in(question);
  const std::string_view api_version = in.view();
  const std::string_view kind = in.view();
  const std::string_view ns = in.view();
  const std::string_view name = in.view();
  TRY(in.finish());
  TRY_ASSIGN(const Value found, lookup.lookup(api_version, kind, ns, name));
  return value::write_json(found, value::EscapeHtml::no);
}

}  // namespace tiphys::source
