# Sourced by broker.sh. server_properties DIR NODE NODES SASL: the settings of one node of a test cluster, to standard output.
# Everything listens on loopback; the ports are those that `start` chose (DIR/ports: one line a node, three ports a line).
server_properties() {
  local dir=$1 node=$2 nodes=$3 sasl=$4 plain controller tls other voters= replicas=1 in_sync=1
  for ((other = 1; other <= nodes; ++other)); do
    read -r _ controller _ < <(sed -n "${other}p" "$dir/ports")
    voters+=,$other@127.0.0.1:$controller
  done
  read -r plain controller tls < <(sed -n "${node}p" "$dir/ports")
  if ((nodes >= 3)); then
    replicas=3 in_sync=2
  fi
  local listeners=PLAINTEXT://127.0.0.1:$plain,CONTROLLER://127.0.0.1:$controller advertised=PLAINTEXT://127.0.0.1:$plain
  local map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
  if [[ -n $sasl ]]; then
    listeners+=,SASL_SSL://127.0.0.1:$tls advertised+=,SASL_SSL://127.0.0.1:$tls map+=,SASL_SSL:SASL_SSL
    cat <<TLS
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location=$dir/tls/server.pem
TLS
  fi
  cat <<NODE
process.roles=broker,controller
node.id=$node
controller.quorum.voters=${voters#,}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listeners=$listeners
advertised.listeners=$advertised
listener.security.protocol.map=$map
log.dirs=$dir/node$node/log
num.network.threads=2
num.io.threads=4
background.threads=2
num.partitions=1
default.replication.factor=$replicas
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$replicas
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=$in_sync
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=$replicas
share.coordinator.state.topic.min.isr=$in_sync
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
auto.create.topics.enable=false
log.retention.ms=-1
log.cleaner.dedupe.buffer.size=2097152
log.cleaner.threads=1
message.max.bytes=8388608
NODE
  printf '%s\n' ${BROKER_PROPERTIES:-}
}
