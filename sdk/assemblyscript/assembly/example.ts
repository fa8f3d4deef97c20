// Turns one user away, and marks all other requests. Config: `deny` = the user's name.
import * as butter from "./butter";

export function pre_http(): i32 {
  const user = butter.plainString(butter.member(butter.member(butter.input(), "body"), "user"));
  if (user != "" && user == butter.config("deny")) {
    butter.log("turned a user away");
    butter.answer(403, '{"error":{"message":"this user is not allowed"}}');
    return 0;
  }
  butter.output(
    '{"metadata":{"seen_by":"assemblyscript"},"headers":{"X-Seen-By":"assemblyscript"}}');
  return 0;
}
