package io.cinnabar.differential;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes away that an older server prints doubles with 17 significant digits, as C's {@code %.17g}
 * does, where a newer one prints the fewest that tell them from their neighbours.
 */
final class ShortestDoubles {
  private static final int DIGITS = 17;

  /** From here on {@code %.17g} has an exponent. */
  private static final int SMALLEST_EXPONENT = -4;

  private ShortestDoubles() {}

  /**
   * What the older server sent, its doubles replaced by what the newer one made of the same
   * numbers.
   */
  static Frame adopt(Frame older, Frame newer) {
    Reply adopted = adopt(older.reply(), newer.reply());
    boolean isSame = adopted.equals(newer.reply()) && !adopted.equals(older.reply());
    return new Frame(isSame ? newer.bytes() : older.bytes(), adopted);
  }

  private static Reply adopt(Reply older, Reply newer) {
    if (older.kind() != newer.kind() || older.elements().size() != newer.elements().size()) {
      return older;
    }
    if (older.kind() == Reply.Kind.BULK_STRING || older.kind() == Reply.Kind.DOUBLE) {
      return isSameNumber(older.text(), newer.text()) ? newer : older;
    }
    List<Reply> elements = new ArrayList<>(older.elements().size());
    for (int i = 0; i < older.elements().size(); i++) {
      elements.add(adopt(older.elements().get(i), newer.elements().get(i)));
    }
    return new Reply(older.kind(), older.text(), elements);
  }

  private static boolean isSameNumber(String older, String newer) {
    // Other texts are alike where they mean the same number, and both of them may stand in a list.
    if (older.length() < DIGITS - 1 && older.indexOf('e') < 0) {
      return false;
    }
    double number;
    try {
      number = Double.parseDouble(newer);
    } catch (NumberFormatException e) {
      return false;
    }
    boolean isFinite = !Double.isNaN(number) && !Double.isInfinite(number);
    return isFinite && older.equals(withSeventeenDigits(number));
  }

  /** As {@code %.17g} prints it. */
  static String withSeventeenDigits(double number) {
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal exact = new BigDecimal(number);
    BigDecimal rounded = exact.round(new MathContext(DIGITS)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= SMALLEST_EXPONENT && exponent < DIGITS) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().abs().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String sign = exponent < 0 ? "-" : "+";
    String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + sign + power;
  }
}
