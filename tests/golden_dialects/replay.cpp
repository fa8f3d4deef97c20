#include "golden_dialects/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>

#include "dialect/codec.h"
#include "dialect/losses.h"
#include "support/event_stream.h"
#include "support/folded_answer.h"

namespace butter::golden {

namespace {

using dialect::AnswerContext;
using dialect::AnswerError;
using dialect::AnswerReader;
using dialect::AnswerSink;
using dialect::CallerDialect;
using dialect::Conversation;
using dialect::Dialect;
using dialect::ProviderDialect;
using test::FoldedAnswer;

constexpr std::string_view kRequestId = "req_golden";
constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::size_t kMostCuts = 4096;

std::optional<Dialect> dialect_named(std::string_view name) {
  for (const Dialect dialect :
       {Dialect::chat, Dialect::responses, Dialect::messages, Dialect::gemini, Dialect::converse}) {
    if (to_string(dialect) == name) { return dialect; }
  }
  return std::nullopt;
}

/// How a failure of a codec stands in a file.
std::string complaint(const Error& error) {
  return "!! " + std::string(to_string(error.code)) + ": " + error.detail;
}

std::string without_line_ends(std::string_view text) {
  return std::string(text.substr(0, text.find_last_not_of('\n') + 1));
}

/// A stream as it comes over the wire. Converse's is binary; its file has a line for each message:
/// "messageStop {...}", "exception throttlingException {...}".
std::string wire_of(std::string_view text, Dialect dialect) {
  if (dialect != Dialect::converse) { return std::string(text) + "\n\n"; }
  constexpr std::string_view kException = "exception ";
  std::string wire;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const bool exception = line.starts_with(kException);
    if (exception) { line.remove_prefix(kException.size()); }
    const std::string_view type = line.substr(0, line.find(' '));
    const std::string_view payload = line.substr(std::min(type.size() + 1, line.size()));
    wire += exception ? test::event_stream_exception(type, payload)
                      : test::event_stream_event(type, payload);
  }
  return wire;
}

/// What the bytes of a stream tell, fed in these pieces. \return "" or the complaint
std::string feed(AnswerReader& reader, std::initializer_list<std::string_view> pieces,
                 AnswerSink& sink) {
  for (const std::string_view piece : pieces) {
    if (const auto fed = reader.feed(piece, sink); !fed) { return complaint(fed.error()); }
  }
  if (const auto closed = reader.close(sink); !closed) { return complaint(closed.error()); }
  return "";
}

FoldedAnswer fold_stream(const ProviderDialect& provider, std::string_view stream) {
  FoldedAnswer folded;
  EXPECT_EQ(feed(*provider.make_reader(), {stream}, folded), "");
  return folded;
}

FoldedAnswer fold_whole(const ProviderDialect& provider, std::string_view body) {
  FoldedAnswer folded;
  const auto read = provider.make_reader()->whole(body, folded);
  EXPECT_TRUE(read) << (read ? "" : read.error().detail);
  return folded;
}

/// One file on its way through the codecs. Thread: any, one at a time.
class Replay {
 public:
  Replay(const GoldenFile& file, const CallerDialect& caller, const ProviderDialect& provider)
      : file_(file), caller_(caller), provider_(provider) {
    made_ = {.head = file.head, .keys = file.keys, .sections = {}};
  }

  GoldenFile run() {
    for (const Section& section : file_.sections) {
      const std::string_view title = section.title;
      if (title == "request") {
        request(section);
      } else if (title == "upstream answer") {
        keep(section);
        made("caller answer", caller_answer(section.body));
        answer_ = section.body;
      } else if (title == "upstream stream") {
        keep(section);
        stream(wire_of(section.body, provider_.dialect));
      } else if (title.starts_with("upstream error ")) {
        keep(section);
        error(title.substr(title.rfind(' ') + 1), section.body);
      } else if (!is_made(title)) {
        ADD_FAILURE() << "no such section: " << title;
      }
    }
    agree();
    return made_;
  }

 private:
  static bool is_made(std::string_view title) {
    constexpr std::string_view kMade[] = {"upstream request", "dropped",       "refused",
                                          "caller answer",    "caller stream", "caller error"};
    return std::ranges::find(kMade, title) != std::end(kMade);
  }

  void keep(const Section& section) { made_.sections.push_back(section); }
  void made(std::string title, std::string body) {
    made_.sections.push_back({std::move(title), std::move(body)});
  }

  void request(const Section& section) {
    keep(section);
    request_ = section.body;
    if (const auto read = caller_.read_request(request_, conversation_); !read) {
      return made("refused", complaint(read.error()));
    }
    const auto lost = losses(conversation_, provider_, file_.key("strict") == "yes");
    if (!lost) { return made("refused", complaint(lost.error())); }
    const std::string_view model = file_.key("model");
    const dialect::Target target{
        .model = model.empty() ? conversation_.model.escaped : model,
        .stream = conversation_.stream,
        .anthropic_version = file_.key("anthropic_version"),
        .stream_in_body = file_.key("stream_in_body") != "no",
        .max_completion_tokens = file_.key("max_completion_tokens") != "no"};
    Buffer out;
    const auto written = provider_.write_request(conversation_, target, out);
    if (!written) { return made("refused", complaint(written.error())); }
    made("upstream request", laid_out(out.view()));
    if (lost->empty()) { return; }
    std::string names;
    for (const std::string_view name : *lost) { (names += names.empty() ? "" : "\n") += name; }
    made("dropped", names);
  }

  [[nodiscard]] AnswerContext context(bool stream, bool stream_usage) const {
    return {.stream = stream,
            .stream_usage = stream_usage,
            .id = kRequestId,
            .model = conversation_.model.escaped,
            .now = kNow,
            .asked = &conversation_};
  }

  [[nodiscard]] std::string whole(std::string_view body) const {
    Buffer out;
    const auto writer = caller_.make_writer(out, context(false, false));
    const auto read = provider_.make_reader()->whole(body, *writer);
    return read ? std::string(out.view()) : complaint(read.error());
  }

  [[nodiscard]] std::string caller_answer(std::string_view body) const {
    const std::string answer = whole(body);
    return answer.starts_with("!!") ? answer : laid_out(answer);
  }

  [[nodiscard]] std::string streamed(std::initializer_list<std::string_view> pieces,
                                     bool usage) const {
    Buffer out;
    const auto writer = caller_.make_writer(out, context(true, usage));
    const std::string complaint = feed(*provider_.make_reader(), pieces, *writer);
    return std::string(out.view()) + complaint;
  }

  void stream(std::string bytes) {
    const std::string_view all = bytes;
    const std::string answer = streamed({all}, conversation_.stream_usage);
    const std::size_t step = all.size() / kMostCuts + 1;
    for (std::size_t cut = 1; cut < all.size(); cut += step) {
      ASSERT_EQ(streamed({all.substr(0, cut), all.substr(cut)}, conversation_.stream_usage), answer)
          << "cut at byte " << cut;
    }
    made("caller stream", without_line_ends(answer));
    stream_ = std::move(bytes);
  }

  void error(std::string_view status_text, std::string_view body) {
    int status = 0;
    std::from_chars(status_text.data(), status_text.data() + status_text.size(), status);
    EXPECT_GE(status, 400) << status_text;
    const AnswerError error = provider_.make_reader()->error(status, body);
    Buffer out;
    caller_.write_error(error, kRequestId, out);
    made("caller error", "status " + std::to_string(error.status) + '\n' + laid_out(out.view()));
  }

  /// The whole answer and the stream of one file say the same, and so does what the caller gets.
  void agree() const {
    if (answer_.empty() || stream_.empty()) { return; }
    EXPECT_EQ(fold_whole(provider_, answer_).text(), fold_stream(provider_, stream_).text());
    const ProviderDialect* const spoken = provider_dialect(caller_.dialect);
    if (spoken == nullptr) { return; }
    EXPECT_EQ(fold_whole(*spoken, whole(answer_)).text(),
              fold_stream(*spoken, streamed({stream_}, true)).text());
  }

  const GoldenFile& file_;
  const CallerDialect& caller_;
  const ProviderDialect& provider_;
  GoldenFile made_;
  std::string request_;  ///< the conversation's views point into it
  Conversation conversation_;
  std::string answer_, stream_;
};

}  // namespace

GoldenFile replay(const GoldenFile& file) {
  const auto caller = dialect_named(file.key("caller"));
  const auto provider = dialect_named(file.key("provider"));
  EXPECT_TRUE(caller && provider) << "`caller:` and `provider:` name dialects";
  EXPECT_TRUE(file.key("source").starts_with("https://")) << "`source:` names the vendor's page";
  if (!caller || !provider) { return file; }
  const CallerDialect* const spoken_by_caller = dialect::caller_dialect(*caller);
  const ProviderDialect* const spoken_by_provider = dialect::provider_dialect(*provider);
  EXPECT_TRUE(spoken_by_caller != nullptr && spoken_by_provider != nullptr) << "not spoken";
  if (spoken_by_caller == nullptr || spoken_by_provider == nullptr) { return file; }
  return Replay(file, *spoken_by_caller, *spoken_by_provider).run();
}

}  // namespace butter::golden
