#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/head.h"
#include "net/timer.h"
#include "plugin/host.h"

namespace butter::plugin {

/// What a stage came to.
enum class Outcome : std::uint8_t {
  passed,    ///< the request goes on; body() and the header fields may have changed
  answered,  ///< answer() is the answer
  failed,    ///< a plugin without which the request may not go on failed: failure()
  waiting,   ///< for a thread: the owner hears of it
};

/// What a hook is called for.
struct Subject {
  Hook hook = Hook::pre_http;
  std::string_view provider{};
  std::string_view model{};  ///< the caller's name
  /// Of the request; of `stream_chunk` and `post_llm` the event's data and the answer's.
  std::string_view body{};
  bool body_is_ours = false;  ///< only plugins that are compiled in see it
  int status = 0;
  std::string_view response{};
  const wasm::Trace* trace = nullptr;
};

/// The hooks of one request, stage by stage. What plugins note of it (metadata), set and change is
/// kept from stage to stage. Used again with its memory. Thread: worker-local.
class RequestHooks {
 public:
  /// Thread: worker-local.
  class Owner {
   public:
    /// After Outcome::waiting.
    virtual void on_hooks_done(Outcome outcome) = 0;

   protected:
    ~Owner() = default;
  };
  using HeaderLines = std::vector<std::pair<std::string, std::string>>;

  explicit RequestHooks(Owner& owner) noexcept;
  ~RequestHooks() { end(); }
  RequestHooks(const RequestHooks&) = delete;
  RequestHooks& operator=(const RequestHooks&) = delete;

  /// Begins with a request, whose fields are copied. The host, the path and the id must live until
  /// end().
  void begin(Host& host, std::string_view path, std::string_view id, const http::Fields& fields);
  void end() noexcept;  ///< gives up what is waited for

  /// Whether any plugin that sees this request has the hook.
  [[nodiscard]] bool wants(Hook hook, std::string_view model) const noexcept;

  /// Of the first plugin that sees this request and has one; nullptr = none has.
  [[nodiscard]] std::unique_ptr<StreamFilter> stream_filter(std::string_view model) const;

  /// Calls the plugins in their order, or the reverse of it after a provider's answer. Views in the
  /// subject must live until the stage is over.
  [[nodiscard]] Outcome run(const Subject& subject);
  /// Calls them where nothing can change any more: nobody waits. May be called after end() of the
  /// stages, before that of the request.
  void observe(const Subject& subject);

  [[nodiscard]] bool waits() const noexcept { return pending_ != nullptr; }
  /// The body as the last stage left it, if it changed it: of `post_http` the answer's.
  [[nodiscard]] std::optional<std::string>& body() noexcept { return body_; }
  [[nodiscard]] const HookOutput::Answer& answer() const noexcept { return *answer_; }
  /// For the client: which plugin failed, and where.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  /// Header fields that plugins have set since this was cleared last.
  [[nodiscard]] HeaderLines& headers() noexcept { return headers_; }
  /// What all calls took, waiting for threads included.
  [[nodiscard]] Duration spent() const noexcept { return spent_; }

 private:
  struct Pending {
    RequestHooks* hooks;  ///< nullptr: not waited for any more
  };

  [[nodiscard]] Outcome advance();
  [[nodiscard]] bool concerns(const Plugin& plugin, Hook hook,
                              std::string_view model) const noexcept;
  [[nodiscard]] Outcome call_built_in(std::size_t index);
  /// \return nullopt: it runs on a thread
  [[nodiscard]] std::optional<Outcome> call_sandboxed(std::size_t index);
  void start(std::size_t index, std::string input);
  void on_result(Host::Result result);
  void on_too_late();
  void go_on(Outcome outcome);
  [[nodiscard]] HookInput input_for(const Plugin& plugin) const;
  /// \errors why it cannot be called
  [[nodiscard]] std::expected<std::string_view, wasm::Failure> write_input(std::size_t index);
  [[nodiscard]] Outcome judge(std::size_t index, std::size_t input_bytes, Host::Result result);
  [[nodiscard]] Outcome apply(const Plugin& plugin, HookOutput output);
  [[nodiscard]] Outcome take_failure(std::size_t index, const wasm::Failure& failure);
  void report(std::size_t index, const wasm::Failure& failure);
  [[nodiscard]] Outcome verdict(std::size_t index);
  [[nodiscard]] const Plugin& plugin(std::size_t index) const {
    return host_->chain().plugins()[index];
  }

  Owner& owner_;
  Host* host_ = nullptr;
  std::string_view path_, id_;
  std::string header_text_;
  std::vector<wasm::Header> fields_;  ///< views into header_text_
  wasm::Metadata metadata_;

  // The stage.
  Subject subject_;
  std::size_t called_ = 0;  ///< plugins called or passed over
  std::optional<std::string> body_;
  std::optional<HookOutput::Answer> answer_;
  std::string failure_;
  HeaderLines headers_;

  // The call under way on a thread.
  std::shared_ptr<Pending> pending_;
  wasm::Pool::Ticket ticket_;
  std::size_t index_ = 0;
  std::size_t input_bytes_ = 0;
  TimePoint started_at_;
  net::Timer late_;

  Duration spent_{0};
  std::uint64_t reported_ = 0;  ///< by plugin and hook: one line a request says enough
};

}  // namespace butter::plugin
