#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/helm/render.hpp"
#include "tiphys/worker/job.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::source {

struct LookupQuestion {
  std::string api_version;
  std::string kind;
  std::string namespace_;
  std::string name;  ///< "": a list
  auto operator<=>(const LookupQuestion&) const = default;
};

/// A question that a render was answered, and the digest of the answer.
struct KeptLookup {
  LookupQuestion question;
  std::string digest;
};

/// The cluster as one render sees it: each question is put once, and what was answered is kept.
/// Errors: the cluster's; ResourceExhausted for what no honest chart asks. One thread.
class LookupLog final : public helm::Lookup {
 public:
  static constexpr std::size_t kMostQuestions = 1000;
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;

  /// `cluster` must outlive it.
  explicit LookupLog(helm::Lookup& cluster) : cluster_(cluster) {}
  base::Result<value::Value> lookup(std::string_view api_version, std::string_view kind,
                                    std::string_view ns, std::string_view name) override;
  std::vector<KeptLookup> kept() const;

 private:
  struct Answer {
    std::string json;
    std::string digest;
  };
  helm::Lookup& cluster_;
  std::map<LookupQuestion, Answer> answers_;
  std::size_t bytes_ = 0;
};

/// Would the cluster answer all of it the same now? Errors: the cluster's.
base::Result<bool> answers_the_same(const std::vector<KeptLookup>& kept, helm::Lookup& cluster);

/// The parent's lookup as a worker sees it: the topic kLookupTopic of its questions. One thread.
class AskedLookup final : public helm::Lookup {
 public:
  explicit AskedLookup(worker::Caller& caller) : caller_(caller) {}
  base::Result<value::Value> lookup(std::string_view api_version, std::string_view kind,
                                    std::string_view ns, std::string_view name) override;

 private:
  worker::Caller& caller_;
};

inline constexpr std::string_view kLookupTopic = "lookup";
/// The parent's side. Errors: the lookup's; Invalid for what is no question.
base::Result<std::string> answer_lookup(helm::Lookup& lookup, std::string_view question);

}  // namespace tiphys::source
