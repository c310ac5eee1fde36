#pragma once

#include "gotmpl/node.hpp"

#include "tiphys/gotmpl/template.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <memory_resource>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tiphys::gotmpl {

/// The text, the arena with the nodes, and the templates. Immutable after parsing.
struct ParsedFile {
  std::string name;
  std::string text;
  std::shared_ptr<const FunctionTable> functions;
  std::pmr::monotonic_buffer_resource arena{4096};
  std::deque<value::Value> values;  ///< literals
  std::deque<std::string> strings;  ///< names that needed unquoting
  std::deque<Program> programs;     ///< the file's own first
  /// Of a renamed file: the one that holds text and nodes. Never renamed itself.
  std::shared_ptr<const ParsedFile> origin;

  const std::string& source() const { return origin == nullptr ? text : origin->text; }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (arena.allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  template <class T>
  std::span<const T> keep(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    T* const out = static_cast<T*>(arena.allocate(items.size_bytes(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), out);
    return {out, items.size()};
  }
  template <class T>
  std::span<const T> keep(const std::vector<T>& items) {
    return keep(std::span<const T>(items));
  }
};

/// A list in the making that rarely needs the heap.
template <class T>
class Scratch {
 public:
  std::pmr::vector<T>& items() { return items_; }
  std::span<const T> span() const { return items_; }

 private:
  std::array<std::byte, 384> bytes_;
  std::pmr::monotonic_buffer_resource memory_{bytes_.data(), bytes_.size()};
  std::pmr::vector<T> items_{&memory_};
};

/// "NAME:LINE:COLUMN" of a node, as Go's ErrorContext.
std::string location(const ParsedFile& file, const Node& node);

}  // namespace tiphys::gotmpl
