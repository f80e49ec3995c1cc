package io.cinnabar.config;

import io.cinnabar.structure.DoubleText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A parameter that is any number of percentiles, from 0 to 100. */
public final class PercentilesParameter extends ComposedParameter<double[]> {

  /** Digits behind the point that are shown. */
  private static final int SHOWN_DIGITS = 6;

  private static final double MAX = 100;

  PercentilesParameter(String name, double... initial) {
    super(name, initial);
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    if (arguments.equals(List.of(""))) {
      value(values, new double[0]);
      return;
    }
    double[] percentiles = new double[arguments.size()];
    for (int i = 0; i < percentiles.length; i++) {
      byte[] text = ByteText.bytes(arguments.get(i));
      double percentile = DoubleText.parse(text, 0, text.length);
      if (Double.isNaN(percentile)) {
        throw new ConfigException("Invalid " + name() + " parameters");
      }
      if (percentile < 0 || percentile > MAX) {
        throw new ConfigException(name() + " parameters should sit between [0.0,100.0]");
      }
      percentiles[i] = percentile;
    }
    value(values, percentiles);
  }

  @Override
  String format(Values values) {
    StringBuilder text = new StringBuilder();
    for (double percentile : value(values)) {
      text.append(text.length() > 0 ? " " : "").append(show(percentile));
    }
    return text.toString();
  }

  /** A percentile as CONFIG GET and INFO show it. */
  public static String show(double percentile) {
    BigDecimal rounded = new BigDecimal(percentile).setScale(SHOWN_DIGITS, RoundingMode.HALF_EVEN);
    String sign = Double.compare(percentile, 0.0) < 0 ? "-" : ""; // negative zero
    return sign + rounded.stripTrailingZeros().toPlainString();
  }

  /** Always named, as Redis does; a pair of quotes stands for none. */
  @Override
  void rewrite(Values values, ConfigRewriter into) {
    String text = format(values);
    into.line(name(), text.isEmpty() ? "\"\"" : text, true);
  }
}
