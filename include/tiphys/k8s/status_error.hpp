#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/value/value.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace tiphys::k8s {

/// The Error behind a failed API call. `body` is the response's text: a metav1.Status, whose
/// message and reason are used, or anything else (quoted, cut at 512 bytes). retry_after comes from
/// the header if given, else from details.retryAfterSeconds. A 403 because the namespace ends
/// (apimachinery's cause NamespaceTerminating) or a quota is used up is a Conflict: it passes.
base::Error error_from_response(int http_status, std::string_view body,
                                std::optional<std::chrono::seconds> retry_after = std::nullopt);

/// The Error of a parsed metav1.Status (ERROR events of a watch carry one).
base::Error error_from_status(const value::Value& status);

/// The code of a reason ("AlreadyExists", ...), falling back to the HTTP status.
base::Code code_of(int http_status, std::string_view reason);

}  // namespace tiphys::k8s
