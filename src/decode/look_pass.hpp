// The one pass of a Look, written once for every width of a machine's registers: each look_kernel*.cpp defines a Chunk of 64 bytes and
// includes this within its own target. Nothing in the loop is called, so that all that is compared with stays in registers.

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
    for (std::size_t i = 0; i < dot_count_; ++i) distances_[i] = probes.dots[i];
    for (std::size_t i = 0; i < colon_count_; ++i) colons_[i] = {Chunk::all(probes.colons[i].before), Chunk::all(probes.colons[i].after), probes.colons[i].after == 0};
  }

  LookResult run(std::string_view message) {
    const auto end = static_cast<std::ptrdiff_t>(message.size());
    bool room = block(Chunk::at_edge(message.data(), 0, end), 0);
    std::ptrdiff_t at = 64;
    for (; room && at + 64 + LookProbes::reach <= end; at += 64) room = block(Chunk(message.data() + at), at);
    for (; room && at < end; at += 64) room = block(Chunk::at_edge(message.data(), at, end), at);
    return {room, last_letters_.value(), third_last_letters_.value(), static_cast<std::size_t>(key_end_ - key_ends_begin_), objects_, static_cast<std::size_t>(hit_ - hits_begin_)};
  }

 private:
  /// False where the hits are too many to note.
  [[gnu::always_inline]] inline bool block(const Chunk& chunk, std::ptrdiff_t at) {
    const auto here = chunk.load(0);
    const auto next = chunk.load(1);
    const auto colons = Chunk::equal(next, Chunk::all(':'));
    const auto ends = Chunk::and_equal(colons, here, Chunk::all('"'));
    last_letters_.add(ends, chunk.load(-1));
    third_last_letters_.add(ends, chunk.load(-3));
    const auto braces = Chunk::equal(here, Chunk::all('{'));
    objects_ += static_cast<std::uint64_t>(__builtin_popcountll(Chunk::bits(Chunk::and_equal(braces, next, Chunk::all('"')))));
    auto hits = Chunk::and_equal(Chunk::equal(here, Chunk::all('\\')), next, Chunk::all('u'));
    hits = Chunk::either(hits, Chunk::and_blank(braces, next));
    const auto dots = Chunk::equal(here, Chunk::all('.'));
    for (std::size_t i = 0; i < (Dots != 0 ? Dots : dot_count_); ++i) hits = Chunk::either(hits, Chunk::and_equal(dots, chunk.load(distances_[i]), Chunk::all('.')));
    const auto folded = Chunk::fold(here);
    const auto third = Chunk::fold(chunk.load(2));
    for (std::size_t i = 0; i < (Colons != 0 ? Colons : colon_count_); ++i) {
      const auto before = Chunk::and_equal(colons, folded, colons_[i].before);
      hits = Chunk::either(hits, colons_[i].any_after ? before : Chunk::and_equal(before, third, colons_[i].after));
    }
    note_keys(Chunk::bits(ends), static_cast<std::uint64_t>(at));
    if (Chunk::none(hits)) [[likely]] return true;
    if (hit_ == hits_end_) return false;
    *hit_++ = {at, Chunk::bits(hits)};
    return true;
  }

  /// Hardly ever are there more in 64 bytes than are written unasked.
  [[gnu::always_inline]] inline void note_keys(std::uint64_t bits, std::uint64_t at) {
    LookNotes::Place* out = key_end_;
    key_end_ += __builtin_popcountll(bits);
    do {
      for (std::size_t i = 0; i < LookNotes::unasked; ++i) {
        *out++ = static_cast<LookNotes::Place>(at + Chunk::lowest(bits));
        bits &= bits - 1;
      }
    } while (__builtin_expect(bits != 0, 0) != 0);
  }

  struct Colon {
    typename Chunk::Bytes before, after;
    bool any_after;
  };
  LookNotes::Hit* const hits_begin_;
  LookNotes::Hit* const hits_end_;
  LookNotes::Hit* hit_;
  LookNotes::Place* const key_ends_begin_;
  LookNotes::Place* key_end_;
  std::uint64_t objects_ = 0;
  std::size_t dot_count_, colon_count_;
  std::ptrdiff_t distances_[Dots != 0 ? Dots : LookProbes::most];
  Colon colons_[Colons != 0 ? Colons : LookProbes::most];
  typename Chunk::Sum last_letters_, third_last_letters_;
};

template <class Chunk>
LookResult run_pass(const LookProbes& probes, std::string_view message, LookNotes& notes) {
  const bool usual = probes.dots.size() == 1 && probes.colons.size() == 1;
  return usual ? Pass<Chunk, 1, 1>(probes, notes).run(message) : Pass<Chunk, 0, 0>(probes, notes).run(message);
}

}  // namespace
}  // namespace imdswatch
