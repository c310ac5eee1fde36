#pragma once

#include "tiphys/base/result.hpp"
#include "tiphys/gotmpl/function.hpp"
#include "tiphys/gotmpl/run.hpp"
#include "tiphys/value/value.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::gotmpl {

struct Program;     // one template, compiled
struct ParsedFile;  // what one text defined: its own body and its define/block bodies

/// Parses one text into an immutable unit that any number of sets and threads can share; keep it to
/// skip parsing when only values changed. The unit holds the text and the function table.
/// Errors are Go's: `template: NAME:LINE: ...`.
base::Result<std::shared_ptr<const ParsedFile>> parse_file(
    std::string_view name, std::string_view text, std::shared_ptr<const FunctionTable> functions);

/// The unit as parse_file would make it of the same text under another name, without parsing: it
/// shares `file`. nullptr when the text might define one of the two names itself.
std::shared_ptr<const ParsedFile> renamed(const std::shared_ptr<const ParsedFile>& file,
                                          std::string_view name);

/// The text of a unit; it lives as long as the unit.
std::string_view text_of(const ParsedFile& file);

/// The names that a unit defines, its own first, in no particular order.
std::vector<std::string_view> defined_names(const ParsedFile& file);

/// Names -> templates, Go's associated templates. Copying is cheap (the names are shared until the
/// copy adds some): tpl copies, adds its text and executes. Read-only use is safe from many
/// threads.
class TemplateSet {
 public:
  explicit TemplateSet(std::shared_ptr<const FunctionTable> functions);
  TemplateSet(const TemplateSet& other);
  TemplateSet& operator=(const TemplateSet&) = delete;
  ~TemplateSet() = default;

  /// parse_file and add.
  base::Status parse(std::string_view name, std::string_view text);
  /// Adds all templates of a unit. As in Go a body of blanks and comments alone doesn't replace one
  /// that exists; any other body does.
  void add(std::shared_ptr<const ParsedFile> file);
  const Program* lookup(std::string_view name) const;
  bool contains(std::string_view name) const { return lookup(name) != nullptr; }

  /// The name that "no template %q associated with template %q" prints second (Helm's root template
  /// is "gotpl").
  void set_root_name(std::string name) { root_name_ = std::move(name); }
  const std::string& root_name() const { return root_name_; }
  const std::shared_ptr<const FunctionTable>& functions() const { return functions_; }

  /// Executes with a Run of its own: for tests and single templates.
  base::Result<std::string> execute(std::string_view name, const value::Value& data,
                                    MissingKey missing = MissingKey::invalid) const;

 private:
  struct Entry {
    std::shared_ptr<const ParsedFile> file;
    const Program* program = nullptr;
  };
  using Names = std::unordered_map<std::string_view, Entry>;

  std::shared_ptr<const FunctionTable> functions_;
  std::string root_name_;
  std::shared_ptr<const Names> base_;  ///< names shared with the set this one was copied from
  std::shared_ptr<Names> own_;
  mutable std::atomic<bool> shared_ = false;  ///< a copy has own_ as its base_
};

}  // namespace tiphys::gotmpl
