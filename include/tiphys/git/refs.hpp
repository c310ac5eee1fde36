#pragma once

#include "tiphys/base/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::git {

/// One line of what a server lists. Object ids are 40 lower-case hexadecimal digits.
struct Ref {
  std::string name;    ///< "refs/heads/main"
  std::string id;      ///< of an annotated tag: the tag object
  std::string peeled;  ///< what an annotated tag points to in the end, else ""
  bool operator==(const Ref&) const = default;

  const std::string& commit() const { return peeled.empty() ? id : peeled; }
};

/// The heads and tags of a repository at one moment, in the order of the listing.
struct Refs {
  std::string head;         ///< commit of HEAD, "" when it is unborn
  std::string head_target;  ///< "refs/heads/main", "" when detached or not told
  std::vector<Ref> list;
  bool operator==(const Refs&) const = default;

  const Ref* find(std::string_view full_name) const;
};

/// What a target revision means.
struct Resolution {
  std::string commit;
  std::string ref;  ///< the full name of the ref that it was found through; "" for a SHA
};

/// Looks up objects that aren't named by a ref; the mirror implements it.
class CommitLookup {
 public:
  virtual ~CommitLookup() = default;
  /// The commit whose id starts with `prefix` (7 to 40 digits). Errors: NotFound, Invalid when
  /// several do.
  virtual base::Result<std::string> find_commit(std::string_view prefix) const = 0;
};

/// argocd.md 2.14: a full SHA; empty or HEAD; a semantic version range (the highest matching tag);
/// then the first listed ref whose full or short name is the target; at last a short SHA of 7 or
/// more digits. Unlike Argo CD a SHA must exist in the mirror (docs/deviations.md). Errors:
/// NotFound "unable to resolve 'x' to a commit SHA", and for a SHA that no fetched branch or tag
/// reaches an error which says so.
base::Result<Resolution> resolve_revision(const Refs& refs, std::string_view target,
                                          const CommitLookup& commits);

}  // namespace tiphys::git
