#include "sprig/internal.hpp"

#include "tiphys/gotmpl/print.hpp"
#include "tiphys/sprig/url.hpp"

#include <array>

namespace tiphys::sprig {
namespace {

Answer url_parse(Call& call) {
  auto parsed = Url::parse(call.args[0].string());
  if (!parsed.ok()) return failure("unable to parse url: " + parsed.error().message());
  Url& url = *parsed;
  return Value::object({{"fragment", url.fragment},
                        {"host", url.host},
                        {"hostname", url.hostname()},
                        {"opaque", url.opaque},
                        {"path", url.path},
                        {"query", url.query},
                        {"scheme", url.scheme},
                        {"userinfo", url.user ? url.user->text() : std::string()}});
}

base::Result<std::string> entry(const Value& dict, std::string_view key) {
  if (!dict.is_map()) return std::string();
  const Value* found = dict.map().find(key);
  if (found == nullptr) return std::string();
  if (found->is_null()) return nil_dereference();
  if (!found->is_string() || found->go_type() == GoType::bytes)
    return failure("unable to parse " + std::string(key) + " key, must be of type string, but " +
                   std::string(gotmpl::kind_name(*found)) + " found");
  return std::string(found->string());
}

Answer url_join(Call& call) {
  const Value& dict = call.args[0];
  Url url;
  TRY_ASSIGN(url.scheme, entry(dict, "scheme"));
  TRY_ASSIGN(url.host, entry(dict, "host"));
  TRY_ASSIGN(url.path, entry(dict, "path"));
  TRY_ASSIGN(url.query, entry(dict, "query"));
  TRY_ASSIGN(url.opaque, entry(dict, "opaque"));
  TRY_ASSIGN(url.fragment, entry(dict, "fragment"));
  TRY_ASSIGN(const std::string user, entry(dict, "userinfo"));
  if (!user.empty()) {
    auto parsed = Url::parse("proto://" + user + "@host");
    if (!parsed.ok())
      return failure("unable to parse userinfo in dict: " + parsed.error().message());
    url.user = std::move(parsed->user);
  }
  return text(call, url.text());
}

constexpr auto kUrls = std::to_array<Function>({
    {"urlParse", "string", url_parse},
    {"urlJoin", "map[string]any", url_join},
});

}  // namespace

std::span<const Function> url_functions() { return kUrls; }

}  // namespace tiphys::sprig
