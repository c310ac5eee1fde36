#include "gotmpl/parsed_file.hpp"

#include "tiphys/gotmpl/template.hpp"

namespace tiphys::gotmpl {

TemplateSet::TemplateSet(std::shared_ptr<const FunctionTable> functions)
    : functions_(std::move(functions)), own_(std::make_shared<Names>()) {}

TemplateSet::TemplateSet(const TemplateSet& other)
    : functions_(other.functions_), root_name_(other.root_name_), own_(std::make_shared<Names>()) {
  if (other.base_ == nullptr) {
    base_ = other.own_;
    other.shared_ = true;
  } else {
    base_ = other.base_;
    *own_ = *other.own_;
  }
}

base::Status TemplateSet::parse(std::string_view name, std::string_view text) {
  auto file = parse_file(name, text, functions_);
  if (!file.ok()) return std::move(file).error();
  add(*std::move(file));
  return {};
}

void TemplateSet::add(std::shared_ptr<const ParsedFile> file) {
  if (shared_) {  // copies read our names
    own_ = std::make_shared<Names>(*own_);
    shared_ = false;
  }
  for (const Program& program : file->programs) {
    if (program.empty && lookup(program.name) != nullptr) continue;
    // The key views the file's text, so the old key goes with the old file.
    own_->erase(program.name);
    own_->emplace(program.name, Entry{file, &program});
  }
}

const Program* TemplateSet::lookup(std::string_view name) const {
  if (const auto it = own_->find(name); it != own_->end()) return it->second.program;
  if (base_ == nullptr) return nullptr;
  const auto it = base_->find(name);
  return it == base_->end() ? nullptr : it->second.program;
}

base::Result<std::string> TemplateSet::execute(std::string_view name, const value::Value& data,
                                               MissingKey missing) const {
  Run run({}, missing);
  std::string out;
  TRY(run.execute(*this, name, data, out));
  return out;
}

}  // namespace tiphys::gotmpl
