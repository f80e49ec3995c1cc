package io.cinnabar.differential;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every case of every case file, in RESP2 and in RESP3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DifferentialCasesTest {
  private CaseRunner runner;

  @BeforeAll
  void connect() throws IOException {
    runner = new CaseRunner(RealRedis.shared(), SubjectUnderTest.shared());
  }

  @AfterAll
  void disconnect() {
    runner.close();
  }

  @TestFactory
  Stream<DynamicNode> cases() {
    return CaseFile.loadAll().entrySet().stream()
        .map(file -> dynamicContainer(file.getKey(), file.getValue().stream().map(this::inBoth)));
  }

  private DynamicNode inBoth(Case each) {
    return dynamicContainer(
        each.title(),
        Stream.of(Protocol.values())
            .map(protocol -> dynamicTest(protocol.name(), () -> run(each, protocol))));
  }

  private void run(Case each, Protocol protocol) throws IOException {
    List<Difference> differences = runner.run(each, protocol);
    if (!differences.isEmpty()) {
      throw new AssertionError(
          each.title()
              + ", "
              + protocol
              + ":\n"
              + differences.stream().map(Difference::toString).collect(Collectors.joining()));
    }
  }
}
