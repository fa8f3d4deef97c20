#include "provider/anthropic_body.h"

#include <algorithm>
#include <string>

#include "base/strings.h"
#include "json/cursor.h"
#include "json/text.h"

namespace butter::provider {

namespace {

/// `"anthropic_beta":["a","b"]`
std::string beta_member(std::string_view betas) {
  std::string out = R"("anthropic_beta":[)";
  while (!betas.empty()) {
    const std::string_view one = betas.substr(0, betas.find(','));
    betas.remove_prefix(std::min(one.size() + 1, betas.size()));
    if (trim(one).empty()) { continue; }
    if (out.back() != '[') { out += ','; }
    json::append_string(out, trim(one));
  }
  return out += ']';
}

}  // namespace

void splice_anthropic_body(const json::RequestScan& scan, std::string_view body,
                           std::string_view version, std::string_view betas, StreamMember stream,
                           json::Splice& splice) {
  bool has_version = false;
  bool has_betas = false;
  json::Cursor cursor(body);
  cursor.object([&](json::Key key) {
    has_version = has_version || key == "anthropic_version";
    has_betas = has_betas || key == "anthropic_beta";
    cursor.skip_value();
  });
  if (scan.model) { splice.remove(body, scan.model); }
  if (scan.stream && stream == StreamMember::removed) { splice.remove(body, scan.stream); }
  if (!has_version) {
    std::string member = R"("anthropic_version":)";
    json::append_string(member, version);
    splice.append(scan, member);
  }
  if (!has_betas && !trim(betas).empty()) { splice.append(scan, beta_member(betas)); }
}

}  // namespace butter::provider
