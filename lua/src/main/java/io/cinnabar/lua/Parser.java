package io.cinnabar.lua;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads a script, and makes the nodes of its functions as each of them ends. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class Parser extends ExpressionParser {
  private final String chunk;

  Parser(Lua lua, String source, String chunk) {
    this(new Lexer(source, chunk), chunk);
    lua.account(source.length());
  }

  private Parser(Lexer lexer, String chunk) {
    super(lexer, new FunctionScope(null, new Prototype(chunk, 0), lexer));
    this.chunk = chunk;
    scope.prototype.isVararg = true;
  }

  Prototype parse() {
    lexer.next();
    Supplier<Statement> body = block();
    if (!lexer.is(Lexer.END)) {
      throw expected(Lexer.END);
    }
    scope.finish(List.of());
    scope.prototype.body = body.get();
    return scope.prototype;
  }

  private boolean isBlockEnd() {
    return switch (lexer.kind()) {
      case "else", "elseif", "end", "until", Lexer.END -> true;
      default -> false;
    };
  }

  private Supplier<Statement> block() {
    int visible = scope.visible();
    Supplier<Statement> body = openBlock();
    scope.close(visible);
    return body;
  }

  /** A block whose variables stay visible. */
  private Supplier<Statement> openBlock() {
    enterLevel();
    List<Supplier<Statement>> statements = new ArrayList<>();
    boolean isLast = false;
    while (!isLast && !isBlockEnd()) {
      isLast = lexer.is("return") || lexer.is("break");
      statements.add(statement());
      skip(";");
    }
    leaveLevel();
    return () -> {
      if (statements.size() == 1) {
        return statements.get(0).get();
      }
      Statement[] nodes = new Statement[statements.size()];
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = statements.get(i).get();
      }
      return new Block(nodes);
    };
  }

  private Supplier<Statement> statement() {
    int line = lexer.line();
    switch (lexer.kind()) {
      case "if":
        return ifStatement(line);
      case "while":
        return whileStatement(line);
      case "do":
        lexer.next();
        Supplier<Statement> body = block();
        requireMatch("end", "do", line);
        return body;
      case "for":
        return forStatement(line);
      case "repeat":
        return repeatStatement(line);
      case "function":
        return functionStatement(line);
      case "local":
        lexer.next();
        return skip("function") ? localFunction() : localStatement();
      case "return":
        return returnStatement();
      case "break":
        lexer.next();
        if (scope.loops == 0) {
          throw lexer.syntaxError("no loop to break");
        }
        return Control.Break::new;
      default:
        return expressionStatement();
    }
  }

  private Supplier<Statement> ifStatement(int line) {
    lexer.next();
    Term condition = expression();
    require("then");
    Supplier<Statement> then = block();
    Supplier<Statement> otherwise;
    if (lexer.is("elseif")) {
      otherwise = ifStatement(line);
    } else {
      otherwise = skip("else") ? block() : () -> Block.EMPTY;
      requireMatch("end", "if", line);
    }
    return () -> new Control.If(condition.node().get(), then.get(), otherwise.get());
  }

  private Supplier<Statement> loopBody() {
    scope.loops++;
    Supplier<Statement> body = block();
    scope.loops--;
    return body;
  }

  private Supplier<Statement> whileStatement(int line) {
    lexer.next();
    Term condition = expression();
    require("do");
    Supplier<Statement> body = loopBody();
    requireMatch("end", "while", line);
    return () -> new Loops.While(condition.node().get(), body.get());
  }

  private Supplier<Statement> repeatStatement(int line) {
    lexer.next();
    int visible = scope.visible();
    scope.loops++;
    Supplier<Statement> body = openBlock();
    scope.loops--;
    requireMatch("until", "repeat", line);
    Term condition = expression();
    scope.close(visible);
    return () -> new Loops.Repeat(body.get(), condition.node().get());
  }

  private Supplier<Statement> forStatement(int line) {
    lexer.next();
    String first = requireName();
    return switch (lexer.kind()) {
      case "=" -> numericFor(first, line);
      case ",", "in" -> genericFor(first, line);
      default -> throw lexer.syntaxError("'=' or 'in' expected");
    };
  }

  private Supplier<Statement> numericFor(String name, int line) {
    int visible = scope.visible();
    lexer.next();
    Term start = expression();
    require(",");
    Term limit = expression();
    Term step = skip(",") ? expression() : Term.constant(Numbers.box(1));
    hide(3);
    FunctionScope.Variable variable = scope.declare(name, 0);
    scope.activate(variable);
    int site = scope.site(line, null, null);
    require("do");
    Supplier<Statement> body = loopBody();
    requireMatch("end", "for", line);
    scope.close(visible);
    return () ->
        new Loops.Numeric(
            start.node().get(),
            limit.node().get(),
            step.node().get(),
            variable.slot,
            variable.isCaptured,
            body.get(),
            site);
  }

  /** The reference keeps a loop's state in local variables, which count. */
  private void hide(int count) {
    for (int i = 0; i < count; i++) {
      scope.activate(scope.declare("(for state)", 0));
    }
  }

  private Supplier<Statement> genericFor(String first, int line) {
    int visible = scope.visible();
    List<String> names = new ArrayList<>();
    names.add(first);
    while (skip(",")) {
      names.add(requireName());
    }
    require("in");
    int listLine = lexer.line();
    List<Term> values = expressions();
    boolean isOpen = isOpen(values);
    hide(3);
    List<FunctionScope.Variable> variables = declare(names);
    variables.forEach(scope::activate);
    int site = scope.site(listLine, "local", "(for generator)");
    require("do");
    Supplier<Statement> body = loopBody();
    requireMatch("end", "for", line);
    scope.close(visible);
    return () -> {
      int[] slots = variables.stream().mapToInt(v -> v.slot).toArray();
      boolean[] areCaptured = new boolean[slots.length];
      for (int i = 0; i < slots.length; i++) {
        areCaptured[i] = variables.get(i).isCaptured;
      }
      return new Loops.Generic(nodes(values), isOpen, slots, areCaptured, body.get(), site);
    };
  }

  private List<FunctionScope.Variable> declare(List<String> names) {
    List<FunctionScope.Variable> variables = new ArrayList<>();
    for (String name : names) {
      variables.add(scope.declare(name, variables.size()));
    }
    return variables;
  }

  private Supplier<Statement> functionStatement(int line) {
    lexer.next();
    Term name = variable(requireName());
    boolean isMethod = false;
    while (lexer.is(".")) {
      name = field(name);
    }
    if (lexer.is(":")) {
      isMethod = true;
      name = field(name);
    }
    Term target = name;
    Term function = functionBody(isMethod, line);
    return () -> new Assignments.Single(target(target), function.node().get());
  }

  private Supplier<Statement> localFunction() {
    FunctionScope.Variable variable = scope.declare(requireName(), 0);
    scope.activate(variable);
    Term function = functionBody(false, lexer.line());
    return () -> {
      if (!variable.isCaptured) {
        return new Assignments.ToLocal(variable.slot, function.node().get());
      }
      return new Block(
          new Statement[] {
            new Assignments.Single(new Target.NewCaptured(variable.slot), new Constant(null)),
            new Assignments.Single(new Target.Captured(variable.slot), function.node().get())
          });
    };
  }

  private Supplier<Statement> localStatement() {
    List<String> names = new ArrayList<>();
    do {
      names.add(requireName());
    } while (skip(","));
    List<FunctionScope.Variable> variables = declare(names);
    List<Term> values = skip("=") ? expressions() : List.of();
    variables.forEach(scope::activate);
    boolean isOpen = isOpen(values);
    return () -> {
      if (variables.size() == 1 && values.size() <= 1) {
        Expression value = values.isEmpty() ? new Constant(null) : values.get(0).node().get();
        FunctionScope.Variable variable = variables.get(0);
        return variable.isCaptured
            ? new Assignments.Single(new Target.NewCaptured(variable.slot), value)
            : toLocal(variable.slot, value);
      }
      Target[] targets = new Target[variables.size()];
      for (int i = 0; i < targets.length; i++) {
        FunctionScope.Variable variable = variables.get(i);
        targets[i] =
            variable.isCaptured
                ? new Target.NewCaptured(variable.slot)
                : new Target.Local(variable.slot);
      }
      return new Assignments.Several(targets, nodes(values), isOpen);
    };
  }

  private static Statement toLocal(int slot, Expression value) {
    return value.isArithmetic()
        ? new Assignments.NumberToLocal(slot, value)
        : new Assignments.ToLocal(slot, value);
  }

  private Supplier<Statement> returnStatement() {
    lexer.next();
    List<Term> values = isBlockEnd() || lexer.is(";") ? List.of() : expressions();
    boolean isOpen = isOpen(values);
    return () -> {
      if (values.size() == 1) {
        Expression value = values.get(0).node().get();
        if (value instanceof Call call) {
          return new TailCall(call);
        }
        if (!isOpen) {
          return new Control.ReturnOne(value);
        }
      }
      return new Control.Return(nodes(values), isOpen);
    };
  }

  private static Target target(Term term) {
    return term.target().get();
  }

  private Supplier<Statement> expressionStatement() {
    Term first = suffixed();
    if (first.kind() == Term.Kind.CALL) {
      return () -> new Control.CallStatement(first.node().get());
    }
    List<Term> targets = new ArrayList<>();
    Term last = first;
    while (true) {
      if (last.kind() != Term.Kind.PLACE) {
        throw lexer.syntaxError("syntax error");
      }
      targets.add(last);
      if (!skip(",")) {
        break;
      }
      last = suffixed();
    }
    require("=");
    List<Term> values = expressions();
    boolean isOpen = isOpen(values);
    return () -> {
      if (targets.size() == 1 && values.size() == 1) {
        Expression value = values.get(0).node().get();
        Target target = target(first);
        return target instanceof Target.Local local
            ? toLocal(local.slot(), value)
            : new Assignments.Single(target, value);
      }
      Target[] nodes = targets.stream().map(Parser::target).toArray(Target[]::new);
      return new Assignments.Several(nodes, nodes(values), isOpen);
    };
  }

  @Override
  Term functionBody(boolean isMethod, int line) {
    FunctionScope outer = scope;
    Prototype prototype = new Prototype(chunk, line);
    scope = new FunctionScope(outer, prototype, lexer);
    List<FunctionScope.Variable> parameters = new ArrayList<>();
    if (isMethod) {
      parameters.add(parameter("self"));
    }
    require("(");
    readParameters(parameters);
    require(")");
    prototype.parameters = parameters.size();
    FunctionScope.Variable arg = prototype.isVararg ? parameter("arg") : null;
    Supplier<Statement> body = block();
    requireMatch("end", "function", line);
    FunctionScope inner = scope;
    if (arg != null && !inner.usesVarargs) {
      prototype.argSlot = arg.slot;
    }
    if (arg != null) {
      parameters.add(arg);
    }
    inner.finish(parameters);
    prototype.body = body.get();
    scope = outer;
    return Term.of(() -> new FunctionExpression(prototype));
  }

  private void readParameters(List<FunctionScope.Variable> parameters) {
    if (lexer.is(")")) {
      return;
    }
    do {
      if (lexer.is(Lexer.NAME)) {
        parameters.add(parameter(requireName()));
      } else if (skip("...")) {
        scope.prototype.isVararg = true;
        return;
      } else {
        throw lexer.syntaxError("<name> or '...' expected");
      }
    } while (skip(","));
  }

  private FunctionScope.Variable parameter(String name) {
    FunctionScope.Variable variable = scope.declare(name, 0);
    scope.activate(variable);
    return variable;
  }
}
