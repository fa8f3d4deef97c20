#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"

namespace butter::config {

/// Why a value is refused; nullopt = it is fine.
using Refusal = std::optional<std::string>;
using Check = Refusal (*)(std::string_view);

/// A value as it stands in the file.
struct Scalar {
  std::string_view text;
  bool plain = true;       ///< without quotes
  std::string_view shown;  ///< for messages: never what a variable holds, it may be secret
};

/// One value of the file: its type, default and range for the documents, and the way into the
/// configuration for the reader. Made by the functions below, used at once: it refers to the
/// variable it was made from.
struct Field {
  enum class Kind : std::uint8_t { boolean, integer, number, text, duration, size, choice };

  Kind kind = Kind::text;
  std::string fallback{};              ///< the default as the file would say it; "" = none
  std::string min{}, max{};            ///< as the file would say them; "" = no limit
  std::vector<std::string> choices{};  ///< of Kind::choice
  std::function<Refusal(const Scalar&)> set{};
};

template <class T>
struct Range {
  T min{};
  T max = std::numeric_limits<T>::max();
};

template <class E>
struct Choice {
  std::string_view name;
  E value;
};

[[nodiscard]] Field boolean(bool& value);
/// Not negative, finite.
[[nodiscard]] Field number(double& value, Range<double> range);
/// `check` judges the text; nullptr = any text.
[[nodiscard]] Field text(std::string& value, Check check = nullptr);
[[nodiscard]] Field secret(Secret& value);
[[nodiscard]] Field duration(Duration& value, Range<Duration> range);
/// A number of bytes.
[[nodiscard]] Field size(std::uint64_t& value, Range<std::uint64_t> range);

[[nodiscard]] Field integer_field(std::int64_t fallback, Range<std::int64_t> range,
                                  std::function<void(std::int64_t)> set);
[[nodiscard]] Field choice_field(std::string_view fallback, std::vector<std::string> choices,
                                 std::function<void(std::size_t)> set);

template <std::integral Int>
[[nodiscard]] Field integer(Int& value, Range<std::int64_t> range) {
  return integer_field(static_cast<std::int64_t>(value), range,
                       [&value](std::int64_t n) { value = static_cast<Int>(n); });
}

/// One of a few words. Where several mean the same, the first is the one to show.
template <class E, std::size_t N>
[[nodiscard]] Field choice(E& value, const Choice<E> (&choices)[N]) {
  std::vector<std::string> names;
  std::string_view fallback;
  for (const Choice<E>& one : choices) {
    if (fallback.empty() && one.value == value) { fallback = one.name; }
    names.emplace_back(one.name);
  }
  return choice_field(fallback, std::move(names),
                      [&value, &choices](std::size_t i) { value = choices[i].value; });
}

/// "an integer from 0 to 10", for messages.
[[nodiscard]] std::string expected(const Field& field);

/// A list of values, such as `retry_on`.
struct Values {
  std::string fallback;         ///< the default as the file would say it; "" = none
  std::function<void()> clear;  ///< called once, before the first add()
  std::function<Field()> add;   ///< the next item, to be set before the next call
};

template <class T, class MakeField>
[[nodiscard]] Values values_of(std::vector<T>& values, MakeField make_field) {
  std::string fallback;
  for (T& value : values) {
    if (!fallback.empty()) { fallback += ", "; }
    fallback += make_field(value).fallback;
  }
  return {.fallback = fallback.empty() ? "" : '[' + fallback + ']',
          .clear = [&values] { values.clear(); },
          .add = [&values, make_field] { return make_field(values.emplace_back()); }};
}

/// A mapping from names that the operator chooses to values, such as `headers`.
struct Dictionary {
  std::string_view label;  ///< what the names are, for the documents: "header"
  Check check_name = nullptr;
  std::function<Field(std::string_view name)> add;
};

}  // namespace butter::config
