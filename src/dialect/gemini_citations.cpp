#include "dialect/gemini_citations.h"

#include <cstdint>
#include <vector>

#include "dialect/count.h"
#include "json/writer.h"

namespace butter::dialect::gemini {

namespace {

struct Page {
  std::string_view uri;
  std::string_view title;
  bool cited = false;
};

struct Passage {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct Teller {
  unsigned choice;
  Buffer& scratch;
  AnswerSink& sink;

  void tell(const Page& page, Passage passage) {
    scratch.clear();
    json::Writer json(scratch);
    json.begin_object().key("type").string("url_citation").key("url_citation").begin_object();
    json.key("start_index").number(static_cast<std::int64_t>(passage.begin));
    json.key("end_index").number(static_cast<std::int64_t>(passage.end));
    json.key("url").escaped(page.uri).key("title").escaped(page.title);
    json.end_object().end_object();
    sink.delta({.kind = Delta::Kind::citation, .choice = choice, .raw = {scratch.view()}});
  }
};

/// A member of `groundingChunks`: {"web":{"uri","title"}}, or "retrievedContext", "maps".
Page read_page(json::Cursor& at) {
  Page page;
  at.object([&](std::string_view) {
    at.object([&](json::Key key) {
      if (key == "uri") {
        page.uri = at.string();
      } else if (key == "title") {
        page.title = at.string();
      } else {
        at.skip_value();
      }
    });
  });
  return page;
}

/// Reads `startIndex` and `endIndex`. \return false: the member is another, and was not stepped
/// over
bool read_index(json::Cursor& at, std::string_view key, Passage& into) {
  if (key == "startIndex") {
    into.begin = read_count(at).value_or(0);
  } else if (key == "endIndex") {
    into.end = read_count(at).value_or(0);
  } else {
    return false;
  }
  return true;
}

/// A member of `groundingSupports`: {"segment":{...},"groundingChunkIndices":[0,2]}.
void tell_support(json::Cursor& at, std::vector<Page>& pages, Teller& teller) {
  Passage passage;
  std::string_view indices;
  at.object([&](json::Key key) {
    if (key == "segment") {
      at.object([&](std::string_view name) {
        if (!read_index(at, name, passage)) { at.skip_value(); }
      });
    } else {
      const std::string_view value = at.value();
      if (key == "groundingChunkIndices") { indices = value; }
    }
  });
  json::Cursor list(indices);
  list.array([&] {
    const std::uint64_t index = read_count(list).value_or(pages.size());
    if (index >= pages.size()) { return; }
    pages[index].cited = true;
    teller.tell(pages[index], passage);
  });
}

}  // namespace

void tell_grounding(json::Cursor& at, unsigned choice, Buffer& scratch, AnswerSink& sink) {
  std::vector<Page> pages;
  std::string_view supports;
  at.object([&](json::Key key) {
    if (key == "groundingChunks") {
      at.array([&] { pages.push_back(read_page(at)); });
    } else {
      const std::string_view value = at.value();
      if (key == "groundingSupports") { supports = value; }
    }
  });
  Teller teller{choice, scratch, sink};
  json::Cursor list(supports);
  list.array([&] { tell_support(list, pages, teller); });
  for (const Page& page : pages) {
    if (!page.cited && !page.uri.empty()) { teller.tell(page, {}); }
  }
}

void tell_recitations(json::Cursor& at, unsigned choice, Buffer& scratch, AnswerSink& sink) {
  Teller teller{choice, scratch, sink};
  at.object([&](json::Key key) {
    if (key != "citationSources") { return at.skip_value(); }
    at.array([&] {
      Page page;
      Passage passage;
      at.object([&](std::string_view name) {
        if (name == "uri") {
          page.uri = at.string();
        } else if (!read_index(at, name, passage)) {
          at.skip_value();
        }
      });
      if (!page.uri.empty()) { teller.tell(page, passage); }
    });
  });
}

}  // namespace butter::dialect::gemini
