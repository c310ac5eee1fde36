#pragma once

#include "kube/client_impl.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::kube {

/// One page of a list.
struct Page {
  std::vector<k8s::Object> items;
  std::string resource_version;
  std::string continue_token;
};

/// The call that asks for a page; continue_token "" is the first.
ApiCall list_call(const ResourceInfo& resource, std::string_view namespace_,
                  const ListOptions& what, std::string_view continue_token);
/// The call that watches from a resourceVersion for `seconds`, with bookmarks.
ApiCall watch_call(const ResourceInfo& resource, std::string_view namespace_,
                   const ListOptions& what, std::string_view resource_version, int seconds);

/// Errors: Unavailable when it isn't a list (something else answers in the server's place).
base::Result<Page> read_page(std::string_view body, const ResourceInfo& resource);
/// Items of lists have no apiVersion and kind, metadata-only ones those of PartialObjectMetadata.
void put_type(value::Value& object, const ResourceInfo& resource);

}  // namespace tiphys::kube
