#!/usr/bin/env bash
# A real Apache Kafka (KRaft) on loopback for tests. DIR holds all of its data; no two brokers share one.
#
#   broker.sh fetch                                   get the jars by Maven, once; they are kept in the cache folder
#   broker.sh start DIR [--brokers 1|3] [--sasl] [--with PID]   format (the first time) and start, wait until ready, print
#                                                     the bootstrap address. --with: ends and is wiped when process PID ends
#   broker.sh stop DIR                                end all nodes in good order
#   broker.sh kill9 DIR N | startone DIR N            crash one node (N from 1), start it again
#   broker.sh wipe DIR                                end all nodes at once and remove DIR
#   broker.sh topic DIR NAME PARTITIONS [k=v ...]     create a topic
#   broker.sh produce DIR TOPIC FILE ...              a line is a message; the first FILE goes into partition 0, and so on
#   broker.sh consume DIR TOPIC                       print all of a topic, and what comes, until ended; only what is committed
#   broker.sh abort-hanging DIR                       abort the transactions that the brokers lost track of; a line for each partition
#   broker.sh bootstrap DIR | ssl-bootstrap DIR       print the address
#
# topic, produce and consume take a broker's address in place of DIR too.
#
# With --sasl there is a second listener, SASL_SSL with SCRAM-SHA-512, user imdswatch, password imdswatch-test; its certificate
# authority is DIR/tls/ca.crt. Needs Java 17 or newer, python3, and openssl for --sasl. BROKER_HEAP sets -Xmx (384m),
# BROKER_PROPERTIES further server properties when DIR is formatted (blanks between them).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/broker/server.properties.sh"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/imdswatch/kafka
jars=$cache/$(cksum <"$here/broker/pom.xml" | tr -d ' ')
user=imdswatch password=imdswatch-test

die() { echo "broker.sh: $*" >&2; exit 1; }

# The oldest Java that serves, whatever JAVA_HOME or PATH say: Debian's, else the first in PATH.
find_java() {
  local home version
  while read -r version home; do
    if ((version >= 17)) && [[ -x $home/bin/java ]]; then
      echo "$home/bin/java"
      return
    fi
  done < <(ls -d /usr/lib/jvm/java-*-openjdk-* 2>/dev/null | sed -nE 's,^.*/java-([0-9]+)-.*$,\1 &,p' | sort -n)
  version=$(java -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p') || true
  [[ -n $version ]] && ((version >= 17)) || die "needs Java 17 or newer (apt-get install default-jre-headless)"
  command -v java
}

fetch() {
  [[ -f $jars/.complete ]] && return
  local maven=/usr/bin/mvn java
  [[ -x $maven ]] || maven=$(command -v mvn) || die "needs Maven to fetch Apache Kafka (apt-get install maven)"
  java=$(find_java)
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9
  if [[ ! -f $jars/.complete ]]; then
    echo "broker.sh: fetching Apache Kafka (44 MB, once)" >&2
    rm -rf "$jars"
    JAVA_HOME=${java%/bin/java} "$maven" -q -B -Dstyle.color=never -f "$here/broker/pom.xml" \
      org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$jars" >&2
    touch "$jars/.complete"
  fi
  exec 9>&-
}

# Three ports a node, free at this moment, below the range from which the kernel takes ports for outgoing connections: a node
# that is started again finds its own still free.
choose_ports() {
  python3 - "$1" <<'PY'
import random, socket, sys
with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
    top = min(int(f.read().split()[0]), 32768)
held = []
while len(held) < 3 * int(sys.argv[1]):
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randrange(max(1025, top - 16000), top)))
        held.append(s)
    except OSError:
        s.close()
ports = [s.getsockname()[1] for s in held]
for i in range(0, len(ports), 3):
    print(*ports[i:i + 3])
PY
}

nodes() { wc -l <"$dir/ports"; }

addresses() { # column of DIR/ports
  awk -v c="$1" '{printf "%s127.0.0.1:%s", (NR > 1 ? "," : ""), $c} END {print ""}' "$dir/ports"
}

# The process of a node, if it still is that node's.
pid_of() {
  local pid
  pid=$(cat "$dir/node$1/pid" 2>/dev/null) || return 1
  grep -qaF "$dir/node$1/server.properties" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

make_certificates() {
  mkdir -p "$dir/tls"
  (
    cd "$dir/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=imdswatch-test-ca -keyout ca.key -out ca.crt
    openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 \
      -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1) -out server.crt
    cat server.key server.crt ca.crt >server.pem
  ) 2>"$dir/tls.log" || die "no certificates: $(tail -n 3 "$dir/tls.log")"
}

format() { # nodes, sasl
  local node id scram=()
  choose_ports "$1" >"$dir/ports"
  if [[ -n $2 ]]; then
    make_certificates
    scram=(--add-scram "SCRAM-SHA-512=[name=$user,password=$password]") # SCRAM users are given at format time
  fi
  # A UUID in Base64; a leading dash would be an option.
  id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c 1-22)
  for ((node = 1; node <= $1; ++node)); do
    mkdir -p "$dir/node$node"
    server_properties "$dir" "$node" "$1" "$2" >"$dir/node$node/server.properties"
    "$java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile="$here/broker/log4j2.xml" -cp "$jars/*" \
      kafka.tools.StorageTool format -t "$id" -c "$dir/node$node/server.properties" ${scram[@]+"${scram[@]}"} \
      >"$dir/node$node/format.log" 2>&1 || { cat "$dir/node$node/format.log" >&2; die "format failed"; }
  done
}

launch() {
  local node=$1 home=$dir/node$1
  : >"$home/out.log"
  setsid "$java" -Xms64m -Xmx"${BROKER_HEAP:-384m}" -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
    -Dlog4j2.configurationFile="$here/broker/log4j2.xml" -cp "$jars/*" kafka.Kafka "$home/server.properties" \
    </dev/null >>"$home/out.log" 2>&1 &
  echo $! >"$home/pid"
  disown
}

await() {
  local home=$dir/node$1 tries
  for ((tries = 0; tries < 1200; ++tries)); do
    grep -q 'Kafka Server started' "$home/out.log" && return
    kill -0 "$(cat "$home/pid")" 2>/dev/null || { tail -n 5 "$home/out.log" >&2; return 1; }
    sleep 0.1
  done
  echo "broker.sh: node $1 is not ready after 120 s; see $home/out.log" >&2
  return 1
}

start() {
  local count=1 sasl= owner= node
  while (($#)); do
    case $1 in
      --brokers) count=$2; shift 2 ;;
      --with) owner=$2; shift 2 ;;
      --sasl) sasl=yes; shift ;;
      *) die "unknown option $1" ;;
    esac
  done
  fetch
  mkdir -p "$dir"
  [[ -s $dir/ports ]] || format "$count" "$sasl"
  if [[ -n $owner ]]; then
    setsid "$here/broker.sh" watch "$dir" "$owner" </dev/null >/dev/null 2>&1 &
  fi
  for ((node = 1; node <= $(nodes); ++node)); do
    pid_of "$node" >/dev/null || launch "$node"
  done
  for ((node = 1; node <= $(nodes); ++node)); do
    await "$node" || { end_all KILL; die "node $node did not start; is one of its ports taken? ($(sed -n "${node}p" "$dir/ports"))"; }
  done
  addresses 1
}

end_all() { # signal
  local node pid tries
  [[ -f $dir/ports ]] || return 0
  for ((node = 1; node <= $(nodes); ++node)); do
    if pid=$(pid_of "$node"); then kill -s "$1" "$pid" 2>/dev/null || true; fi
  done
  for ((node = 1; node <= $(nodes); ++node)); do
    for ((tries = 0; tries < 200; ++tries)); do
      pid=$(pid_of "$node") || break
      ((tries < 150)) || kill -9 "$pid" 2>/dev/null || true
      sleep 0.1
    done
    rm -f "$dir/node$node/pid"
  done
}

wipe() {
  end_all KILL
  rm -rf "$dir"
}

watch() {
  while kill -0 "$1" 2>/dev/null; do
    [[ -d $dir ]] || return 0
    sleep 0.5
  done
  wipe
}

# The address of a broker: that of DIR's, or what was given in its place.
server() { if [[ -f $dir/ports ]]; then addresses 1; else echo "$given"; fi; }

# The tool cannot be told a partition, but its partitioner takes a message's key: murmur2(key) modulo their number.
key_of_each_partition() { # partitions
  python3 - "$1" <<'PY'
import sys
partitions = int(sys.argv[1])
def murmur2(data):  # as Kafka's clients have it
    m, mask = 0x5BD1E995, 0xFFFFFFFF
    h = 0x9747B28C ^ len(data)
    whole = len(data) - len(data) % 4
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i:i + 4], "little") * m & mask
        h = h * m & mask ^ (k ^ k >> 24) * m & mask
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15
keys, i = {}, 0
while len(keys) < partitions:
    keys.setdefault((murmur2(b"%d" % i) & 0x7FFFFFFF) % partitions, i)
    i += 1
for partition in range(partitions):
    print(keys[partition])
PY
}

produce() {
  local name=$1 key keys=() file
  shift
  mapfile -t keys < <(key_of_each_partition "$#")
  for file in "$@"; do
    key=${keys[0]} keys=("${keys[@]:1}")
    sed "s/^/$key\t/" -- "$file"
  done | "${tool[@]}" org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$(server)" --topic "$name" --reader-property parse.key=true \
    --compression-codec lz4 --batch-size 262144 --command-property linger.ms=20 >&2
}

consume() {
  exec "${tool[@]}" org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$(server)" --topic "$1" --from-beginning \
    --command-property isolation.level=read_committed
}

topic() {
  local name=$1 partitions=$2 setting configs=()
  shift 2
  for setting in "$@"; do configs+=(--config "$setting"); done
  "${tool[@]}" org.apache.kafka.tools.TopicCommand --bootstrap-server "$(server)" --create --topic "$name" --partitions "$partitions" ${configs[@]+"${configs[@]}"} >&2
}

# What docs/operations.md tells an operator to do.
abort_hanging() {
  local node name partition start transactions=("${tool[@]}" org.apache.kafka.tools.TransactionsCommand --bootstrap-server "$(server)")
  for node in $(seq "$(nodes)"); do
    "${transactions[@]}" find-hanging --broker-id "$node" --max-transaction-timeout 0 2>>"$dir/abort-hanging.log"
  done | awk -F'\t' '$1 !~ /^Topic *$/ {print $1, $2, $6}' | while read -r name partition start; do
    "${transactions[@]}" abort --topic "$name" --partition "$partition" --start-offset "$start" >>"$dir/abort-hanging.log" 2>&1 </dev/null
    echo "$name [$partition] from offset $start"
  done
}

verb=${1:-}
shift || true
case $verb in
  fetch) fetch; exit ;;
  start | stop | kill9 | startone | wipe | topic | produce | consume | abort-hanging | bootstrap | ssl-bootstrap | watch) ;;
  *) sed -n '2,19p' "$0"; exit 2 ;;
esac
[[ -n ${1:-} ]] || die "$verb needs a DIR"
given=$1 dir=$(realpath -m "$1")
shift
case $verb in
  start | startone | topic | produce | consume | abort-hanging) java=$(find_java) ;;
esac
tool=("${java:-}" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.level=error -cp "$jars/*")
case $verb in
  start) start "$@" ;;
  stop) end_all TERM ;;
  kill9) pid=$(pid_of "$1") && kill -9 "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done ;;
  startone) launch "$1"; await "$1" ;;
  wipe) wipe ;;
  topic) topic "$@" ;;
  produce) produce "$@" ;;
  consume) consume "$@" ;;
  abort-hanging) abort_hanging ;;
  bootstrap) addresses 1 ;;
  ssl-bootstrap) addresses 3 ;;
  watch) watch "$@" ;;
esac
