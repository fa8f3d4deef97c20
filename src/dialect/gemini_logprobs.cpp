#include "dialect/gemini_logprobs.h"

#include <string_view>
#include <vector>

#include "json/writer.h"

namespace butter::dialect::gemini {

namespace {

struct Candidate {
  std::string_view token;
  std::string_view probability = "0";  // a number that is 0 may be left out
};

Candidate read_candidate(json::Cursor& at) {
  Candidate candidate;
  at.object([&](json::Key key) {
    if (key == "token") {
      candidate.token = at.string();
    } else {
      const std::string_view value = at.value();
      if (key == "logProbability") { candidate.probability = value; }
    }
  });
  return candidate;
}

/// Leaves the object open.
void begin(json::Writer& json, const Candidate& candidate) {
  json.begin_object().key("token").escaped(candidate.token);
  json.key("logprob").raw(candidate.probability).key("bytes").null();
}

/// \param candidates  a member of `topCandidates`: {"candidates":[...]}
void write_top(json::Writer& json, std::string_view candidates) {
  json::Cursor at(candidates);
  at.object([&](json::Key key) {
    if (key != "candidates") { return at.skip_value(); }
    at.array([&] {
      begin(json, read_candidate(at));
      json.end_object();
    });
  });
}

}  // namespace

void append_logprobs(json::Cursor& at, Buffer& out) {
  std::vector<Candidate> chosen;
  std::vector<std::string_view> top;
  at.object([&](json::Key key) {
    if (key == "chosenCandidates") {
      at.array([&] { chosen.push_back(read_candidate(at)); });
    } else if (key == "topCandidates") {
      at.array([&] { top.push_back(at.value()); });
    } else {
      at.skip_value();
    }
  });
  json::Writer json(out);
  json.begin_object().key("content").begin_array();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    begin(json, chosen[i]);
    json.key("top_logprobs").begin_array();
    if (i < top.size()) { write_top(json, top[i]); }
    json.end_array().end_object();
  }
  json.end_array().key("refusal").null().end_object();
}

}  // namespace butter::dialect::gemini
