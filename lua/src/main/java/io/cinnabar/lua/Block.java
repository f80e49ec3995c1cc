package io.cinnabar.lua;

/** Statements one after the other. */
final class Block extends Statement {
  static final Statement EMPTY = new Block(new Statement[0]);

  private final Statement[] statements;

  Block(Statement[] statements) {
    this.statements = statements;
  }

  @Override
  int execute(Frame f) {
    for (Statement statement : statements) {
      int how = statement.execute(f);
      if (how != NORMAL) {
        return how;
      }
    }
    return NORMAL;
  }
}
