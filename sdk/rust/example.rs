//! Turns one user away, and marks all other requests. Config: `deny` = the user's name.

#[path = "butter.rs"]
mod butter;

#[no_mangle]
pub extern "C" fn pre_http() -> i32 {
    let input = butter::input();
    let user = butter::member(&input, "body")
        .and_then(|body| butter::member(body, "user"))
        .and_then(butter::plain_string)
        .unwrap_or("");
    if !user.is_empty() && Some(user) == butter::config("deny").as_deref() {
        butter::log("turned a user away");
        butter::answer(403, "{\"error\":{\"message\":\"this user is not allowed\"}}");
        return 0;
    }
    butter::output("{\"metadata\":{\"seen_by\":\"rust\"},\"headers\":{\"X-Seen-By\":\"rust\"}}");
    0
}
