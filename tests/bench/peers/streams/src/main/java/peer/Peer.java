package peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * What a team might write instead, with Kafka Streams: Peer BOOTSTRAP TOPIC ALERTS EVENTS APPLICATION SEARCH_FIRST.
 * Parses events (with SEARCH_FIRST only those that a substring search lets through), keeps process starts by host and process id, and
 * alerts on a program that its host has not called with before. Ends after EVENTS messages, with one line of figures.
 */
public final class Peer {
  private static final String ADDRESS = "169.254.169.254";
  private static final String[] MARKS = {ADDRESS, "\"endpoint.events.process\"", "\"code\":\"1\"", "\"code\":\"4688\"", "\"EventID\":1,", "\"eventID\":\"1\"", "\"ProcessCreated\""};
  private static final int KEPT_STARTS = 200_000;
  private static final AtomicLong READ = new AtomicLong(), BYTES = new AtomicLong(), ALERTS = new AtomicLong();
  private static volatile long began, cpuBefore;

  /** One byte a character, so that the virtual machine's own vectorised search does it. */
  private static boolean matters(byte[] value) {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    for (String mark : MARKS) {
      if (text.contains(mark)) return true;
    }
    return false;
  }

  private static String first(JsonNode... nodes) {
    for (JsonNode node : nodes) {
      if (node.isValueNode() && !node.asText().isEmpty() && !node.isNull()) return node.asText();
    }
    return "";
  }

  static final class Detect implements Processor<byte[], byte[], byte[], byte[]> {
    private final ObjectMapper mapper = new ObjectMapper();
    private final boolean searchFirst;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<String, String> starts, seen;

    Detect(boolean searchFirst) { this.searchFirst = searchFirst; }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
      starts = context.getStateStore("starts");
      seen = context.getStateStore("seen");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (began == 0) begin();
      BYTES.addAndGet(record.value().length);
      if (!searchFirst || matters(record.value())) read(record);
      READ.incrementAndGet();
    }

    private void read(Record<byte[], byte[]> record) {
      JsonNode event;
      try {
        event = mapper.readTree(record.value());
      } catch (java.io.IOException e) {
        return;
      }
      JsonNode winlog = event.path("winlog"), win = event.path("win"), own = event.path("properties"), process = event.path("process");
      JsonNode data = winlog.has("event_data") ? winlog.path("event_data") : win.has("eventdata") ? win.path("eventdata") : event;
      boolean created = own.path("ActionType").asText().equals("ProcessCreated");
      String host = first(winlog.path("computer_name"), event.path("Hostname"), win.path("system").path("computer"), own.path("DeviceName"), event.path("host").path("name"));
      host = host.split("\\.")[0].toLowerCase(Locale.ROOT);
      String id = host + "|" + first(process.path("entity_id"), data.path("ProcessGuid"), data.path("processGuid"), data.path("NewProcessId"), data.path("ProcessID"),
                                     own.path(created ? "ProcessId" : "InitiatingProcessId"));
      String to = first(event.path("destination").path("ip"), data.path("DestinationIp"), data.path("destinationIp"), data.path("DestAddress"), own.path("RemoteIP"));
      if (to.equals(ADDRESS)) {
        String program = first(process.path("executable"), data.path("Image"), data.path("image"), data.path("Application"), own.path("InitiatingProcessFolderPath"));
        call(record, host, program, id);
        return;
      }
      String command = first(process.path("command_line"), data.path("CommandLine"), data.path("commandLine"), own.path("ProcessCommandLine"));
      if (!command.isEmpty()) starts.put(id, command);
    }

    private void call(Record<byte[], byte[]> record, String host, String program, String id) {
      if (seen.putIfAbsent(host + "|" + program, "") != null) return;
      String command = starts.get(id);
      String alert = mapper.createObjectNode().put("host", host).put("process", program).put("command_line", command == null ? "" : command).toString();
      ALERTS.incrementAndGet();
      context.forward(record.withValue(alert.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  private static synchronized void begin() {
    if (began != 0) return;
    cpuBefore = cpu();
    began = System.nanoTime();
  }

  public static void main(String[] args) throws Exception {
    long events = Long.parseLong(args[3]);
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, args[4]);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Runtime.getRuntime().availableProcessors());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, System.getProperty("java.io.tmpdir") + "/" + args[4]);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    boolean searchFirst = Boolean.parseBoolean(args[5]);
    Topology topology = new Topology();
    topology.addSource("events", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), args[1]);
    topology.addProcessor("detect", () -> new Detect(searchFirst), "events");
    // Starts need not outlive the process; what a host is known to do must.
    topology.addStateStore(Stores.keyValueStoreBuilder(Stores.lruMap("starts", KEPT_STARTS), Serdes.String(), Serdes.String()).withLoggingDisabled(), "detect");
    topology.addStateStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("seen"), Serdes.String(), Serdes.String()), "detect");
    topology.addSink("alerts", args[2], Serdes.ByteArray().serializer(), Serdes.ByteArray().serializer(), "detect");
    CountDownLatch failed = new CountDownLatch(1);
    try (KafkaStreams streams = new KafkaStreams(topology, settings)) {
      streams.setUncaughtExceptionHandler(e -> {
        e.printStackTrace();
        failed.countDown();
        return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      });
      streams.start();
      while (READ.get() < events && failed.getCount() > 0) Thread.sleep(5);
      double seconds = (System.nanoTime() - began) / 1e9, cpu = (cpu() - cpuBefore) / 1e9;
      double rss = 0;
      for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) rss = Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
      if (failed.getCount() == 0) System.exit(1);
      System.out.printf(Locale.ROOT, "{\"events\": %d, \"bytes\": %d, \"seconds\": %f, \"events_per_s\": %f, \"cpu_us_per_event\": %f, \"peak_rss_mib\": %f, \"alerts\": %d}%n",
          READ.get(), BYTES.get(), seconds, READ.get() / seconds, cpu / READ.get() * 1e6, rss, ALERTS.get());
    }
  }
}
