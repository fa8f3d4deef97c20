#include "plugin/request_hooks.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "base/strings.h"

namespace butter::plugin {

namespace {

/// Answers meet the plugins from the inside out.
bool is_backward(Hook hook) noexcept {
  return hook == Hook::stream_chunk || hook == Hook::post_llm || hook == Hook::post_http;
}

bool may_answer(Hook hook) noexcept {
  return hook == Hook::pre_http || hook == Hook::pre_llm;
}

}  // namespace

RequestHooks::RequestHooks(Owner& owner) noexcept
    : owner_(owner), late_(net::Timer::calling<&RequestHooks::on_too_late>(this)) {}

void RequestHooks::begin(Host& host, std::string_view path, std::string_view id,
                         const http::Fields& fields) {
  host_ = &host;
  path_ = path;
  id_ = id;
  header_text_.clear();
  fields_.clear();
  std::size_t bytes = 0;
  for (const http::Field& field : fields.all()) { bytes += field.name.size() + field.value.size(); }
  header_text_.reserve(bytes);  // views into it must stay
  const auto keep = [this](std::string_view text) {
    const std::size_t at = header_text_.size();
    header_text_ += text;
    return std::string_view(header_text_).substr(at);
  };
  for (const http::Field& field : fields.all()) {
    const std::string_view name = keep(field.name);
    fields_.push_back({name, keep(field.value)});
  }
  metadata_.clear();
  body_.reset();
  headers_.clear();
  spent_ = Duration::zero();
  reported_ = 0;
}

void RequestHooks::end() noexcept {
  late_.cancel();
  if (pending_) { pending_->hooks = nullptr; }
  pending_.reset();
  ticket_ = {};
}

bool RequestHooks::concerns(const Plugin& plugin, Hook hook,
                            std::string_view model) const noexcept {
  return plugin.has(hook) && plugin.filter.sees(path_, model);
}

bool RequestHooks::wants(Hook hook, std::string_view model) const noexcept {
  return host_->chain().has(hook) &&
         std::ranges::any_of(host_->chain().plugins(),
                             [&](const Plugin& each) { return concerns(each, hook, model); });
}

std::unique_ptr<StreamFilter> RequestHooks::stream_filter(std::string_view model) const {
  for (const Plugin& each : host_->chain().plugins()) {
    if (!each.built_in || !each.filter.sees(path_, model)) { continue; }
    if (auto filter = each.built_in->stream_filter()) { return filter; }
  }
  return nullptr;
}

Outcome RequestHooks::run(const Subject& subject) {
  subject_ = subject;
  called_ = 0;
  body_.reset();
  return host_->chain().has(subject.hook) ? advance() : Outcome::passed;
}

Outcome RequestHooks::advance() {
  const std::size_t count = host_->chain().plugins().size();
  while (called_ < count) {
    const std::size_t index = is_backward(subject_.hook) ? count - 1 - called_ : called_;
    ++called_;
    if (!concerns(plugin(index), subject_.hook, subject_.model)) { continue; }
    const auto outcome =
        plugin(index).built_in ? std::optional(call_built_in(index)) : call_sandboxed(index);
    if (!outcome) { return Outcome::waiting; }
    if (*outcome != Outcome::passed) { return *outcome; }
  }
  return Outcome::passed;
}

HookInput RequestHooks::input_for(const Plugin& plugin) const {
  HookInput input{.hook = subject_.hook,
                  .provider = subject_.provider,
                  .model = subject_.hook == Hook::pre_http ? std::string_view() : subject_.model,
                  .headers = fields_,
                  .metadata = &metadata_,
                  .status = subject_.status,
                  .response = subject_.response,
                  .trace = subject_.trace};
  if (plugin.built_in || !subject_.body_is_ours) { input.body = subject_.body; }
  if (body_) { (subject_.hook == Hook::post_http ? input.response : input.body) = *body_; }
  return input;
}

Outcome RequestHooks::call_built_in(std::size_t index) {
  const TimePoint begin = std::chrono::steady_clock::now();
  auto output = plugin(index).built_in->run(input_for(plugin(index)), {host_->logger(), id_});
  const Duration took = std::chrono::steady_clock::now() - begin;
  spent_ += took;
  if (!output) {
    return take_failure(index, {.fault = wasm::Fault::refused,
                                .hook = subject_.hook,
                                .plugin = plugin(index).name,
                                .detail = std::move(output).error().detail,
                                .took = took});
  }
  host_->count(index, subject_.hook, result_of(*output), took);
  return apply(plugin(index), *std::move(output));
}

std::expected<std::string_view, wasm::Failure> RequestHooks::write_input(std::size_t index) {
  const auto failed = [&](wasm::Fault fault, std::string why) {
    return std::unexpected(wasm::Failure{.fault = fault,
                                         .hook = subject_.hook,
                                         .plugin = plugin(index).name,
                                         .detail = std::move(why)});
  };
  const Sandboxed& code = *plugin(index).sandboxed;
  if (spent_ >= host_->chain().time_limit()) {
    return failed(wasm::Fault::not_called, "the request's time for plugins is used up");
  }
  if (!code.rest(subject_.hook).may_run(host_->loop().now())) {
    return failed(wasm::Fault::not_called, "it rests, since it kept running into its limits");
  }
  auto input = host_->writer().write(input_for(plugin(index)), code.disclosure());
  if (!input) { return failed(wasm::Fault::bad_input, std::move(input).error().detail); }
  return *input;
}

std::optional<Outcome> RequestHooks::call_sandboxed(std::size_t index) {
  const auto input = write_input(index);
  if (!input) { return take_failure(index, input.error()); }
  if (plugin(index).sandboxed->place(input->size()) == wasm::Place::thread) {
    start(index, std::string(*input));
    return std::nullopt;
  }
  return judge(index, input->size(), host_->call(index, subject_.hook, *input, id_));
}

void RequestHooks::start(std::size_t index, std::string input) {
  index_ = index;
  input_bytes_ = input.size();
  started_at_ = std::chrono::steady_clock::now();
  pending_ = std::make_shared<Pending>(this);
  ticket_ = host_->start(index, subject_.hook, std::move(input), std::string(id_),
                         [pending = pending_](Host::Result result) {
                           if (pending->hooks == nullptr) { return; }
                           pending->hooks->on_result(std::move(result));
                         });
  host_->loop().arm(late_, host_->chain().time_limit() - spent_);
}

void RequestHooks::on_result(Host::Result result) {
  const Duration waited = std::chrono::steady_clock::now() - started_at_;
  const Duration ran = result ? result->took : result.error().took;
  end();
  spent_ += std::max(Duration::zero(), waited - ran);  // the rest is added by judge()
  go_on(judge(index_, input_bytes_, std::move(result)));
}

/// All threads of the plugin are busy, or it takes longer than a request may spend.
void RequestHooks::on_too_late() {
  end();
  const Duration waited = std::chrono::steady_clock::now() - started_at_;
  spent_ = std::max(spent_ + waited, host_->chain().time_limit());
  go_on(take_failure(index_, {.fault = wasm::Fault::timeout,
                              .hook = subject_.hook,
                              .plugin = plugin(index_).name,
                              .detail = "the request's time for plugins is used up",
                              .took = waited}));
}

void RequestHooks::go_on(Outcome outcome) {
  if (outcome == Outcome::passed) { outcome = advance(); }
  // Last: the owner may begin another stage, or end the request.
  if (outcome != Outcome::waiting) { owner_.on_hooks_done(outcome); }
}

Outcome RequestHooks::judge(std::size_t index, std::size_t input_bytes, Host::Result result) {
  host_->note(index, subject_.hook, input_bytes, result);
  spent_ += result ? result->took : result.error().took;
  if (!result) {
    report(index, result.error());
    return verdict(index);
  }
  return apply(plugin(index), *std::move(result));
}

Outcome RequestHooks::apply(const Plugin& plugin, HookOutput output) {
  const Hook hook = subject_.hook;
  for (auto& [key, value] : output.metadata) { metadata_.insert_or_assign(key, std::move(value)); }
  std::ranges::move(output.headers, std::back_inserter(headers_));
  // What it did not see it does not change.
  const bool saw = plugin.built_in || !subject_.body_is_ours || hook == Hook::post_http;
  if (output.body && saw) { body_ = *std::move(output.body); }
  if (!output.short_circuit || !may_answer(hook)) { return Outcome::passed; }
  answer_ = *std::move(output.short_circuit);
  return Outcome::answered;
}

/// A failure that is none of a call's.
Outcome RequestHooks::take_failure(std::size_t index, const wasm::Failure& failure) {
  host_->count(index, failure.hook, to_string(failure.fault), failure.took);
  report(index, failure);
  return verdict(index);
}

/// One line for a hook of a request says enough.
void RequestHooks::report(std::size_t index, const wasm::Failure& failure) {
  const std::size_t which = index * wasm::kHooks.size() + static_cast<std::size_t>(failure.hook);
  const std::uint64_t bit = std::uint64_t{1} << (which % 64);
  if ((reported_ & bit) != 0) { return; }
  reported_ |= bit;
  host_->log_failure(failure, id_);
}

Outcome RequestHooks::verdict(std::size_t index) {
  if (plugin(index).on_failure == config::OnFailure::open) { return Outcome::passed; }
  failure_ = "plugin " + quoted(plugin(index).name) + " failed in " + to_string(subject_.hook);
  return Outcome::failed;
}

void RequestHooks::observe(const Subject& subject) {
  subject_ = subject;
  body_.reset();
  const std::size_t count = host_->chain().plugins().size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t index = is_backward(subject.hook) ? count - 1 - i : i;
    if (plugin(index).built_in || !concerns(plugin(index), subject.hook, subject.model)) {
      continue;
    }
    const auto input = write_input(index);
    if (!input) {
      static_cast<void>(take_failure(index, input.error()));
    } else if (plugin(index).sandboxed->place(input->size()) == wasm::Place::thread) {
      host_->start_detached(index, subject.hook, std::string(*input), std::string(id_));
    } else {
      const auto result = host_->call(index, subject.hook, *input, id_);
      host_->note(index, subject.hook, input->size(), result);
      if (!result) { report(index, result.error()); }
    }
  }
}

}  // namespace butter::plugin
