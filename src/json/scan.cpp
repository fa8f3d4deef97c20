#include "json/scan.h"

#include <array>
#include <optional>
#include <span>
#include <string>

#include "base/strings.h"
#include "json/structure.h"
#include "json/text.h"
#include "json/walk.h"

namespace butter::json {

namespace {

constexpr std::size_t kMostKept = 4u << 20;
constexpr std::size_t kLongestName = 4096;  ///< of a model or provider: names are logged and told
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::unexpected<Error> refuse(std::string_view why, Errc code = Errc::bad_request) {
  return fail(code, "invalid request body: " + std::string(why));
}

std::unexpected<Error> refuse_byte(std::string_view body, std::size_t offset) {
  if (offset >= body.size()) { return refuse("unexpected end of JSON input"); }
  return refuse("unexpected byte " + quoted(body.substr(offset, 1)) + " at offset " +
                std::to_string(offset));
}

/// What a value is in Go's words; "" when it is none of JSON's.
std::string_view type_of(std::string_view value) noexcept {
  switch (value.front()) {
    case '{': return "object";
    case '[': return "array";
    case '"': return "string";
    case 't': return value == "true" ? "bool" : "";
    case 'f': return value == "false" ? "bool" : "";
    case 'n': return value == "null" ? "null" : "";
    default: break;
  }
  return value.front() == '-' || (value.front() >= '0' && value.front() <= '9') ? "number" : "";
}

/// A name searched for, with and without regard to case.
class Wanted {
 public:
  explicit Wanted(std::string_view name) noexcept : name_(name) {}

  /// Takes the member when its key (decoded) is this name.
  void offer(std::string_view key, const WalkedMember& member, const Walk& walk) noexcept {
    if (key.size() != name_.size() || !iequals(key, name_)) { return; }
    Hit& hit = key == name_ ? exact_ : folded_;
    hit.member.key_begin = member.key_begin;
    hit.member.value_begin = walk.offset(member.at);
    hit.member.value_end = walk.end_before(member.next);
    ++hit.member.count;
    hit.at = member.at;
  }

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const Member& member() const noexcept { return best().member; }
  [[nodiscard]] Walk::Place at() const noexcept { return best().at; }
  /// In any case: readers that heed it take one of them, readers that do not another.
  [[nodiscard]] bool is_ambiguous() const noexcept {
    return exact_.member.count + folded_.member.count > 1;
  }

 private:
  struct Hit {
    Member member;
    Walk::Place at = nullptr;
  };
  [[nodiscard]] const Hit& best() const noexcept { return exact_.member ? exact_ : folded_; }

  std::string_view name_;
  Hit exact_;
  Hit folded_;
};

/// The key as it is meant, or nothing when it cannot be one of ours. Other keys' escapes are not
/// looked at.
std::optional<std::string_view> decode_key(std::string_view raw, std::string& scratch) {
  constexpr std::size_t kLongest = 6 * std::string_view("stream_options").size();  // all as \uXXXX
  if (raw.size() > kLongest) { return std::nullopt; }
  if (raw.find('\\') == std::string_view::npos) { return raw; }
  if (!unescape(raw, scratch)) { return std::nullopt; }
  return scratch;
}

std::string_view value_of(const Member& member, std::string_view body) noexcept {
  return body.substr(member.value_begin, member.value_end - member.value_begin);
}

std::unexpected<Error> wrong_type(const Wanted& field, std::string_view type, std::string_view body,
                                  std::string_view wanted) {
  if (type.empty()) { return refuse_byte(body, field.member().value_begin); }
  return refuse("json: cannot unmarshal " + std::string(type) + " into field " +
                std::string(field.name()) + " of type " + std::string(wanted));
}

/// The text of a string field: in the body where it has no escapes, else in `decoded`. "" for null.
Result<std::string_view> read_text_field(const Wanted& field, std::string_view body,
                                         std::string& decoded) {
  if (!field.member()) { return std::string_view(); }
  const std::string_view type = type_of(value_of(field.member(), body));
  if (type == "null") { return std::string_view(); }
  if (type != "string") { return wrong_type(field, type, body, "string"); }
  std::string_view raw = value_of(field.member(), body);
  raw = raw.substr(1, raw.size() - 2);
  if (raw.size() > kLongestName) {
    return refuse("field " + std::string(field.name()) + " is longer than " +
                  std::to_string(kLongestName) + " bytes");
  }
  if (raw.find('\\') == std::string_view::npos) { return raw; }
  if (!unescape(raw, decoded)) {
    return refuse("invalid escape in the string at offset " +
                  std::to_string(field.member().value_begin));
  }
  return decoded;
}

Result<bool> read_stream(const Wanted& stream, std::string_view body) {
  if (!stream.member()) { return false; }
  const std::string_view value = value_of(stream.member(), body);
  const std::string_view type = type_of(value);
  if (type != "bool" && type != "null") { return wrong_type(stream, type, body, "bool"); }
  return value == "true";
}

/// Whether `include_usage` is true in the object at stream_options; other types are the upstream's
/// to refuse.
Result<bool> read_include_usage(const Wanted& stream_options, std::string_view body,
                                const Walk& walk, std::string& scratch) {
  if (!stream_options.member() || walk.byte(stream_options.at()) != '{') { return false; }
  Wanted include_usage("include_usage");
  const Walk::Step end = walk.object(stream_options.at(), [&](const WalkedMember& member) {
    if (const auto key = decode_key(member.key, scratch)) {
      include_usage.offer(*key, member, walk);
    }
  });
  if (!end) { return refuse_byte(body, end.error()); }
  return include_usage.member() && value_of(include_usage.member(), body) == "true";
}

/// What to answer for a body that is not an object; {} for `null`.
Result<RequestScan> read_other(std::string_view body, const Walk& walk, Walk::Place first) {
  const Walk::Step next = walk.skip(first);
  if (!next) { return refuse_byte(body, next.error()); }
  if (!walk.at_end(*next)) { return refuse_byte(body, walk.offset(*next)); }
  const std::size_t begin = walk.offset(first);
  const std::string_view type = type_of(body.substr(begin, walk.end_before(*next) - begin));
  if (type.empty()) { return refuse_byte(body, begin); }
  if (type != "null") {
    return refuse("json: cannot unmarshal " + std::string(type) + " into value of type object");
  }
  RequestScan nothing;
  nothing.empty_object = true;
  return nothing;
}

}  // namespace

struct RequestScanner::Impl {
  Structure structure;
  std::string key;       ///< decoded, when it has escapes
  std::string model;     ///< likewise
  std::string provider;  ///< likewise

  Result<RequestScan> read(std::string_view body, std::span<const std::uint32_t> offsets);
};

Result<RequestScan> RequestScanner::Impl::read(std::string_view body,
                                               std::span<const std::uint32_t> offsets) {
  const Walk walk(body, offsets);
  if (walk.byte(offsets.data()) != '{') { return read_other(body, walk, offsets.data()); }

  std::array wanted{Wanted("model"), Wanted("provider"), Wanted("stream"),
                    Wanted("stream_options")};
  const auto& [model_field, provider_field, stream_field, options_field] = wanted;
  RequestScan found;
  found.empty_object = true;
  const Walk::Step end = walk.object(offsets.data(), [&](const WalkedMember& member) {
    found.empty_object = false;
    if (const auto name = decode_key(member.key, key)) {
      for (Wanted& one : wanted) { one.offer(*name, member, walk); }
    }
  });
  if (!end) { return refuse_byte(body, end.error()); }
  if (!walk.at_end(*end + 1)) { return refuse_byte(body, walk.offset(*end + 1)); }
  for (const Wanted* one : {&model_field, &provider_field, &stream_field}) {
    if (one->is_ambiguous()) { return refuse("duplicate field " + std::string(one->name())); }
  }

  found.object_end = walk.offset(*end);
  found.model = model_field.member();
  found.provider = provider_field.member();
  found.stream = stream_field.member();
  found.stream_options = options_field.member();
  found.provider_is_object = found.provider && walk.byte(provider_field.at()) == '{';

  const auto model_name = read_text_field(model_field, body, model);
  if (!model_name) { return std::unexpected(model_name.error()); }
  found.model_name = *model_name;
  if (!found.provider_is_object) {
    const auto provider_name = read_text_field(provider_field, body, provider);
    if (!provider_name) { return std::unexpected(provider_name.error()); }
    found.provider_name = *provider_name;
  }
  const auto stream_on = read_stream(stream_field, body);
  if (!stream_on) { return std::unexpected(stream_on.error()); }
  found.stream_on = *stream_on;
  const auto include_usage = read_include_usage(options_field, body, walk, key);
  if (!include_usage) { return std::unexpected(include_usage.error()); }
  found.include_usage = *include_usage;
  return found;
}

RequestScanner::RequestScanner() : impl_(std::make_unique<Impl>()) {}
RequestScanner::~RequestScanner() = default;

Result<RequestScan> RequestScanner::scan(std::string_view body) {
  if (body.starts_with(kByteOrderMark)) { return refuse("byte order mark at offset 0"); }
  const auto offsets = impl_->structure.find(body);
  if (!offsets) { return refuse(offsets.error().detail, offsets.error().code); }
  auto found = impl_->read(body, *offsets);
  impl_->structure.release(kMostKept);
  return found;
}

}  // namespace butter::json
