package io.cinnabar.lua;

import java.util.ArrayList;
import java.util.List;

/** The part of the parser that reads expressions. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
abstract class ExpressionParser {
  private static final int UNARY_PRIORITY = 8;
  private static final int MAX_LEVELS = 200;

  final Lexer lexer;
  private final List<LuaString> constants = Lua.newConstants();
  FunctionScope scope;
  private int levels;

  ExpressionParser(Lexer lexer, FunctionScope scope) {
    this.lexer = lexer;
    this.scope = scope;
  }

  /** Reads parameters and body of a function, behind the word. */
  abstract Term functionBody(boolean isMethod, int line);

  final LuaString string(String text) {
    return Lua.intern(constants, text);
  }

  final void enterLevel() {
    if (++levels > MAX_LEVELS) {
      throw lexer.error("chunk has too many syntax levels", null);
    }
  }

  final void leaveLevel() {
    levels--;
  }

  final LuaError expected(String token) {
    return lexer.syntaxError("'" + token + "' expected");
  }

  final boolean skip(String token) {
    if (lexer.is(token)) {
      lexer.next();
      return true;
    }
    return false;
  }

  final void require(String token) {
    if (!skip(token)) {
      throw expected(token);
    }
  }

  final void requireMatch(String token, String opening, int line) {
    if (skip(token)) {
      return;
    }
    if (line == lexer.line()) {
      throw expected(token);
    }
    throw lexer.syntaxError(
        "'" + token + "' expected (to close '" + opening + "' at line " + line + ")");
  }

  final String requireName() {
    if (!lexer.is(Lexer.NAME)) {
      throw expected(Lexer.NAME);
    }
    String name = lexer.text();
    lexer.next();
    return name;
  }

  final Term variable(String name) {
    FunctionScope in = scope;
    FunctionScope.Variable local = in.local(name);
    if (local != null) {
      int slot = local.slot;
      return Term.place(
          () -> local.isCaptured ? new Variables.Captured(slot) : new Variables.Local(slot),
          "local '" + name + "'",
          () -> local.isCaptured ? new Target.Captured(slot) : new Target.Local(slot));
    }
    int upvalue = in.upvalue(name);
    if (upvalue >= 0) {
      return Term.place(
          () -> new Variables.Upvalue(upvalue),
          "upvalue '" + name + "'",
          () -> new Target.Upvalue(upvalue));
    }
    LuaString key = string(name);
    int site = in.site(lexer.lastLine(), null, null);
    return Term.place(
        () -> new Variables.Global(key, site),
        "global '" + name + "'",
        () -> new Target.Global(key, site));
  }

  final List<Term> expressions() {
    List<Term> terms = new ArrayList<>();
    terms.add(expression());
    while (skip(",")) {
      terms.add(expression());
    }
    return terms;
  }

  static Expression[] nodes(List<Term> terms) {
    Expression[] nodes = new Expression[terms.size()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = terms.get(i).node().get();
    }
    return nodes;
  }

  static boolean isOpen(List<Term> terms) {
    return !terms.isEmpty() && terms.get(terms.size() - 1).isOpen();
  }

  final Term expression() {
    return expression(0);
  }

  private static int leftPriority(String operator) {
    return switch (operator) {
      case "or" -> 1;
      case "and" -> 2;
      case "<", ">", "<=", ">=", "~=", "==" -> 3;
      case ".." -> 5;
      case "+", "-" -> 6;
      case "*", "/", "%" -> 7;
      case "^" -> 10;
      default -> -1;
    };
  }

  private static int rightPriority(String operator) {
    return operator.equals("..") ? 4 : operator.equals("^") ? 9 : leftPriority(operator);
  }

  private Term expression(int limit) {
    enterLevel();
    Term left;
    if (lexer.is("not") || lexer.is("-") || lexer.is("#")) {
      String operator = lexer.kind();
      lexer.next();
      left = unary(operator, expression(UNARY_PRIORITY));
    } else {
      left = simple();
    }
    while (leftPriority(lexer.kind()) > limit) {
      String operator = lexer.kind();
      lexer.next();
      left =
          operator.equals("..")
              ? concat(left)
              : binary(operator, left, expression(rightPriority(operator)));
    }
    leaveLevel();
    return left;
  }

  private Term unary(String operator, Term operand) {
    int site = scope.site(lexer.lastLine(), null, null);
    if (operator.equals("not") && operand.constant() != null) {
      return Term.constant(!Types.isTrue(operand.constant()));
    }
    if (operator.equals("not")) {
      return Term.of(() -> new Logic.Not(operand.node().get()));
    }
    if (operator.equals("#")) {
      return Term.of(() -> new Logic.Length(operand.node().get(), operand.name(), site));
    }
    if (operand.constant() instanceof Double number) {
      return Term.constant(Numbers.box(-number));
    }
    return Term.of(() -> new Arithmetic.Negate(operand.node().get(), operand.name(), site));
  }

  /** A chain of {@code ..}, behind the first of them. */
  private Term concat(Term first) {
    List<Term> parts = new ArrayList<>();
    parts.add(first);
    parts.add(expression(5));
    while (lexer.is("..")) {
      enterLevel();
      lexer.next();
      parts.add(expression(5));
    }
    for (int i = 2; i < parts.size(); i++) {
      leaveLevel();
    }
    int site = scope.site(lexer.lastLine(), null, null);
    String[] names = parts.stream().map(Term::name).toArray(String[]::new);
    return Term.of(() -> new Concat(nodes(parts), names, site));
  }

  private Term binary(String operator, Term left, Term right) {
    Object constant = left.constant();
    if (constant != null && operator.equals(Types.isTrue(constant) ? "and" : "or")) {
      // The left side decides nothing, and the reference names the right one in error texts.
      return right.closed();
    }
    int site = scope.site(lexer.lastLine(), null, null);
    return Term.of(
        () -> {
          Expression a = left.node().get();
          Expression b = right.node().get();
          return switch (operator) {
            case "and" -> new Logic.And(a, b);
            case "or" -> new Logic.Or(a, b);
            case "==" -> new Comparison.Equal(a, b, site, true);
            case "~=" -> new Comparison.Equal(a, b, site, false);
            case "<" -> new Comparison.Less(a, b, site);
            case "<=" -> new Comparison.LessOrEqual(a, b, site);
            case ">" -> new Comparison.Greater(a, b, site);
            case ">=" -> new Comparison.GreaterOrEqual(a, b, site);
            default -> Arithmetic.of(operation(operator), a, b, left.name(), right.name(), site);
          };
        });
  }

  private static Arithmetic.Operation operation(String operator) {
    return switch (operator) {
      case "+" -> Arithmetic.Operation.ADD;
      case "-" -> Arithmetic.Operation.SUB;
      case "*" -> Arithmetic.Operation.MUL;
      case "/" -> Arithmetic.Operation.DIV;
      case "%" -> Arithmetic.Operation.MOD;
      default -> Arithmetic.Operation.POW;
    };
  }

  private Term simple() {
    Term term;
    switch (lexer.kind()) {
      case Lexer.NUMBER:
        term = Term.constant(Numbers.box(lexer.number()));
        break;
      case Lexer.STRING:
        term = Term.constant(string(lexer.text()));
        break;
      case "nil":
        term = Term.constant(null);
        break;
      case "true":
        term = Term.constant(true);
        break;
      case "false":
        term = Term.constant(false);
        break;
      case "...":
        if (!scope.prototype.isVararg) {
          throw lexer.syntaxError("cannot use '...' outside a vararg function");
        }
        scope.usesVarargs = true;
        term = new Term(Term.Kind.VARARGS, Variables.Varargs::new, null, null, null);
        break;
      case "{":
        return table();
      case "function":
        int line = lexer.line();
        lexer.next();
        return functionBody(false, line);
      default:
        return suffixed();
    }
    lexer.next();
    return term;
  }

  private Term prefix() {
    if (lexer.is("(")) {
      int line = lexer.line();
      lexer.next();
      Term inner = expression();
      requireMatch(")", "(", line);
      return inner.closed();
    }
    if (lexer.is(Lexer.NAME)) {
      String name = requireName();
      return variable(name);
    }
    throw lexer.syntaxError("unexpected symbol");
  }

  /** A name or an expression in parentheses, with all fields and calls behind it. */
  final Term suffixed() {
    Term term = prefix();
    while (true) {
      switch (lexer.kind()) {
        case ".":
          term = field(term);
          break;
        case "[":
          lexer.next();
          Term key = expression();
          require("]");
          term = index(term, key);
          break;
        case ":":
          lexer.next();
          String method = requireName();
          term = call(term, method);
          break;
        case "(", "{", Lexer.STRING:
          term = call(term, null);
          break;
        default:
          return term;
      }
    }
  }

  /** The field whose name follows a point or colon. */
  final Term field(Term object) {
    lexer.next();
    return index(object, Term.constant(string(requireName())));
  }

  private Term index(Term object, Term key) {
    int site = scope.site(lexer.lastLine(), null, null);
    String shown = key.constant() instanceof LuaString name ? name.toString() : "?";
    return Term.place(
        () -> new Index(object.node().get(), key.node().get(), object.name(), site),
        "field '" + shown + "'",
        () ->
            new Target.Field(
                new Index(object.node().get(), key.node().get(), object.name(), site)));
  }

  private Term call(Term function, String method) {
    int line = lexer.line();
    int selfSite = scope.site(lexer.lastLine(), null, null);
    List<Term> args = new ArrayList<>();
    if (lexer.is("(")) {
      if (line != lexer.lastLine()) {
        throw lexer.syntaxError("ambiguous syntax (function call x new statement)");
      }
      lexer.next();
      if (!lexer.is(")")) {
        args.addAll(expressions());
      }
      requireMatch(")", "(", line);
    } else if (lexer.is("{")) {
      args.add(table());
    } else if (lexer.is(Lexer.STRING)) {
      args.add(Term.constant(string(lexer.text())));
      lexer.next();
    } else {
      throw lexer.syntaxError("function arguments expected");
    }
    boolean isOpen = isOpen(args);
    String name = method == null ? function.name() : "method '" + method + "'";
    int site = scope.site(line, kindOf(name), nameOf(name));
    if (method == null) {
      return new Term(
          Term.Kind.CALL,
          () -> new Call(function.node().get(), nodes(args), isOpen, name, site),
          null,
          null,
          null);
    }
    args.add(0, Term.of(MethodCall.Self::new));
    LuaString key = string(method);
    return new Term(
        Term.Kind.CALL,
        () ->
            new Call(
                new MethodCall.Method(function.node().get(), key, function.name(), selfSite),
                nodes(args),
                isOpen,
                name,
                site),
        null,
        null,
        null);
  }

  private static String kindOf(String name) {
    return name == null ? null : name.substring(0, name.indexOf(' '));
  }

  private static String nameOf(String name) {
    return name == null ? null : name.substring(name.indexOf('\'') + 1, name.length() - 1);
  }

  private Term table() {
    int line = lexer.line();
    List<Term> keys = new ArrayList<>();
    List<Term> values = new ArrayList<>();
    int items = 0;
    require("{");
    while (!lexer.is("}")) {
      if (lexer.is("[")) {
        lexer.next();
        keys.add(expression());
        require("]");
        require("=");
      } else if (lexer.is(Lexer.NAME) && lexer.ahead().equals("=")) {
        keys.add(Term.constant(string(requireName())));
        require("=");
      } else {
        keys.add(null);
        items++;
      }
      values.add(expression());
      if (!skip(",") && !skip(";")) {
        break;
      }
    }
    requireMatch("}", "{", line);
    int count = items;
    boolean isOpen = count > 0 && keys.get(keys.size() - 1) == null && isOpen(values);
    int site = scope.site(lexer.lastLine(), null, null);
    return Term.of(
        () -> {
          Expression[] keyNodes = new Expression[keys.size()];
          for (int i = 0; i < keyNodes.length; i++) {
            keyNodes[i] = keys.get(i) == null ? null : keys.get(i).node().get();
          }
          return new TableConstructor(keyNodes, nodes(values), count, isOpen, site);
        });
  }
}
