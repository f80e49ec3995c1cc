package io.cinnabar.lua;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A state of Lua: globals, the stack of calls and the bounds of what scripts may use. It belongs to
 * one thread at a time; nothing in it is locked.
 */
public final class Lua {
  private static final int STEPS_PER_LOOK = 4096;

  private final Limits limits;
  private final Watch watch;
  private final InstantSource clock;
  private final LuaTable globals;
  private final Chance chance = new Chance();

  /** The metatable of all strings. */
  private LuaTable stringMetatable;

  /** The innermost call. */
  private Frame frame;

  private final Frame outermost;
  private int depth;
  private int nativeDepth;
  private int countdown = STEPS_PER_LOOK;
  private long stepsBefore;
  private long allocated;
  private int identities;
  private Closure tailFunction;
  private Object[] tailArguments = Results.NONE;

  /** A state with all libraries. */
  public Lua(Limits limits, Watch watch, InstantSource clock) {
    this.limits = limits;
    this.watch = watch;
    this.clock = clock;
    this.outermost = new Frame(this);
    this.frame = outermost;
    this.globals = new LuaTable(this, 0, 0);
    BaseLibrary.install(this);
    StringLibrary.install(this);
    TableLibrary.install(this);
    MathLibrary.install(this);
  }

  public LuaTable globals() {
    return globals;
  }

  public Limits limits() {
    return limits;
  }

  InstantSource clock() {
    return clock;
  }

  Chance chance() {
    return chance;
  }

  void setStringMetatable(LuaTable table) {
    stringMetatable = table;
  }

  public LuaTable newTable() {
    return new LuaTable(this, 0, 0);
  }

  public LuaTable newTable(int arraySize, int hashSize) {
    return new LuaTable(this, arraySize, hashSize);
  }

  public LuaFunction newFunction(Builtin.Body body) {
    return new Builtin(this, body);
  }

  /**
   * Compiles a script.
   *
   * @param name how error texts name it: after "@" or "=" a name, else the source itself
   * @throws LuaError with the text and position of a syntax error
   */
  public LuaFunction load(byte[] source, String name) {
    if (source.length > 0 && source[0] == 0x1b) {
      throw new LuaError(LuaString.of("compiled chunks are not loaded"));
    }
    String text = new String(source, StandardCharsets.ISO_8859_1);
    Prototype main = new Parser(this, text, ChunkNames.shown(name)).parse();
    return new Closure(this, main, new Cell[0], globals);
  }

  /**
   * Calls a function from outside of scripts.
   *
   * @return what it returned
   * @throws LuaError if it ends with an error
   * @throws LuaInterrupt if it was ended
   */
  public Object[] call(LuaFunction function, Object... args) {
    Frame saved = frame;
    int savedDepth = depth;
    int savedNative = nativeDepth;
    try {
      return Results.all(function.call(args));
    } catch (StackOverflowError e) {
      frame = saved;
      throw error("stack overflow");
    } finally {
      frame = saved;
      depth = savedDepth;
      nativeDepth = savedNative;
    }
  }

  /** How many bytes of strings and tables were made since the last {@link #resetAccount}. */
  public long allocated() {
    return allocated;
  }

  /** Begins the account of a script's memory. */
  public void resetAccount() {
    allocated = 0;
  }

  void account(long bytes) {
    allocated += bytes;
    if (allocated > limits.bytes()) {
      throw error("not enough memory");
    }
  }

  /** Refuses a string before it is made, and takes it into the account. */
  void accountString(long length) {
    if (length > limits.stringBytes()) {
      throw error("string too long");
    }
    account(length + 32);
  }

  int nextIdentity() {
    return ++identities;
  }

  /** One step of a script, which may be its last. */
  void step() {
    if (--countdown <= 0) {
      look();
    }
  }

  private void look() {
    countdown = STEPS_PER_LOOK;
    stepsBefore += STEPS_PER_LOOK;
    watch.look(stepsBefore);
  }

  void enter(Frame callee) {
    if (--countdown <= 0) {
      look();
    }
    if (++depth > limits.depth()) {
      throw error("stack overflow");
    }
    callee.parent = frame;
    frame = callee;
  }

  void leave(Frame callee) {
    frame = callee.parent;
    depth--;
  }

  /** A frame for a function written in Java that calls back. */
  Frame enterNative() {
    if (++nativeDepth > limits.nativeDepth()) {
      nativeDepth--;
      throw error("C stack overflow");
    }
    Frame callee = new Frame(this);
    callee.parent = frame;
    frame = callee;
    return callee;
  }

  void leaveNative(Frame callee) {
    frame = callee.parent;
    nativeDepth--;
  }

  Frame frame() {
    return frame;
  }

  int depth() {
    return depth;
  }

  int nativeDepth() {
    return nativeDepth;
  }

  /** Goes back to where a protected call began. */
  void unwind(Frame to, int toDepth, int toNativeDepth) {
    frame = to;
    depth = toDepth;
    nativeDepth = toNativeDepth;
  }

  void leaveTailCall(Closure function, Object[] args) {
    tailFunction = function;
    tailArguments = args;
  }

  Closure takeTailFunction() {
    return tailFunction;
  }

  Object[] takeTailArguments() {
    return tailArguments;
  }

  /** Where the innermost closure is; null where a function written in Java is the innermost. */
  CallSite currentSite() {
    Closure closure = frame.closure;
    return closure == null || closure.prototype.sites.length == 0
        ? null
        : closure.prototype.sites[frame.site];
  }

  /** An error with the position of the innermost call. */
  LuaError error(String text) {
    return new LuaError(LuaString.of((where(1) + text).getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** An error with the position from which a function written in Java, with a frame, was called. */
  LuaError callerError(String text) {
    return new LuaError(LuaString.of((where(2) + text).getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** The closure at a level: 1 is the one that called the function that asks. Null if unknown. */
  Closure closureAt(int level) {
    Frame at = frameAt(level);
    return at == null ? null : at.closure;
  }

  boolean hasLevel(int level) {
    Frame at = frame;
    int left = level - 1;
    while (left > 0 && at != null) {
      left -= 1 + at.tailCalls;
      at = at.parent;
    }
    return at != null && at != outermost;
  }

  private Frame frameAt(int level) {
    Frame at = frame;
    int left = level - 1;
    while (left > 0 && at != null) {
      left -= 1 + at.tailCalls;
      at = at.parent;
    }
    return left < 0 ? null : at;
  }

  /** The chunk and line of a level, as a prefix of error texts. */
  String where(int level) {
    Frame at = frameAt(level);
    if (at == null || at.closure == null) {
      return "";
    }
    Prototype prototype = at.closure.prototype;
    if (prototype.sites.length == 0) {
      return prototype.chunk + ":" + prototype.line + ": ";
    }
    return prototype.chunk + ":" + prototype.sites[at.site].line() + ": ";
  }

  LuaTable metatable(Object value) {
    if (value instanceof LuaTable table) {
      return table.metatable();
    }
    return value instanceof LuaString ? stringMetatable : null;
  }

  /** The metamethod of a value for an event, or nil. */
  Object metamethod(Object value, LuaString event) {
    LuaTable metatable = metatable(value);
    return metatable == null ? null : metatable.get(event);
  }

  /** Calls any value, whose name in the script, if any, is for the error text. */
  Object call(Object callee, Object[] args, String name) {
    if (callee instanceof LuaFunction function) {
      return function.call(args);
    }
    if (metamethod(callee, Metamethods.CALL) instanceof LuaFunction function) {
      Object[] all = new Object[args.length + 1];
      all[0] = callee;
      System.arraycopy(args, 0, all, 1, args.length);
      return function.call(all);
    }
    throw typeError("call", callee, name);
  }

  /** The error of a value of the wrong type; {@code name} is as in "local 'x'", or null. */
  LuaError typeError(String operation, Object value, String name) {
    String type = Types.name(value);
    return error(
        name == null
            ? "attempt to " + operation + " a " + type + " value"
            : "attempt to " + operation + " " + name + " (a " + type + " value)");
  }

  /** Makes strings of a script's own constants the same objects. */
  static LuaString intern(List<LuaString> known, String text) {
    LuaString string = LuaString.of(text.getBytes(StandardCharsets.ISO_8859_1));
    int at = known.indexOf(string);
    if (at >= 0) {
      return known.get(at);
    }
    known.add(string);
    return string;
  }

  static List<LuaString> newConstants() {
    return new ArrayList<>();
  }
}
