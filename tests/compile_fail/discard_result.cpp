// An error that is made and not returned is lost.
#include "base/result.h"

butter::Result<int> half(int number) {
  if (number % 2 != 0) {
#ifdef MISTAKE
    butter::fail(butter::Errc::bad_request, "odd");
#else
    return butter::fail(butter::Errc::bad_request, "odd");
#endif
  }
  return number / 2;
}
