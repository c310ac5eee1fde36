// One side of bench/render; the other is tests/oracle/helm/bench. render_bench MODE SECONDS reads
// cases from stdin, one a line: id<TAB>chart folder<TAB>values files, comma-separated. Answers one
// line a case: id<TAB>CPU nanoseconds a render<TAB>renders<TAB>bytes<TAB>digest of the output.
//   cold   chart bytes in memory -> output      warm   the parsed chart is kept, values differ
//   print  the output itself, once                      repeat  SECONDS renders, nothing said
#include "tiphys/base/encoding.hpp"
#include "tiphys/helm/chart_cache.hpp"
#include "tiphys/helm/render.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using tiphys::helm::File;
using tiphys::helm::RenderInput;

std::int64_t cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Case {
  std::string id;
  std::vector<File> files;
  RenderInput input;
};

Case read_case(const std::string& line) {
  std::istringstream fields(line);
  Case out;
  std::string folder;
  std::string values;
  std::getline(fields, out.id, '\t');
  std::getline(fields, folder, '\t');
  std::getline(fields, values, '\t');
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      out.files.push_back({std::filesystem::relative(entry.path(), folder), read(entry.path())});
  std::ranges::sort(out.files, {}, &File::name);
  std::istringstream list(values);
  for (std::string path; std::getline(list, path, ',');) {
    if (path == "-") continue;
    tiphys::helm::ValueInput value;
    value.path = path;
    value.text = read(path);
    out.input.values.push_back(std::move(value));
  }
  out.input.include_crds = false;
  return out;
}

/// Another value each time, one that no chart reads.
void change(RenderInput& input, std::uint64_t round) {
  tiphys::helm::ValueInput value;
  value.role = tiphys::helm::InputRole::set;
  value.text = "tiphysBench=" + std::to_string(round);
  input.values.push_back(std::move(value));
}

std::string printed(const RenderInput& input, tiphys::helm::Environment& environment) {
  const auto manifests = tiphys::helm::render(input, environment);
  if (!manifests.ok()) return "error: " + manifests.error().text();
  return tiphys::helm::print_template(*manifests).value_or("error");
}

class Bench {
 public:
  Bench(std::string mode, double seconds)
      : mode_(std::move(mode)), nanoseconds_(static_cast<std::int64_t>(seconds * 1e9)) {}

  void run(Case& one) {
    tiphys::helm::Environment environment;
    environment.load = [&](const RenderInput& input) {
      return mode_ == "warm" ? cache_.load(one.files, input.profile)
                             : tiphys::helm::load_files(one.files, input.profile);
    };
    std::string out = printed(one.input, environment);
    if (mode_ == "print") {
      std::cout << out;
      return;
    }
    if (mode_ == "repeat") {
      for (std::int64_t i = 1; i < nanoseconds_ / 1'000'000'000; ++i)
        out = printed(one.input, environment);
      return;
    }
    const std::int64_t begin = cpu_now();
    std::int64_t spent = 0;
    std::uint64_t rounds = 0;
    do {
      if (mode_ != "warm") {
        out = printed(one.input, environment);
      } else {
        RenderInput input = one.input;
        change(input, rounds);
        out = printed(input, environment);
      }
      spent = cpu_now() - begin;
    } while (++rounds < 3 || spent < nanoseconds_);
    std::cout << one.id << '\t' << spent / static_cast<std::int64_t>(rounds) << '\t' << rounds
              << '\t' << out.size() << '\t' << tiphys::base::sha256_hex(out) << std::endl;
  }

 private:
  std::string mode_;
  std::int64_t nanoseconds_;
  tiphys::helm::ChartCache cache_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: render_bench cold|warm|print|repeat SECONDS <CASES\n";
    return 2;
  }
  Bench bench(argv[1], std::stod(argv[2]));
  for (std::string line; std::getline(std::cin, line);) {
    Case one = read_case(line);
    bench.run(one);
  }
  return 0;
}
