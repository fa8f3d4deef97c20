/* Plugins to measure with: they take their input, as a plugin does that looks into it, and change
 * nothing. HOOKS is how many hooks they have: 0, 1 or 4. */
#include "../../sdk/c/butter.h"

static int look(void) { return bt_input().data[0] != '{'; }

#if HOOKS > 0
BT_HOOK(pre_http) { return look(); }
#endif
#if HOOKS > 1
BT_HOOK(pre_llm) { return look(); }
BT_HOOK(post_llm) { return look(); }
BT_HOOK(post_http) { return look(); }
#endif
#if HOOKS == 0
__attribute__((export_name("no_hook"))) int no_hook(void) { return look(); }
#endif
