package io.cinnabar.lua;

import java.util.ArrayList;
import java.util.List;

/** A function while it is being parsed: which variables are visible, and where they lie. */
final class FunctionScope {
  private static final int MAX_LOCALS = 200;
  private static final int MAX_UPVALUES = 60;

  /** A local variable. Whether it is captured is known for sure at the end of its function. */
  static final class Variable {
    final String name;
    final int slot;
    boolean isCaptured;

    Variable(String name, int slot) {
      this.name = name;
      this.slot = slot;
    }
  }

  final FunctionScope parent;
  final Prototype prototype;
  private final Lexer lexer;
  private final List<Variable> active = new ArrayList<>();
  private final List<String> upvalueNames = new ArrayList<>();
  private final List<Integer> captures = new ArrayList<>();
  private final List<CallSite> sites = new ArrayList<>();
  private int maxSlots;

  /** How many loops are around the place that is being parsed. */
  int loops;

  boolean usesVarargs;

  FunctionScope(FunctionScope parent, Prototype prototype, Lexer lexer) {
    this.parent = parent;
    this.prototype = prototype;
    this.lexer = lexer;
    sites.add(new CallSite(prototype.line, null, null));
  }

  int site(int line, String kind, String name) {
    sites.add(new CallSite(line, kind, name));
    return sites.size() - 1;
  }

  /** A variable that is not visible yet, in the slot behind the visible ones. */
  Variable declare(String name, int ahead) {
    int slot = active.size() + ahead;
    if (slot >= MAX_LOCALS) {
      throw tooMany(MAX_LOCALS, "local variables");
    }
    maxSlots = Math.max(maxSlots, slot + 1);
    return new Variable(name, slot);
  }

  void activate(Variable variable) {
    active.add(variable);
  }

  int visible() {
    return active.size();
  }

  void close(int visible) {
    while (active.size() > visible) {
      active.remove(active.size() - 1);
    }
  }

  Variable local(String name) {
    for (int i = active.size() - 1; i >= 0; i--) {
      if (active.get(i).name.equals(name)) {
        return active.get(i);
      }
    }
    return null;
  }

  /** The number of the upvalue with this name, or -1 if it is a global. */
  int upvalue(String name) {
    int known = upvalueNames.indexOf(name);
    if (known >= 0 || parent == null) {
      return known;
    }
    Variable outer = parent.local(name);
    int capture;
    if (outer != null) {
      outer.isCaptured = true;
      capture = outer.slot;
    } else {
      int upper = parent.upvalue(name);
      if (upper < 0) {
        return -1;
      }
      capture = ~upper;
    }
    if (upvalueNames.size() >= MAX_UPVALUES) {
      throw tooMany(MAX_UPVALUES, "upvalues");
    }
    upvalueNames.add(name);
    captures.add(capture);
    return upvalueNames.size() - 1;
  }

  private LuaError tooMany(int limit, String what) {
    String whose = prototype.line == 0 ? "main function" : "function at line " + prototype.line;
    return lexer.error(whose + " has more than " + limit + " " + what, null);
  }

  /** Writes into the prototype what is known now. */
  void finish(List<Variable> parameters) {
    prototype.slots = maxSlots;
    prototype.sites = sites.toArray(new CallSite[0]);
    prototype.upvalueNames = upvalueNames.toArray(new String[0]);
    prototype.captures = captures.stream().mapToInt(Integer::intValue).toArray();
    prototype.capturedParameters =
        parameters.stream().filter(v -> v.isCaptured).mapToInt(v -> v.slot).toArray();
  }
}
