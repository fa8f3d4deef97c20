#pragma once

namespace butter::json {

// Steps over JSON where it lies, many bytes at a time. Nothing at or behind `end` is read. What is
// stepped over may be malformed inside: brackets are counted, not matched.

/// \param at  behind a string's opening quote
/// \return behind its closing quote; nullptr when there is none
[[nodiscard]] const char* end_of_string(const char* at, const char* end) noexcept;

/// \param at  at the bracket or brace that opens an array or an object
/// \return behind the one that closes it; nullptr when there is none
[[nodiscard]] const char* end_of_container(const char* at, const char* end) noexcept;

}  // namespace butter::json
