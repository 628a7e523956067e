#!/usr/bin/env bash
# demo_kafka.sh BINARY BOOTSTRAP: the demo's fleet through `imdswatch run` on a real broker, and its alerts against those of
# `imdswatch replay` over the same events. `./dev demo --kafka` calls it with a broker of its own. Ends what it has started.
set -euo pipefail
binary=$1 bootstrap=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
topic=demo-endpoint-events
work=$(mktemp -d)
daemon='' reader=''

clean_up() {
  [[ -z $reader ]] || kill "$reader" 2>/dev/null || true
  [[ -z $daemon ]] || kill "$daemon" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap clean_up EXIT
quietly() { "$@" >"$work/step.log" 2>&1 || { cat "$work/step.log" >&2; exit 1; }; }
say() { echo "demo: $*" >&2; }

say "making two weeks of a small fleet's events"
"$binary" demo --write-events "$work/events" >/dev/null
files=("$work"/events/partition-*.ndjson)
# Reading waits for the detector's time every hour of event time; the detector learns of time by progress, in life every 3 s.
cat >"$work/imdswatch.yaml" <<YAML
kafka:
  properties:
    bootstrap.servers: $bootstrap
  raw_topics: [$topic]
sieve:
  progress_every: 500ms
http:
  port: 0
YAML

say "what \`imdswatch replay\` tells of them, without a broker"
"$binary" replay --config "$work/imdswatch.yaml" --alerts "$work/replay.ndjson" --summary "$work/summary.txt" "${files[@]}"

say "writing $(cat "${files[@]}" | wc -l) events into the topic $topic (${#files[@]} partitions)"
quietly "$here/broker.sh" topic "$bootstrap" "$topic" ${#files[@]}
quietly "$here/broker.sh" produce "$bootstrap" "$topic" "${files[@]}"

say "imdswatch run: its alerts, as a consumer of imdswatch.alerts reads them"
echo
quietly "$binary" topics --config "$work/imdswatch.yaml"
"$binary" run --config "$work/imdswatch.yaml" 2>"$work/run.log" &
daemon=$!
mkfifo "$work/alerts"
"$here/broker.sh" consume "$bootstrap" imdswatch.alerts >"$work/alerts" 2>"$work/consumer.log" &
reader=$!
same=0
python3 "$here/demo_alerts.py" "$work/replay.ndjson" "$daemon" <"$work/alerts" || same=1

status=0
kill "$daemon" 2>/dev/null || true
wait "$daemon" || status=$?
daemon=''
if ((status != 0 || same != 0)); then
  cat "$work/consumer.log" "$work/run.log" >&2
  say "imdswatch run ended with $status"
  exit 1
fi
say "imdswatch run was told to stop: it committed, left its groups, and ended with 0"
