#pragma once

#include "app/plugin_arguments.h"

namespace butter::app {

/// Runs a plugin's hooks on a request and tells what each changed and cost. A hook sees what the
/// ones before it changed; one that answers the request ends it.
/// \param out  what is to be shown, appended
/// \return the exit code: 0, or 1 when something failed
[[nodiscard]] int run_plugin_test(const PluginArguments& arguments, std::string& out);

}  // namespace butter::app
