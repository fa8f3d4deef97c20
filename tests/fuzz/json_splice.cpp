// The first byte chooses changes, the rest is a body. If the body is JSON, so is the result, and it
// holds what was asked for.

#include <simdjson.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/cuts.h"
#include "json/scan.h"
#include "json/splice.h"

namespace {

using butter::fuzz::require;
using butter::json::Member;
using butter::json::RequestScan;
using butter::json::RequestScanner;
using butter::json::Splice;

/// The bits of the first byte.
enum Change : unsigned {
  replace_model = 1,
  remove_provider = 2,
  remove_stream = 4,
  replace_options = 8,
  remove_options = 16,  ///< when not replaced
  append_one = 32,
  append_two = 64,
  backwards = 128,  ///< the order in which they are added
};

class Changes {
 public:
  Changes(unsigned bits, std::string_view body, const RequestScan& scan)
      : bits_(bits), body_(body), scan_(&scan) {}

  std::string apply() {
    constexpr unsigned kSteps = 7;
    for (unsigned i = 0; i < kSteps; ++i) {
      const unsigned step = 1u << (on(backwards) ? kSteps - 1 - i : i);
      if (on(step)) { add(step); }
    }
    std::array<std::string_view, 2 * Splice::kMost + 1> pieces;
    const std::size_t count = splice_.pieces(body_, pieces);
    std::string out;
    for (std::size_t i = 0; i < count; ++i) { out += pieces[i]; }
    require(out.size() == splice_.size_after(body_.size()));
    return out;
  }

  [[nodiscard]] std::size_t removed() const noexcept { return removed_; }
  [[nodiscard]] std::size_t added() const noexcept { return added_; }
  [[nodiscard]] bool replaced_model() const noexcept { return replaced_model_; }
  [[nodiscard]] bool replaced_options() const noexcept { return replaced_options_; }

 private:
  [[nodiscard]] bool on(unsigned change) const noexcept { return (bits_ & change) != 0; }

  void add(unsigned step) {
    switch (step) {
      case replace_model: replaced_model_ = replace(scan_->model, R"("\u0078\"")"); break;
      case remove_provider: remove(scan_->provider); break;
      case remove_stream: remove(scan_->stream); break;
      case replace_options:
        replaced_options_ = replace(scan_->stream_options, R"({"include_usage":true})");
        break;
      case remove_options:
        if (!on(replace_options)) { remove(scan_->stream_options); }
        break;
      case append_one: append(R"("added one":1)"); break;
      case append_two: append(R"("added two":[2])"); break;
      default: break;
    }
  }
  bool replace(const Member& member, std::string_view text) {
    if (member) { splice_.replace(member, text); }
    return bool{member};
  }
  void remove(const Member& member) {
    if (!member) { return; }
    splice_.remove(body_, member);
    ++removed_;
  }
  void append(std::string_view key_and_value) {
    splice_.append(*scan_, key_and_value);
    ++added_;
  }

  unsigned bits_;
  std::string_view body_;
  const RequestScan* scan_;
  Splice splice_;
  std::size_t removed_ = 0;
  std::size_t added_ = 0;
  bool replaced_model_ = false;
  bool replaced_options_ = false;
};

std::size_t members_in(simdjson::dom::parser& parser, std::string_view json) {
  simdjson::dom::object object;
  require(parser.parse(json.data(), json.size()).get(object) == simdjson::SUCCESS);
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& member : object) { ++count; }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) { return 0; }
  static RequestScanner scanner;  // kept, as a worker keeps it
  static simdjson::dom::parser parser;
  const std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto before = scanner.scan(body);
  if (!before || before->object_end == 0) { return 0; }

  Changes changes(data[0], body, *before);
  const std::string result = changes.apply();
  simdjson::dom::object object;
  if (parser.parse(body).get(object) == simdjson::SUCCESS) {
    const std::size_t count = members_in(parser, body);
    require(members_in(parser, result) == count - changes.removed() + changes.added());
  }
  const auto after = scanner.scan(result);
  // Another spelling of a key, which the removed one had hidden, may be refused.
  require(after || changes.removed() > 0);
  if (after) {
    require(!after->empty_object || changes.added() == 0);
    require(!changes.replaced_model() || after->model_name == "x\"");
    require(!changes.replaced_options() || after->include_usage);
  }
  return 0;
}
