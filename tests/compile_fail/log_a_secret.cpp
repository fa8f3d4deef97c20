// A key must not reach a stream; its hint may.
#include <ostream>

#include "base/secret.h"

std::ostream& log_key(std::ostream& out, const butter::Secret& key) {
#ifdef MISTAKE
  return out << key;
#else
  return out << key.hint();
#endif
}
