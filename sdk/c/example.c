/* Turns one user away, and marks all other requests. Config: `deny` = the user's name. */
#include "butter.h"

BT_HOOK(pre_http) {
  const bt_text body = bt_member(bt_input(), "body");
  const bt_text user = bt_string(bt_member(body, "user"));
  const bt_text denied = bt_config("deny");
  if (user.size > 0 && bt_equal(user, denied)) {
    bt_log_info(BT_LITERAL("turned a user away"));
    bt_answer(403, "{\"error\":{\"message\":\"this user is not allowed\"}}");
    return 0;
  }
  bt_output(BT_LITERAL("{\"metadata\":{\"seen_by\":\"c\"},\"headers\":{\"X-Seen-By\":\"c\"}}"));
  return 0;
}
