// The one pass of a Look, written once for every width of a machine's registers: each look_kernel*.cpp defines a Chunk of 64 bytes and
// includes this within its own target. Nothing in the loop is called, so that all that is compared with stays in registers.
//
// Where a probe fits, all its bytes differ in nothing from what it wants: the differences of each are joined by `or`, those of all probes by
// the least, and a single test finds the zeros.

namespace imdswatch {
namespace {

/// Dots and Colons: how many probes of each sort there are; 0: as many as the probes have.
template <class Chunk, std::size_t Dots, std::size_t Colons>
class Pass {
 public:
  Pass(const LookProbes& probes, LookNotes& notes)
      : hits_begin_(notes.hits.data()),
        hits_end_(hits_begin_ + notes.hits.size()),
        hit_(hits_begin_),
        key_ends_begin_(notes.key_ends.data()),
        key_end_(key_ends_begin_),
        dot_count_(Dots != 0 ? Dots : probes.dots.size()),
        colon_count_(Colons != 0 ? Colons : probes.colons.size()) {
    for (std::size_t i = 0; i < dot_count_; ++i) dots_[i] = {probes.dots[i].second, probes.dots[i].third};
    for (std::size_t i = 0; i < colon_count_; ++i) {
      const auto [before, after] = probes.colons[i];
      colons_[i] = {Chunk::all(before), Chunk::all(after), Chunk::all(after != 0 ? any_case : 0)};
    }
  }

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
  static constexpr std::uint8_t any_case = 0xdf;  ///< all bits of a letter that say which one it is; of digits as well

  /// False where the hits are too many to note.
  [[gnu::always_inline]] inline bool block(const Chunk& chunk, std::ptrdiff_t at) {
    const auto here = chunk.load(0);
    const auto next = chunk.load(1);
    key_end_ += Chunk::note(key_end_, Chunk::equal_pairs(here, Chunk::all('"'), next, Chunk::all(':')), at);
    const auto none = Chunk::all(0);
    auto least = Chunk::join(Chunk::join(none, here, Chunk::all('\\')), next, Chunk::all('u'));
    least = Chunk::least(least, Chunk::join(Chunk::beyond(here, Chunk::all(' ')), next, Chunk::all(':')));
    const auto no_dot = Chunk::join(none, here, Chunk::all('.'));
    for (std::size_t i = 0; i < (Dots != 0 ? Dots : dot_count_); ++i) {
      const auto second = Chunk::join(no_dot, chunk.load(dots_[i].second), Chunk::all('.'));
      least = Chunk::least(least, Chunk::join(second, chunk.load(dots_[i].third), Chunk::all('.')));
    }
    const auto after = chunk.load(2);
    for (std::size_t i = 0; i < (Colons != 0 ? Colons : colon_count_); ++i) {
      const auto before = Chunk::differences(here, colons_[i].before, Chunk::all(any_case));
      const auto around = Chunk::either(before, Chunk::differences(after, colons_[i].after, colons_[i].bits_after));
      least = Chunk::least(least, Chunk::join(around, next, Chunk::all(':')));
    }
    if (!Chunk::any_zero(least)) [[likely]] return true;
    if (hit_ == hits_end_) return false;
    *hit_++ = {at, Chunk::zeros(least)};
    return true;
  }

  struct Dot {
    std::ptrdiff_t second, third;
  };
  struct Colon {
    typename Chunk::Bytes before, after, bits_after;
  };
  LookNotes::Hit* const hits_begin_;
  LookNotes::Hit* const hits_end_;
  LookNotes::Hit* hit_;
  LookNotes::Place* const key_ends_begin_;
  LookNotes::Place* key_end_;
  std::size_t dot_count_, colon_count_;
  Dot dots_[Dots != 0 ? Dots : LookProbes::most];
  Colon colons_[Colons != 0 ? Colons : LookProbes::most];
};

template <class Chunk>
LookResult run_pass(const LookProbes& probes, std::string_view message, LookNotes& notes) {
  const bool usual = probes.dots.size() == 1 && probes.colons.size() == 1;
  return usual ? Pass<Chunk, 1, 1>(probes, notes).run(message) : Pass<Chunk, 0, 0>(probes, notes).run(message);
}

}  // namespace
}  // namespace imdswatch
