#include "credential/keeper.h"

#include <chrono>
#include <utility>

#include "credential/choice.h"

namespace butter::credential {

namespace {

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// All of a provider that decides where its credential comes from.
std::string id_of(const config::Provider& provider) {
  return provider.name + '\n' + std::to_string(static_cast<int>(provider.type)) + '\n' +
         provider.aws_profile + '\n' + provider.credentials_file;
}

}  // namespace

Keeper::Keeper(log::Sink& sink, log::Level least) : logger_(sink, least) {}

Keeper::~Keeper() {
  if (thread_.joinable()) {
    loop_.stop();
    thread_.join();
  }
}

std::shared_ptr<const Store> Keeper::keep(const config::Provider& provider,
                                          const config::Environment& env) {
  auto choice = choose(provider, env);
  if (!choice) { return std::make_shared<Store>(choice.error().detail); }
  if (auto* const credential = std::get_if<Credential>(&*choice)) {
    auto store = std::make_shared<Store>("");
    store->put(std::move(*credential));
    return store;
  }
  auto& source = std::get<std::unique_ptr<Source>>(*choice);
  const std::lock_guard lock(mutex_);
  std::weak_ptr<Store>& known = stores_[id_of(provider)];
  if (auto store = known.lock()) { return store; }
  auto store =
      std::make_shared<Store>("no credential yet: " + std::string(source->name()) + " is asked");
  known = store;
  add(provider.name, std::move(source), store);
  return store;
}

void Keeper::add(std::string name, std::unique_ptr<Source> source,
                 const std::shared_ptr<Store>& store) {
  loop_.post([this, name = std::move(name), source = std::move(source),
              weak = std::weak_ptr(store)]() mutable {
    std::erase_if(refreshers_, [](const auto& each) { return each->over(); });
    refreshers_.push_back(std::make_unique<Refresher>(
        loop_, resolver_, logger_, std::move(name), std::move(source), std::move(weak), unix_now));
    refreshers_.back()->start();
  });
  if (!thread_.joinable()) {
    thread_ = std::thread([this] { loop_.run(); });
  }
}

}  // namespace butter::credential
