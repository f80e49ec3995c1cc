package io.cinnabar.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts can't do to their host. */
class LimitsTest {
  private static Lua stopping() {
    return new Lua(
        Limits.DEFAULT,
        steps -> {
          if (steps > 100_000) {
            throw new LuaInterrupt("enough");
          }
        },
        InstantSource.system());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while true do end",
        "repeat until false",
        "for i = 1, math.huge do end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return f() end f()",
        "xpcall(function() error('x') end, function() while true do end end)",
        "setmetatable({}, {__index = function() while true do end end}).x = nil"
            + " local y = setmetatable({}, {__index = function() while true do end end}).x",
        "(('a'):rep(100)):find(('a-'):rep(60) .. 'b')",
        "table.sort({1, 2, 3, 4}, function() while true do end end)",
        "('x'):gsub('x', function() while true do end end)",
        "for i in function() return 1 end do end",
      })
  void endlessScriptIsEnded(String script) {
    assertThatThrownBy(() -> Reference.ours(stopping(), script))
        .isInstanceOf(LuaInterrupt.class)
        .hasMessage("enough");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local function f() return 1 + f() end f()",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end"
            + " return t.x",
        "local function f() pcall(f) error('x') end f()",
      })
  void depthIsAnError(String script) {
    assertThat(Reference.ours(script)).startsWith("false|");
  }

  @Test
  void tooMuchMemoryIsAnError() {
    Lua lua = new Lua(new Limits(200, 100, 1000, 100_000), steps -> {}, InstantSource.system());
    assertThat(Reference.ours(lua, "return ('x'):rep(1001)")).endsWith("string too long");
    // Not even a reply can be made of it in the script.
    assertThatThrownBy(() -> Reference.ours(lua, "local t = {} for i = 1, 1e6 do t[i] = i end"))
        .isInstanceOf(LuaError.class)
        .hasMessageEndingWith("not enough memory");
    lua.resetAccount();
    assertThat(Reference.ours(lua, "return 1")).isEqualTo("true|1");
  }

  @Test
  void chanceIsTheSameFromASeed() {
    Lua lua = new Lua(Limits.DEFAULT, steps -> {}, InstantSource.system());
    assertThat(Reference.ours(lua, "math.randomseed(1) return math.random(), math.random()"))
        .isEqualTo("true|0.041630344484761|0.4544924448498");
    assertThat(
            Reference.ours(
                lua,
                "math.randomseed(12345) return math.random(), math.random(), math.random(100)"))
        .isEqualTo("true|0.22532851259472|0.91918306887112|21");
    assertThat(Reference.ours(lua, "math.randomseed(-1) return math.random()"))
        .isEqualTo("true|0.30002572727391");
    assertThat(Reference.ours(lua, "math.randomseed(3e9) return math.random()"))
        .isEqualTo("true|0.16759353045728");
  }
}
