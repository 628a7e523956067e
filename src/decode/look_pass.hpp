// The one pass of a Look, written once for every width of a machine's registers: each look_kernel*.cpp defines a Chunk of 64 bytes, and the
// Signs that it looks for, and includes this within its own target. Nothing in the loop is called, so that all that is compared with stays in
// registers.

namespace imdswatch {
namespace {

template <class Chunk, class Signs>
class Pass {
 public:
  Pass(const LookProbes& probes, LookNotes& notes)
      : hits_begin_(notes.hits.data()),
        hits_end_(hits_begin_ + notes.hits.size()),
        hit_(hits_begin_),
        key_ends_begin_(notes.key_ends.data()),
        key_end_(key_ends_begin_),
        signs_(probes) {}

  LookResult run(std::string_view message) {
    const auto end = static_cast<std::ptrdiff_t>(message.size());
    bool room = true;
    std::ptrdiff_t at = 0;
    for (; room && at + 64 + LookProbes::reach <= end; at += 64) {
      __builtin_prefetch(message.data() + at + fetched_ahead);
      room = block(Chunk(message.data() + at), at);
    }
    for (; room && at < end; at += 64) room = block(Chunk(message.data() + at, end - at), at);
    return {room, static_cast<std::size_t>(key_end_ - key_ends_begin_), static_cast<std::size_t>(hit_ - hits_begin_)};
  }

 private:
  /// What lies behind a message is mostly the next one of its batch, just written by another core. Further than a processor looks by itself.
  static constexpr std::ptrdiff_t fetched_ahead = 4096;

  /// False where the hits are too many to note.
  [[gnu::always_inline]] inline bool block(const Chunk& chunk, std::ptrdiff_t at) {
    const auto here = chunk.load(0);
    const auto next = chunk.load(1);
    key_end_ += Chunk::note(key_end_, Chunk::equal_pairs(here, Chunk::all('"'), next, Chunk::all(':')), ground_);
    ground_.step();
    const auto seen = signs_.seen(here, next, chunk);
    if (!Signs::any(seen)) [[likely]]
      return true;
    if (hit_ == hits_end_) return false;
    *hit_++ = {at, Signs::places(seen)};
    return true;
  }

  LookNotes::Hit* const hits_begin_;
  LookNotes::Hit* const hits_end_;
  LookNotes::Hit* hit_;
  LookNotes::Place* const key_ends_begin_;
  LookNotes::Place* key_end_;
  typename Chunk::Ground ground_;
  Signs signs_;
};

}  // namespace
}  // namespace imdswatch
