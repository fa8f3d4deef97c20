#include "proc_cpu.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace butter::bench {

Nanos cpu_time_of(const std::vector<int>& pids) {
  Nanos total = 0;
  for (const int pid : pids) {
    std::error_code gone;
    const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
      Nanos time = 0;
      std::ifstream(task.path() / "schedstat") >> time;
      total += time;
    }
  }
  return total;
}

}  // namespace butter::bench
