#pragma once

#include "tiphys/value/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace tiphys::value {

/// The records of tests/vectors/<name>, one JSON object a line.
inline std::vector<Value> read_vectors(const std::string& name) {
  std::ifstream in(std::string(TIPHYS_SOURCE_DIR) + "/tests/vectors/" + name);
  EXPECT_TRUE(in.good()) << name;
  std::vector<Value> records;
  for (std::string line; std::getline(in, line);) {
    auto record = parse_json(line);
    EXPECT_TRUE(record.ok()) << line;
    if (record.ok()) records.push_back(*std::move(record));
  }
  EXPECT_GT(records.size(), 5U) << name;
  return records;
}

}  // namespace tiphys::value
