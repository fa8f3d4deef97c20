#include "dialect/responses_answer_writer.h"

#include <optional>
#include <string>
#include <string_view>

#include "dialect/one_line.h"
#include "dialect/responses_citation.h"
#include "dialect/responses_items.h"
#include "dialect/responses_object.h"
#include "dialect/responses_signature.h"
#include "json/cursor.h"
#include "json/text.h"
#include "json/writer.h"

namespace butter::dialect {

namespace {

/// `text` as it stands between the quotes of a JSON string.
std::string escaped(std::string_view text) {
  std::string quoted;
  json::append_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

/// At most one item is being said, and in a message one part. Thread: worker-local.
class ResponsesAnswerWriter final : public AnswerWriter {
 public:
  ResponsesAnswerWriter(Buffer& out, const AnswerContext& context)
      : AnswerWriter(out, context), id_(escaped(context.id)), response_(context, "resp_" + id_) {}

  void start(const AnswerStart& start) override {
    response_.name(start);
    started_ = true;
    lifecycle("response.created", ResponseStatus::in_progress, nullptr);
    lifecycle("response.in_progress", ResponseStatus::in_progress, nullptr);
  }

  void delta(const Delta& delta) override {
    if (delta.choice != 0) { return; }  // a response is one answer
    switch (delta.kind) {
      case Delta::Kind::text: say(SaidPart::Kind::text, delta.text); break;
      case Delta::Kind::refusal: say(SaidPart::Kind::refusal, delta.text); break;
      case Delta::Kind::thinking: think(delta.text); break;
      case Delta::Kind::signature: sign(CarriedSignature::Kind::thinking, delta.text); break;
      case Delta::Kind::redacted:
        close_item();
        sign(CarriedSignature::Kind::redacted, delta.text);
        break;
      case Delta::Kind::tool_begin: begin_call(delta); break;
      case Delta::Kind::tool_arguments: add_arguments(delta.text); break;
      case Delta::Kind::citation: cite(delta.raw); break;
      case Delta::Kind::logprobs: add_logprobs(delta.raw); break;
    }
  }

  void finish(const Finish& finish) override {
    if (finish.choice != 0) { return; }
    status_ = status_of(finish);
    close_item();
  }

  void usage(const Usage& usage) override { usage_ = usage; }

  void end() override {
    close_item();
    begun_ = over_ = true;
    if (context_.stream) {
      const bool completed = status_ == ResponseStatus::completed;
      return lifecycle(completed ? "response.completed" : "response.incomplete", status_, nullptr);
    }
    response_.write(status_, output_, usage_ ? &*usage_ : nullptr, nullptr, out_);
  }

  void error(const AnswerError& error) override {
    over_ = true;
    if (!context_.stream) { return; }
    event("error", [&](json::Writer& writer) {
      writer.key("code").string(response_error_code(error.kind));
      writer.key("message").string(error.message).key("param").null();
    });
    if (started_) { lifecycle("response.failed", ResponseStatus::failed, &error); }
  }

 private:
  template <class Write>
  void event(std::string_view type, Write&& write) {
    if (!context_.stream) { return; }
    out_.append("event: ");
    out_.append(type);
    out_.append("\ndata: ");
    json::Writer writer(out_);
    writer.begin_object().key("type").string(type).key("sequence_number").number(sequence_++);
    write(writer);
    writer.end_object();
    out_.append("\n\n");
  }

  /// An event about the item that is being said.
  template <class Write>
  void item_event(std::string_view type, Write&& write) {
    begun_ = begun_ || context_.stream;
    event(type, [&](json::Writer& writer) {
      writer.key("item_id").escaped(item_->id).key("output_index").number(item_->index);
      write(writer);
    });
  }

  /// An event about the part of it that is being said.
  template <class Write>
  void part_event(std::string_view type, Write&& write) {
    item_event(type, [&](json::Writer& writer) {
      writer.key("content_index").number(part_->index);
      write(writer);
    });
  }

  void lifecycle(std::string_view type, ResponseStatus status, const AnswerError* error) {
    event(type, [&](json::Writer& writer) {
      writer.key("response").raw("");  // the object writes itself
      response_.write(status, output_, usage_ ? &*usage_ : nullptr, error, out_);
    });
  }

  void open_item(SaidItem::Kind kind, std::string_view prefix) {
    close_item();
    SaidItem& item = item_.emplace();
    item.kind = kind;
    item.index = items_++;
    item.id = std::string(prefix) + id_ + '_' + std::to_string(item.index);
  }

  void tell_added() {
    begun_ = begun_ || context_.stream;
    event("response.output_item.added", [&](json::Writer& writer) {
      writer.key("output_index").number(item_->index).key("item");
      write_item(*item_, "in_progress", writer);
    });
  }

  void close_item() {
    if (!item_) { return; }
    close_part();
    if (item_->kind == SaidItem::Kind::reasoning) { close_summary(); }
    if (item_->kind == SaidItem::Kind::function_call) { close_call(); }
    const bool cut = status_ != ResponseStatus::completed;
    scratch_.clear();
    json::Writer done(scratch_);
    write_item(*item_, cut ? "incomplete" : "completed", done);
    (output_ += output_.empty() ? "" : ",") += scratch_.view();
    event("response.output_item.done", [&](json::Writer& writer) {
      writer.key("output_index").number(item_->index).key("item").raw(scratch_.view());
    });
    item_.reset();
  }

  void open_part(SaidPart::Kind kind) {
    if (part_ && part_->kind == kind) { return; }
    close_part();
    if (!item_ || item_->kind != SaidItem::Kind::message) {
      open_item(SaidItem::Kind::message, "msg_");
      tell_added();
      parts_ = 0;
    }
    part_.emplace().kind = kind;
    part_->index = parts_++;
    part_event("response.content_part.added", [&](json::Writer& writer) {
      writer.key("part");
      write_part(*part_, writer);
    });
  }

  void say(SaidPart::Kind kind, Text text) {
    if (text.empty()) { return; }
    open_part(kind);
    part_->text += text.escaped;
    if (kind == SaidPart::Kind::refusal) {
      refused_ = true;
      return part_event("response.refusal.delta",
                        [&](json::Writer& writer) { writer.key("delta").escaped(text.escaped); });
    }
    part_event("response.output_text.delta", [&](json::Writer& writer) {
      writer.key("delta").escaped(text.escaped).key("logprobs").begin_array().end_array();
    });
  }

  void close_part() {
    if (!part_) { return; }
    if (part_->kind == SaidPart::Kind::refusal) {
      part_event("response.refusal.done",
                 [&](json::Writer& writer) { writer.key("refusal").escaped(part_->text); });
    } else {
      part_event("response.output_text.done", [&](json::Writer& writer) {
        writer.key("text").escaped(part_->text).key("logprobs").begin_array();
        if (!part_->logprobs.empty()) { writer.raw(part_->logprobs); }
        writer.end_array();
      });
    }
    scratch_.clear();
    json::Writer done(scratch_);
    write_part(*part_, done);
    (item_->content += item_->content.empty() ? "" : ",") += scratch_.view();
    part_event("response.content_part.done",
               [&](json::Writer& writer) { writer.key("part").raw(scratch_.view()); });
    part_.reset();
  }

  void open_reasoning() {
    if (item_ && item_->kind == SaidItem::Kind::reasoning) { return; }
    open_item(SaidItem::Kind::reasoning, "rs_");
    tell_added();
  }

  void summary_part(std::string_view type) {
    item_event(type, [&](json::Writer& writer) {
      writer.key("summary_index").number(0).key("part").begin_object();
      writer.key("type").string("summary_text").key("text").escaped(item_->text).end_object();
    });
  }

  void think(Text text) {
    if (text.empty()) { return; }
    open_reasoning();
    if (!item_->summary) {
      item_->summary = true;
      summary_part("response.reasoning_summary_part.added");
    }
    item_->text += text.escaped;
    item_event("response.reasoning_summary_text.delta", [&](json::Writer& writer) {
      writer.key("summary_index").number(0).key("delta").escaped(text.escaped);
    });
  }

  void close_summary() {
    if (!item_->summary) { return; }
    item_event("response.reasoning_summary_text.done", [&](json::Writer& writer) {
      writer.key("summary_index").number(0).key("text").escaped(item_->text);
    });
    summary_part("response.reasoning_summary_part.done");
  }

  void sign(CarriedSignature::Kind kind, Text signature) {
    open_reasoning();
    item_->encrypted = signature_prefix(kind);
    item_->encrypted += signature.escaped;
    close_item();
  }

  void begin_call(const Delta& call) {
    close_item();
    if (!call.signature.empty()) { sign(CarriedSignature::Kind::call, call.signature); }
    open_item(SaidItem::Kind::function_call, "fc_");
    item_->call_id = call.id.empty() ? "call_" + id_ + '_' + std::to_string(item_->index)
                                     : std::string(call.id.escaped);
    item_->name = call.name.escaped;
    tell_added();
  }

  void add_arguments(Text text) {
    if (text.empty() || !item_ || item_->kind != SaidItem::Kind::function_call) { return; }
    item_->text += text.escaped;
    item_event("response.function_call_arguments.delta",
               [&](json::Writer& writer) { writer.key("delta").escaped(text.escaped); });
  }

  void close_call() {
    if (item_->text.empty()) { add_arguments({"{}"}); }
    item_event("response.function_call_arguments.done", [&](json::Writer& writer) {
      writer.key("name").escaped(item_->name).key("arguments").escaped(item_->text);
    });
  }

  void cite(Raw raw) {
    open_part(SaidPart::Kind::text);
    scratch_.clear();
    if (!write_annotation(raw, scratch_)) { return; }
    (part_->annotations += part_->annotations.empty() ? "" : ",") += scratch_.view();
    part_event("response.output_text.annotation.added", [&](json::Writer& writer) {
      writer.key("annotation_index").number(part_->annotated++);
      writer.key("annotation").raw(scratch_.view());
    });
  }

  // They are told when the part is done: chat names them beside a piece of text, before or after.
  void add_logprobs(Raw raw) {
    json::Cursor cursor(raw.json);
    cursor.object([&](json::Key key) {
      if (key != "content") { return cursor.skip_value(); }
      cursor.array([&] {
        open_part(SaidPart::Kind::text);
        scratch_.clear();
        append_one_line(scratch_, cursor.value());
        (part_->logprobs += part_->logprobs.empty() ? "" : ",") += scratch_.view();
      });
    });
  }

  ResponseStatus status_of(const Finish& finish) {
    switch (finish.reason) {
      case Finish::Reason::length: return ResponseStatus::max_output_tokens;
      case Finish::Reason::content_filter: return ResponseStatus::content_filter;
      case Finish::Reason::refusal:
        say(SaidPart::Kind::refusal, finish.text);
        // Without a word of refusal the status alone says that this is not the whole answer.
        return refused_ ? ResponseStatus::completed : ResponseStatus::content_filter;
      case Finish::Reason::stop:
      case Finish::Reason::stop_sequence:
      case Finish::Reason::tool_calls:
      case Finish::Reason::pause:
      case Finish::Reason::other: return ResponseStatus::completed;
    }
    __builtin_unreachable();
  }

  const std::string id_;  ///< of the request, escaped
  ResponseObject response_;
  ResponseStatus status_ = ResponseStatus::completed;
  std::optional<Usage> usage_;
  std::optional<SaidItem> item_;
  std::optional<SaidPart> part_;
  unsigned items_ = 0;
  unsigned parts_ = 0;  ///< of the message that is being said
  bool started_ = false;
  bool refused_ = false;
  std::int64_t sequence_ = 0;
  std::string output_;  ///< the finished items, commas between them
  Buffer scratch_;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_responses_writer(Buffer& out, const AnswerContext& context) {
  return std::make_unique<ResponsesAnswerWriter>(out, context);
}

}  // namespace butter::dialect
