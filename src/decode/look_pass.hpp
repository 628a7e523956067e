// The one pass of a Look, written once for AVX2 and AVX-512: each look_kernel_*.cpp defines a Chunk of 64 bytes, and includes this within its own
// target. Nothing in the loop is called, so that all that is compared with stays in registers.

namespace imdswatch {
namespace {

template <class Chunk>
class Pass {
 public:
  explicit Pass(LookNotes& notes)
      : key_ends_begin_(notes.key_ends.data()), key_end_(key_ends_begin_), blanks_begin_(notes.blanks.data()), blanks_(blanks_begin_) {}

  [[gnu::always_inline]] inline LookCounts run(std::string_view message) {  // so that its members stay in registers
    std::size_t at = 0;
    for (; at + Chunk::read <= message.size(); at += 64) {
      __builtin_prefetch(message.data() + at + fetched_ahead);
      block(Chunk(message.data() + at), at);
    }
    for (; at < message.size(); at += 64) block(Chunk(message.data() + at, message.size() - at), at);
    return {static_cast<std::size_t>(key_end_ - key_ends_begin_), static_cast<std::size_t>(blanks_ - blanks_begin_)};
  }

 private:
  /// What lies behind a message is mostly the next one of its batch, just written by another core. Further than a processor looks by itself.
  static constexpr std::size_t fetched_ahead = 4096;

  [[gnu::always_inline]] inline void block(const Chunk& chunk, std::size_t at) {
    const auto seen = chunk.before_colons();
    key_end_ += Chunk::note(key_end_, seen.quotes(), ground_);
    ground_.step();
    if (seen.any_blank()) [[unlikely]]
      *blanks_++ = {at, seen.blanks()};
  }

  LookNotes::Place* const key_ends_begin_;
  LookNotes::Place* key_end_;
  LookNotes::Blanks* const blanks_begin_;
  LookNotes::Blanks* blanks_;
  typename Chunk::Ground ground_;
};

}  // namespace
}  // namespace imdswatch
