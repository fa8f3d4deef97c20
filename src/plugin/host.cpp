#include "plugin/host.h"

#include <utility>

namespace butter::plugin {

namespace {

/// A failed hook as the Go program's log calls it.
std::string_view logged_name(Hook hook) noexcept {
  switch (hook) {
    case Hook::pre_http: return "plugin PreHTTP error";
    case Hook::pre_llm: return "plugin PreLLM error";
    case Hook::stream_chunk: return "plugin StreamChunk error";
    case Hook::post_llm: return "plugin PostLLM error";
    case Hook::post_http: return "plugin PostHTTP error";
    case Hook::on_trace: return "plugin OnTrace error";
  }
  __builtin_unreachable();
}

/// It ended at a limit, which costs more than an error.
bool is_exhausted(wasm::Fault fault) noexcept {
  using wasm::Fault;
  return fault == Fault::timeout || fault == Fault::out_of_fuel || fault == Fault::out_of_memory ||
         fault == Fault::no_instance;
}

}  // namespace

std::string_view result_of(const HookOutput& output) noexcept {
  if (output.short_circuit) { return "answered"; }
  return output.changes_nothing() ? "ok" : "changed";
}

Host::Host(net::Loop& loop, log::Logger& logger, Counter& counter,
           std::shared_ptr<const Chain> chain, const Host* before)
    : loop_(loop), logger_(logger), counter_(counter), chain_(std::move(chain)) {
  const auto known = [before](const wasm::Module* module) -> std::shared_ptr<wasm::Instance> {
    if (before == nullptr) { return nullptr; }
    for (const auto& instance : before->instances_) {
      if (instance && &instance->module() == module) { return instance; }
    }
    return nullptr;
  };
  for (const Plugin& plugin : chain_->plugins()) {
    if (!plugin.sandboxed) {
      instances_.push_back(nullptr);
      continue;
    }
    const auto& module = plugin.sandboxed->module();
    auto instance = known(module.get());
    instances_.push_back(instance ? std::move(instance) : std::make_shared<wasm::Instance>(module));
  }
}

Host::Result Host::call(std::size_t plugin, Hook hook, std::string_view input,
                        std::string_view request_id) {
  return instances_[plugin]->call(hook, input,
                                  {.logger = &logger_, .plugin = {}, .request_id = request_id});
}

wasm::Pool::Ticket Host::start(std::size_t plugin, Hook hook, std::string input,
                               std::string request_id, std::function<void(Result)> done) {
  return chain_->plugins()[plugin].sandboxed->pool().run(
      hook, std::move(input), std::move(request_id),
      [&loop = loop_, done = std::move(done)](Result result) {
        loop.post([done, result = std::move(result)]() mutable { done(std::move(result)); });
      });
}

void Host::start_detached(std::size_t plugin, Hook hook, std::string input,
                          std::string request_id) {
  auto ticket = std::make_shared<wasm::Pool::Ticket>();
  detached_->insert(ticket);
  const std::size_t bytes = input.size();
  auto done = [this, plugin, hook, bytes, id = request_id, tickets = std::weak_ptr(detached_),
               key = std::weak_ptr(ticket)](Result result) {
    const auto living = tickets.lock();
    if (!living) { return; }  // and so is this host
    living->erase(key.lock());
    note(plugin, hook, bytes, result);
    if (!result) { log_failure(result.error(), id); }
  };
  *ticket = start(plugin, hook, std::move(input), std::move(request_id), std::move(done));
}

void Host::note(std::size_t plugin, Hook hook, std::size_t input_bytes, const Result& result) {
  const Plugin& called = chain_->plugins()[plugin];
  const Duration took = result ? result->took : result.error().took;
  count(plugin, hook, result ? result_of(*result) : to_string(result.error().fault), took);
  called.sandboxed->pace().record(input_bytes, took);
  const bool exhausted = !result && is_exhausted(result.error().fault);
  if (called.sandboxed->rest(hook).note(exhausted, loop_.now())) {
    logger_.warn("plugin rests", log::field("plugin", called.name),
                 log::field("hook", to_string(hook)), log::field("failures", Rest::kFailures));
  }
}

void Host::count(std::size_t plugin, Hook hook, std::string_view result, Duration took) {
  counter_.count_hook(chain_->plugins()[plugin].name, hook, result, took);
}

void Host::log_failure(const wasm::Failure& failure, std::string_view request_id) {
  logger_.error(logged_name(failure.hook), log::field("plugin", failure.plugin),
                log::field("error", failure.text()), log::field("request_id", request_id));
}

}  // namespace butter::plugin
