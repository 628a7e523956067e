#include "path_tree.hpp"

#include <algorithm>


namespace imdswatch {
namespace {

constexpr char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equals(std::string_view lower, std::string_view any_case) {
  for (std::size_t i = 0; i < lower.size(); ++i)
    if (lower[i] != fold(any_case[i])) return false;
  return true;
}

}  // namespace

const PathTree::Node* PathTree::Node::child(std::string_view name) const {
  if (name.size() > longest) return nullptr;
  const std::size_t end = by_length_[name.size() + 1];
  for (std::size_t i = by_length_[name.size()]; i < end; ++i)
    if (equals(children_[i].name, name)) {
      const Node* const found = children_[i].node.get();
      return found->if_written_ != nullptr && found->written_ == name ? found->if_written_.get() : found;
    }
  return nullptr;
}

void PathTree::Node::index(std::uint16_t& next) {
  number = next++;
  std::stable_sort(children_.begin(), children_.end(), [](const Child& a, const Child& b) { return a.name.size() < b.name.size(); });
  std::size_t at = 0;
  for (std::size_t length = 0; length < by_length_.size(); ++length) {
    while (at < children_.size() && children_[at].name.size() < length) ++at;
    by_length_[length] = static_cast<std::uint16_t>(at);
  }
  for (Child& child : children_) child.node->index(next);
  if (if_written_ != nullptr) if_written_->index(next);
}

void PathTree::add(Slot slot, std::string_view path, std::string_view written) {
  Node* node = &root_;
  while (true) {
    const auto dot = path.find('.');
    std::string part(path.substr(0, dot));
    std::transform(part.begin(), part.end(), part.begin(), fold);
    if (part.size() > Node::longest) return;  // no event can name it
    auto found = std::find_if(node->children_.begin(), node->children_.end(), [&](const auto& child) { return child.name == part; });
    if (found == node->children_.end()) found = node->children_.insert(found, {std::move(part), std::make_unique<Node>()});
    node = found->node.get();
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  if (!written.empty()) {
    if (node->if_written_ == nullptr) node->if_written_ = std::make_unique<Node>();
    node->written_ = written;
    node = node->if_written_.get();
  }
  const Node::Place place{slot, added_[static_cast<std::size_t>(slot)]++};
  node->slots.push_back(place);
  if (is_configured(slot) && node->if_written_ != nullptr) node->if_written_->slots.push_back(place);
}

const PathTree::Node* PathTree::step(const Node* from, std::string_view key) {
  if (from == nullptr) return nullptr;
  while (true) {
    const auto dot = key.find('.');
    from = from->child(key.substr(0, dot));
    if (from == nullptr || dot == std::string_view::npos) return from;
    key.remove_prefix(dot + 1);
  }
}

}  // namespace imdswatch
