package io.cinnabar.config;

import java.io.IOException;
import java.util.List;

/**
 * The parameter {@code dir}: the folder at which relative paths start. It has to exist; what is
 * kept is its path from the root, without links.
 */
public final class DirectoryParameter extends Parameter {

  DirectoryParameter(String name) {
    super(name);
  }

  /** The path of the folder, as the machine writes it. */
  String path(Values values) {
    return (String) values.objects[index()];
  }

  @Override
  void reset(Values values) {
    values.objects[index()] = values.disk.workingDirectory();
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    String path = resolve(values, ByteText.decode(arguments.get(0)));
    try {
      values.objects[index()] = values.disk.directory(path);
    } catch (IOException failure) {
      throw new ConfigException(String.valueOf(failure.getMessage()));
    }
  }

  /** The path of a file that the operator names; one that starts here is as it was given. */
  String resolve(Values values, String path) {
    boolean moved = !isDefault(values);
    return path.isEmpty() || path.startsWith("/") || !moved ? path : path(values) + "/" + path;
  }

  @Override
  String format(Values values) {
    return ByteText.of(path(values));
  }

  /** Always named: whoever starts the server next may do so elsewhere. */
  @Override
  void rewrite(Values values, ConfigRewriter into) {
    into.line(name(), QuotedWords.quote(format(values)), true);
  }
}
