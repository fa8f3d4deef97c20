#include "routing/key_ring.h"

namespace butter::routing {

bool KeyRing::eligible(const config::Key& key) const {
  if (!(key.weight > 0)) { return false; }
  return key.models.empty() || std::ranges::any_of(key.models, [this](const std::string& model) {
           return model == caller_model_ || model == upstream_model_;
         });
}

bool KeyRing::cools(std::size_t index, TimePoint now) const {
  return now < health_.key(index).cool_until();
}

std::optional<int> KeyRing::draw(const KeySet& tried, TimePoint now, Random& random) const {
  KeySet open;
  double total = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (tried[i] || !eligible(keys_[i]) || cools(i, now)) { continue; }
    open.set(i);
    total += keys_[i].weight;
  }
  if (open.none()) { return std::nullopt; }
  double at = random.uniform() * total;
  std::optional<int> chosen;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (!open[i]) { continue; }
    chosen = static_cast<int>(i);
    if (at < keys_[i].weight) { break; }
    at -= keys_[i].weight;
  }
  return chosen;  // the last open one when rounding has left a little over
}

std::optional<int> KeyRing::draw_any(TimePoint now, Random& random) const {
  if (const auto key = draw(KeySet{}, now, random)) { return key; }
  std::optional<int> first;
  TimePoint first_ends;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (!eligible(keys_[i])) { continue; }
    const TimePoint ends = health_.key(i).cool_until();
    if (first && ends >= first_ends) { continue; }
    first = static_cast<int>(i);
    first_ends = ends;
  }
  return first;
}

}  // namespace butter::routing
