package io.cinnabar.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.resp.Request;
import io.cinnabar.resp.RequestDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to decode one command of a pipeline, and to look at its arguments. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecoderBenchmark {

  private static final int PIPELINE = 64;

  @Param({"GET", "SET"})
  public String command = "";

  private final RequestDecoder decoder = new RequestDecoder();
  private final Request request = new Request();
  private byte[] bytes = {};

  @Setup
  public void setUp() {
    StringBuilder text = new StringBuilder();
    String value = "v".repeat(64);
    for (int i = 0; i < PIPELINE; i++) {
      String key = String.format("key:%012d", i * 7919);
      text.append(command.equals("GET") ? "*2\r\n" : "*3\r\n");
      text.append("$3\r\n").append(command).append("\r\n$16\r\n").append(key).append("\r\n");
      if (command.equals("SET")) {
        text.append("$64\r\n").append(value).append("\r\n");
      }
    }
    bytes = text.toString().getBytes(ISO_8859_1);
  }

  /** Whole commands, as they lie in a buffer that was just read. */
  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public long whole() {
    long sum = 0;
    for (int from = 0; from < bytes.length; ) {
      from = decoder.next(bytes, from, bytes.length, request);
      sum += arguments();
    }
    return sum;
  }

  /** Commands of which the first half comes alone. */
  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public long halves() {
    long sum = 0;
    int length = bytes.length / PIPELINE;
    for (int from = 0; from < bytes.length; from += length) {
      if (decoder.next(bytes, from, from + length / 2, request) != RequestDecoder.INCOMPLETE) {
        throw new AssertionError("Half a command is one");
      }
      decoder.next(bytes, from, from + length, request);
      sum += arguments();
    }
    return sum;
  }

  private long arguments() {
    long sum = 0;
    for (int i = 0; i < request.count(); i++) {
      sum += request.arg(i).at(0);
    }
    return sum;
  }
}
