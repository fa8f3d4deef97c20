#pragma once

#include "config/config.h"
#include "gateway/request_record.h"
#include "log/logger.h"

namespace butter::gateway {

/// Writes the line `request trace`: what the Go program wrote of a request, in its order, then what
/// else is known. A field whose meaning a request lacks (tokens, error, key_hint, app_key, bodies)
/// is left out. Thread: the logger's.
void write_request_line(const RequestRecord& record, const config::RequestLog& settings,
                        log::Logger& logger);

}  // namespace butter::gateway
