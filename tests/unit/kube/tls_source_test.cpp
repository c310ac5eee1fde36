#include "kube/tls_source.hpp"

#include "unit/net/self_signed.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tiphys::kube {
namespace {

using net::testing::self_signed;
using std::chrono::milliseconds;

class TlsSourceTest : public ::testing::Test {
 protected:
  TlsSourceTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tiphys-kube-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  std::unique_ptr<TlsSource> source(const std::string& ca, TlsFiles files) const {
    net::TlsOptions options;
    options.ca_pem = ca;
    return *TlsSource::make(options, std::move(files));
  }

  std::string folder_;
  base::ManualClock clock_;
};

TEST_F(TlsSourceTest, FollowsACaThatIsRotatedOnDisk) {
  const auto first = self_signed("DNS:a").cert;
  write("ca.crt", first);
  const auto tls = source(first, {.ca = folder_ + "/ca.crt", .client_cert = "", .client_key = ""});
  const auto before = tls->context(clock_);
  write("ca.crt", self_signed("DNS:a").cert);
  clock_.advance(milliseconds(59'000));
  EXPECT_EQ(tls->context(clock_), before) << "read once a minute";
  clock_.advance(milliseconds(2'000));
  const auto after = tls->context(clock_);
  EXPECT_NE(after, before);
  clock_.advance(milliseconds(61'000));
  EXPECT_EQ(tls->context(clock_), after) << "an equal file makes no new connections";
}

TEST_F(TlsSourceTest, ReadsAtOnceAfterAFailure) {
  const auto first = self_signed("DNS:a").cert;
  write("ca.crt", first);
  const auto tls = source(first, {.ca = folder_ + "/ca.crt", .client_cert = "", .client_key = ""});
  const auto before = tls->context(clock_);
  write("ca.crt", self_signed("DNS:a").cert);
  tls->invalidate();
  EXPECT_NE(tls->context(clock_), before);
}

TEST_F(TlsSourceTest, KeepsWhatItHasWhereAFileIsBrokenOrGone) {
  const auto first = self_signed("DNS:a").cert;
  const auto tls = source(first, {.ca = folder_ + "/ca.crt", .client_cert = "", .client_key = ""});
  const auto before = tls->context(clock_);
  write("ca.crt", "half a certif");
  tls->invalidate();
  EXPECT_EQ(tls->context(clock_), before);
  std::filesystem::remove(folder_ + "/ca.crt");
  tls->invalidate();
  EXPECT_EQ(tls->context(clock_), before);
}

TEST_F(TlsSourceTest, TakesAClientCertificateWithItsKeyOnly) {
  const auto old = self_signed("DNS:me");
  const auto renewed = self_signed("DNS:me");
  net::TlsOptions options;
  options.client_cert_pem = old.cert;
  options.client_key_pem = old.key;
  write("crt", old.cert);
  write("key", old.key);
  const auto tls = *TlsSource::make(
      options, {.ca = "", .client_cert = folder_ + "/crt", .client_key = folder_ + "/key"});
  const auto before = tls->context(clock_);
  write("crt", renewed.cert);
  tls->invalidate();
  EXPECT_EQ(tls->context(clock_), before) << "the key is still the old one";
  write("key", renewed.key);
  tls->invalidate();
  EXPECT_NE(tls->context(clock_), before);
}

}  // namespace
}  // namespace tiphys::kube
