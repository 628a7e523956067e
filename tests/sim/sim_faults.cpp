#include "sim_faults.hpp"

namespace imdswatch::sim {

Faults Faults::drawn(fleet::Random& random) {
  Faults out;
  const auto draw = [&](Fault fault, double most) {
    const double rate = most * random.unit();
    out.rates_[static_cast<std::size_t>(fault)] = random.chance(0.6) ? rate : 0;
  };
  draw(Fault::crash, 0.02);
  draw(Fault::stopped, 0.06);
  draw(Fault::nap, 0.02);
  draw(Fault::rebalance, 0.02);
  draw(Fault::produce_failure, 0.04);
  draw(Fault::compaction, 0.05);
  draw(Fault::call_log_garbage, 0.5);
  draw(Fault::broker_away, 0.005);
  draw(Fault::outage, 0.005);
  draw(Fault::wall_clock_jump, 0.005);
  draw(Fault::commit_put_off, 1);
  draw(Fault::abort, 0.1);
  draw(Fault::unknown, 0.1);
  draw(Fault::crash_before_commit, 0.05);
  draw(Fault::crash_after_commit, 0.05);
  draw(Fault::garbage, 0.02);
  draw(Fault::redelivery, 0.03);
  draw(Fault::event_clock_jump, 0.01);
  return out;
}

}  // namespace imdswatch::sim
