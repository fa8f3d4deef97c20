// Whatever an upstream answers as Gemini: the same is told wherever the network cuts a stream, and
// after an end or an error nothing comes.
#include <cstdint>
#include <string>

#include "dialect/gemini_answer_reader.h"
#include "fuzz/cuts.h"

namespace {

using butter::fuzz::require;
using namespace butter::dialect;

/// Writes down what it is told; pieces are looked at, so that the sanitizer sees every view.
struct Told final : AnswerSink {
  std::string text;
  bool over = false;

  void add(char what, std::string_view more) {
    require(!over);
    text += what;
    text += more;
  }
  void start(const AnswerStart& start) override {
    require(text.empty());
    add('S', start.id.escaped);
    add('m', start.model.escaped);
  }
  void delta(const Delta& delta) override {
    require(delta.choice < 64);
    add(static_cast<char>('a' + static_cast<int>(delta.kind)), delta.text.escaped);
    for (const std::string_view view :
         {delta.id.escaped, delta.name.escaped, delta.raw.json, delta.signature.escaped}) {
      add(',', view);
    }
  }
  void finish(const Finish& finish) override { add('F', finish.text.escaped); }
  void usage(const Usage& usage) override { add('U', std::to_string(usage.output)); }
  void end() override {
    add('.', "");
    over = true;
  }
  void error(const AnswerError& error) override {
    require(error.status >= 400 && error.status < 600 && !error.message.empty());
    add('E', error.message);
    over = true;
  }
};

std::string streamed(const std::vector<std::string_view>& parts) {
  Told told;
  const auto reader = gemini::make_answer_reader();
  for (const std::string_view part : parts) {
    if (!reader->feed(part, told)) { return told.text + " failed"; }
  }
  return told.text + (reader->close(told) ? "" : " cut");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // In memory of just its size: the sanitizer sees a read behind it.
  const std::vector<char> bytes(data, data + size);
  const std::string_view input(bytes.data(), bytes.size());
  butter::fuzz::same_wherever_cut(input, streamed);
  Told told;
  const auto reader = gemini::make_answer_reader();
  if (reader->whole(input, told)) { require(told.over); }
  for (const int status : {0, 429}) {
    const AnswerError error = reader->error(status, input);
    require(error.status >= 400 && error.status < 600 && !error.message.empty());
  }
  return 0;
}
