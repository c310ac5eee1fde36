#pragma once

#include "tiphys/base/error.hpp"
#include "tiphys/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tiphys::base {

/// Numbers and texts one after another, each of a length that its own bytes tell: what two
/// processes of one build say to each other. No names and no versions. Two lists of items never
/// give the same bytes, so a digest over them is a key.
class WireWriter {
 public:
  void number(std::uint64_t number);
  void text(std::string_view text);
  void flag(bool flag) { bytes_.push_back(flag ? '\1' : '\0'); }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what a WireWriter wrote, from bytes that anybody may have made up: whatever they are, it
/// gives values and in the end says whether they were meant. After the first mistake every value is
/// empty. The bytes must outlive it and the views that it gives.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  std::uint64_t number();
  std::string_view view();
  std::string text() { return std::string(view()); }
  bool flag();
  /// A number of items that follow, none of which is shorter than a byte: never more than there are
  /// bytes left, so that a loop over them ends soon.
  std::size_t count();
  /// A number below `end`, else a mistake and 0: for enumerations.
  std::uint64_t number_below(std::uint64_t end);

  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  std::size_t left() const { return failed_ ? 0 : rest_.size(); }
  /// Invalid unless everything was well formed and nothing is left.
  Status finish() const;

 private:
  std::string_view rest_;
  std::size_t size_;
  bool failed_ = false;
};

/// An Error with all that belongs to it.
void write_error(WireWriter& out, const Error& error);
Error read_error(WireReader& in);

}  // namespace tiphys::base
