#include "dialect/tables_page.h"

#include <string_view>
#include <vector>

#include "dialect/codec.h"

namespace butter::dialect {

namespace {

constexpr Dialect kAll[] = {Dialect::chat, Dialect::responses, Dialect::messages, Dialect::gemini,
                            Dialect::converse};

constexpr std::string_view kIntroduction =
    R"(# Dialects

A caller speaks one API, a provider may speak another. Where they speak the same one, bytes are relayed
and nothing on this page applies. Else each field that the caller used is

- **mapped**: said in the provider's own words, which stand behind it;
- **passed**: taken over as the caller wrote it;
- **dropped**: left out, and named in the answer's `x-butter-dropped`; a route with `strict: true`
  answers 400 instead;
- **refused**: answered 400, because without it the answer would be wrong.

A field that is not listed is dropped. This page is made from the tables that the program translates by.
)";

std::string fate(Feature feature, const ProviderDialect& provider) {
  const Support* const row = support_of(feature, provider.support);
  if (row == nullptr) { return "dropped"; }
  return std::string(to_string(row->fate)) + ": " + std::string(row->as);
}

void append_caller(const CallerDialect& caller,
                   const std::vector<const ProviderDialect*>& providers, std::string& page) {
  page += "\n## From `" + std::string(to_string(caller.dialect)) + "`\n\n| field |";
  std::string rule = "\n|---|";
  for (const ProviderDialect* const provider : providers) {
    page += " to `" + std::string(to_string(provider->dialect)) + "` |";
    rule += "---|";
  }
  page += rule + '\n';
  for (const Meaning& meaning : caller.fields) {
    page += "| `" + std::string(meaning.field) + "` |";
    for (const ProviderDialect* const provider : providers) {
      page += ' ' + fate(meaning.feature, *provider) + " |";
    }
    page += '\n';
  }
}

}  // namespace

std::string tables_page() {
  std::vector<const ProviderDialect*> providers;
  for (const Dialect dialect : kAll) {
    if (const auto* const provider = provider_dialect(dialect)) { providers.push_back(provider); }
  }
  std::string page(kIntroduction);
  for (const Dialect dialect : kAll) {
    if (const auto* const caller = caller_dialect(dialect)) {
      append_caller(*caller, providers, page);
    }
  }
  return page;
}

}  // namespace butter::dialect
