package io.cinnabar.acl;

import java.util.ArrayList;
import java.util.List;

/** The rules of one user as words, of which several may make one selector in parentheses. */
final class RuleList {

  private final List<String> rules = new ArrayList<>();
  private int unmatched = -1;

  /**
   * Joins the words of selectors.
   *
   * @param words byte text
   */
  RuleList(List<String> words) {
    StringBuilder selector = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (unmatched >= 0) {
        selector.append(' ').append(ByteText.word(word));
      } else if (word.startsWith("(") && !word.endsWith(")")) {
        unmatched = i;
        selector.append(word);
      } else {
        rules.add(word);
        continue;
      }
      if (word.endsWith(")")) {
        unmatched = -1;
        rules.add(selector.toString());
        selector.setLength(0);
      }
    }
  }

  /** Where the word stands whose parenthesis is not closed; -1 if all are. */
  int unmatched() {
    return unmatched;
  }

  /** The rules, if no parenthesis is left open. */
  List<String> rules() {
    return rules;
  }
}
