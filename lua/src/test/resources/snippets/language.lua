return 1, 2.5, 'x', nil, true
--
local s = 0 for i = 1, 100 do s = s + i * 2 end return s
--
return 10 / 3, 2 ^ 0.5, 7 % 3, -7 % 3, 7 % -3, -7 % -3, 5.5 % 2
--
return 1e15, 1e14, 123456789012345, 0.1, 1/3, 1e100, -1e-5, 1e-4, 0x10, 3e2, .5
--
return 1/0, -1/0, 0/0, -(0/0), math.huge
--
local a, b, c = (function(...) return select('#', ...), ... end)(1, nil, nil) return a, b, c
--
local t = {1, 2, 3, nil, 5} return #t
--
local t = {1, 2, 3, nil, 5, nil} return #t
--
local t = {n = 1, [1] = 'a', 'b', x = 2} return t[1], t.n, t.x, #t
--
local t = {} for i = 1, 20 do t[i] = i end t[10] = nil t[20] = nil return #t
--
local t = {} for i = 20, 1, -1 do t[i] = i end local s = '' for k in pairs(t) do s = s .. k .. ' ' end return s
--
local t = {a = 1, b = 2, c = 3, d = 4, e = 5, foo = 6, bar = 7, [1.5] = 8, [true] = 9, [false] = 10, [-1] = 11} local s = '' for k, v in pairs(t) do s = s .. tostring(k) .. '=' .. v .. ' ' end return s
--
local t = {} for i = 1, 50 do t['k' .. i] = i t[i * 3] = i end for i = 1, 50, 3 do t['k' .. i] = nil end t.z = 1 local s = '' for k, v in pairs(t) do s = s .. tostring(k) .. ' ' end return s
--
local t = {} t[1] = 1 t[2] = 2 t[4] = 4 return #t
--
local t = {n = nil} t[1] = 1 t[3] = 3 t[2] = 2 t[7] = 1 return #t, next({}), next({10})
--
return x.y
--
local x return x.y
--
local x = {} return x.y.z
--
local x = {} local i = 1 return x[i].z
--
local t = {} t.a.b = 1
--
x.y = 1
--
f()
--
local f f()
--
local t = {} t.f()
--
local t = {} t:f()
--
local t t:f()
--
local f = function() end local function g() f.x.y = 1 end g()
--
return 1 + nil
--
return x + 1
--
local t = {} return t.x + 1
--
local t = {} return 1 - t
--
return {} .. 'x'
--
return 'a' .. x .. 'b'
--
local y return 'a' .. 'b' .. y
--
return 1 < 'x'
--
return {} < {}
--
return nil > 1
--
return {} <= 1
--
return 'a' < 'b', 'a' < 'B', '' < 'a', 'a' <= 'a', 'b' > 'a', 'b' >= 'c'
--
return -{}
--
return #nil
--
return #5
--
return '10' + 5, '0x10' * 2, '3' ^ '2', -'2', 10 .. 20
--
return 'abc' + 1
--
for i = 'a', 2 do end
--
for i = 1, {} do end
--
for i = 1, 2, {} do end
--
for i = 1, 3, 0 do return 'never' end return 'x'
--
for x in nil do end
--
for x in 5 do end
--
for k, v in next, nil do end
--
for i, v in ipairs() do end
--
local s = '' for i = 3, 1, -1 do s = s .. i end for i = 1, 2, 0.5 do s = s .. ' ' .. i end return s
--
local s = 0 for i = 1, 10 do if i == 5 then break end s = s + i end return s
--
local i = 0 while true do i = i + 1 if i > 10 then break end end repeat local j = i i = i - 1 until j < 5 return i
--
local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end return fs[1](), fs[1](), fs[2](), fs[3]()
--
local function f(...) return arg.n, arg[1], arg[2] end return f(5, 6)
--
local function f(...) local a = ... return a, arg end return f(5, 6)
--
local function f(a, b) return a, b end return f(1), (f(1, 2)), f(1, 2, 3)
--
local function sum(n, a) if n == 0 then return a end return sum(n - 1, a + n) end return sum(100000, 0)
--
local t = setmetatable({}, {__index = function(t, k) return k .. '!' end, __call = function(self, a, b) return a, b end}) return t.foo, t[1], t(1, 2)
--
local t = setmetatable({}, {__add = function(a, b) return 'add' end, __concat = function(a, b) return 'cat' end, __unm = function() return 'unm' end, __len = function() return 7 end}) return t + 1, 1 + t, t .. 'x', 'x' .. t, 1 .. t, -t, #t
--
local mt = {__eq = function() return true end, __lt = function() return true end} local a, b = setmetatable({}, mt), setmetatable({}, mt) return a == b, a ~= b, a < b, a <= b, a > b, a == 1
--
local mt = {} mt.__newindex = function(t, k, v) rawset(t, k, v .. '?') end local t = setmetatable({}, mt) t.x = 'a' t.x = 'b' return t.x
--
local a = {} local t = setmetatable({}, {__newindex = a, __index = a}) t.x = 5 return rawget(t, 'x'), a.x, t.x
--
return pcall(error)
--
return pcall(error, 'x')
--
return pcall(error, {})== false
--
return pcall(function() error('x') end)
--
return pcall(function() error('x', 0) end)
--
local function f() error('x', 2) end return pcall(function() f() end)
--
local function f() error('x', 2) end
f()
--
local function f() error('deep', 3) end
local function g() f() end
local function h()
  g()
end
h()
--
local function f() error('x', 2) end return pcall(f)
--
local function f() return error('tail', 2) end
local function g() return f() end
g()
--
return pcall(error, {code = 1}) == false
--
error('plain', 0)
--
error()
--
error(nil)
--
assert(false)
--
assert(nil, 'message')
--
return assert(1, 2, 3)
--
assert()
--
return xpcall(function() error('a') end, function(e) return 'handled ' .. e end)
--
return xpcall(function() local x = nil; return x.y end, function(e) return e .. '!' end)
--
return xpcall(function() error('a') end, function(e) error('b') end)
--
return xpcall(function(...) return select('#', ...) end, print)
--
return select(-1, 1, 2, 3), select(2, 'a', 'b', 'c')
--
return select(0)
--
return select(-5, 1)
--
return unpack({1, 2, 3}), unpack({1, 2, 3}, 2), unpack({1, 2}, 1, 3)
--
return tonumber('0x1F'), tonumber('  12  '), tonumber('1e3'), tonumber('abc'), tonumber(''), tonumber('z', 36), tonumber('ff', 16), tonumber('0xff', 16), tonumber('8', 8), tonumber('1 2'), tonumber('1e'), tonumber('-7', 10), tonumber('-ff', 16)
--
return tonumber('10', 99)
--
return tonumber()
--
return tostring(nil), tostring(true), tostring(12), tostring('x'), tostring(setmetatable({}, {__tostring = function() return 'T' end}))
--
return tostring()
--
return type(nil), type(1), type('x'), type({}), type(next), type(true)
--
return type()
--
return rawequal('a', 'a'), rawequal({}, {}), rawget({5}, 1), rawset({}, 1, 2)[1]
--
return setmetatable(1, {})
--
return setmetatable({}, 1)
--
return getmetatable(setmetatable({}, {__metatable = 'locked'})), pcall(setmetatable, setmetatable({}, {__metatable = 1}), {})
--
return getmetatable('').__index == string
--
local t = {} t[nil] = 1
--
local t = {} t[0/0] = 1
--
return next({}, 'nokey')
--
x = 5 local f = setfenv(function() return x end, {x = 7}) return f(), x, getfenv(f).x, getfenv(1) == _G
--
setfenv(1, {tostring = tostring}) return tostring(x), y
--
return setfenv(2 + 50, {})
--
return loadstring('return 1 +')
--
return loadstring('x =', 'chunk')
--
return loadstring('return ...')(7)
--
return loadstring('error("x")')()
--
return pcall(loadstring('error("x")', '=name'))
--
return pcall(loadstring('\n\nerror("x")', '@file.lua'))
--
return pcall(loadstring('local a\nerror("a very long line of source text that has to be cut")'))
--
local t = {'return ', '4', '2'} local i = 0 return load(function() i = i + 1 return t[i] end)()
--
local a, b, c = 1 return a, b, c
--
local a, b = 1, 2 a, b = b, a return a, b
--
local i, t = 1, {} i, t[i] = i + 1, 20 return i, t[1], t[2]
--
local t = {f = function(self, x) return self.v + x end, v = 10} return t:f(5)
--
local o = {n = 0} function o.inc(by) o.n = o.n + by return o end function o:add(by) self.n = self.n + by return self end return o.inc(2):add(3):add(4).n
--
return not nil, not 0, nil and 1, false or 'x', 1 and 2, nil == false, 1 == '1', 'a' == 'a'
--
return 1 or error('no'), nil and error('no')
--
return 2 ^ 3 ^ 2, -2 ^ 2, not 1 == 2, 1 .. 2 == '12', 2 * 3 + 4 * 5, (2 + 3) * 4
--
return "a\tb\\n\65\066\x", 'it''s', [[long
string]], [==[a]]b]==]
--
return '\300'
--
return "abc
--
return 'abc
def'
--
return [[abc
--
--[[ comment
--
--[==[ comment ]==] return 5
--
return [=x
--
x = = 1
--
x
--
x y
--
if x then
--
if x
then y = 1

--
for i = 1 do end
--
for i in do end
--
for 1 = 2 do end
--
local function end
--
local 1
--
function f( end
--
function f(a,) end
--
function f(..., a) end
--
return return
--
break
--
while true do break end break
--
goto x
--
f(
--
f(1 2)
--
f() = 1
--
(f) = 1
--
a.b:c = 1
--
a:b
--
x = }
--
x = {1, 2
--
x = {1,
2

--
x = 3x
--
x = 0x
--
x = 1..2
--
x = @
--
return ...
--
function f() return ... end
--
local x = f
(g)()
--
x = 'abc' 'def'
--
print 'abc' )
--
return 1,
--
do
--
end
--
local t = {} ; return 1;
--
;
--
return 5 5
--
x = function() return 1 end end
--
local a <const> = 1
--
return 3 // 2
--
return 3 & 2
--
x = ~1
--
x = 'a' != 'b'
--
while x do
y = 1
z =
end
--
repeat local z = 1 until z == 1 return z
--
local x = 5 do local x = 6 end return x
--
local x = 1 local function f() x = x + 1 return x end return f(), f(), x
--
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(20)
--
local t = {} for i = 1, 120 do t[#t + 1] = i end return #t, t[120]
--
local t = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53} return #t, t[51], t[53]
--
local t = {(function() return 1, 2, 3 end)(), (function() return 1, 2, 3 end)()} return #t
--
local t = {((function() return 1, 2, 3 end)())} return #t
--
local t = {1, 2, nil} return #t
--
local t = {nil, nil, 3} return #t
--
local t = {nil, 2} return #t
--
local t = {[1] = 1, [2] = 2, [4] = 4} return #t
--
local function f() return f() + 1 end local ok, e = pcall(f) return ok, e
--
local a = {} a[1.0] = 'x' a[2^53] = 'y' return a[1], a[2^53]
--
return ({10, 20, 30})[2], ('x'):len(), #'abc'
--
return ('x').y, ('x').y.z
--
return string.nofunc()
--
return math.nofunc.x
--
local t = setmetatable({}, {__index = 5}) return t.x
--
local t = setmetatable({}, {__index = 'abc'}) return t.len == string.len
--
local f = string.rep return f()
--
return string.rep()
--
return ('x'):rep({})
--
return ('x'):rep()
--
local s = 'x' return s.rep()
--
return pcall(string.rep)
--
return math.floor('x')
--
return math.floor({})
--
return math.floor()
--
return table.concat({1, {}, 3})
--
return table.concat({1, 2, 3}, ', '), table.concat({}, 'x'), table.concat({1, 2, 3}, '-', 2), table.concat({1,2,3}, '-', 2, 3), table.concat({1,2.5,'x'})
--
local t = {3, 1, 2} table.sort(t) return table.concat(t, ',')
--
local t = {3, 1, 2, 9, 4, 8, 5, 7} table.sort(t, function(a, b) return a > b end) return table.concat(t, ',')
--
local t = {3, 'x', 2} table.sort(t)
--
local t = {} for i = 1, 50 do t[i] = (i * 37) % 101 end local n = 0 table.sort(t, function(a, b) n = n + 1 return a < b end) return n, table.concat(t, ',')
--
local t = {1, 2, 3, 4, 5} table.sort(t, function() return true end) return 'ok'
--
local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) local r = table.remove(t) local q = table.remove(t, 1) return r, q, table.concat(t, ','), table.remove({}), #t
--
table.insert({}, 1, 2, 3)
--
table.insert({})
--
table.insert(nil, 1)
--
return table.getn({1, 2}), table.maxn({1, 2, [10] = 3}), table.maxn({})
--
table.setn({}, 1)
--
local s = '' table.foreach({1, 2, x = 3}, function(k, v) s = s .. k .. v end) table.foreachi({5, 6}, function(i, v) s = s .. i .. v end) return s, table.foreach({1, 2}, function(k) if k == 2 then return 'found' end end)
--
return math.max(1, 5, 3), math.min(2, -1), math.abs(-3), math.ceil(1.2), math.floor(-1.2), math.sqrt(16), math.pow(2, 10), math.fmod(7, 3), math.fmod(-7, 3), math.modf(3.7), math.modf(-3.7)
--
return math.frexp(10), math.ldexp(0.5, 4), math.exp(0), math.log(1), math.log10(1000), math.pi, math.sin(0), math.cos(0), math.deg(math.pi), math.rad(180), math.atan2(1, 1), math.mod(5, 3)
--
return math.max()
--
return math.random(0)
--
return math.random(2, 1)
--
return math.sqrt(-1), math.log(-1), math.log(0), math.fmod(1, 0), math.acos(2), math.pow(-8, 1/3)
--
return 5 % 0, 5 % math.huge, -5 % math.huge, 0 % 0, math.huge % 2, math.huge - math.huge, 0 * math.huge
--
local x <
--
return 2^53, 2^63, 2^64, -2^63, 1e300 * 1e10, 123456.789e3, 1e-10, 5e-324, 1.7976931348623157e308
--
return 100000000000000, 99999999999999, 999999999999999, 0.1 + 0.2, 3.14159265358979, 1e21, 12345678901234567890
--
local function f() return f() + 1 end local ok, e = pcall(f) return #e > 0, e:sub(1, 40)
--
local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x
--
local s = '' for i = 1, 250 do s = s .. '(' end return loadstring('return ' .. s .. '1' .. s:gsub('%(', ')'))
--
local s = 'local a = 0 ' for i = 1, 220 do s = s .. 'local a' .. i .. ' = 1 ' end return loadstring(s)
--
local s = '' for i = 1, 80 do s = s .. 'local a' .. i .. ' = 1 ' end s = s .. 'return function() return 0' for i = 1, 80 do s = s .. ' + a' .. i end return loadstring(s .. ' end')
--
local s = 'return ' .. ('{'):rep(300) return loadstring(s)
--
local a
local b = 1
return a
  + b
--
local a = {}
return a.b
 .c
--
local t = {}
t.x
 .y = 1
--
foo(
1,
2)
--
return 'x'
..
nil
--
local s = ('x'):rep(10) s = s:gsub('x', '%0%0') return s, ('x'):rep(1e3):len()
--
local t = setmetatable({}, {__call = function(self, ...) return select('#', ...) end}) return t(), t(1, nil), pcall(t, 1)
--
return (function(...) return ... end)(1, 2, 3), (select('#', (function() end)()))
--
local t = {} t.f = function(...) return select('#', ...) end return t.f(), t:f(), t:f(1), t.f(nil, nil)
--
local t = setmetatable({}, {__index = function(t, k) error('no ' .. k, 2) end}) return t.x
--
local t = setmetatable({}, {__newindex = function(t, k) error('no ' .. k, 2) end}) t.x = 1
--
setmetatable(_G, {__index = function(t, k) error('undefined ' .. k, 2) end, __newindex = function(t, k) error('no set ' .. k, 2) end}) local ok, e = pcall(function() x = 1 end) return e, pcall(function() return y end)
--
return string.format('%s %s', 1, 2, 3), ('%5.1f'):format(3.14159), ('%q'):format('\n')
--
local t = {1,2,3,4,5,6,7,8,9,10} for k in pairs(t) do t[k] = nil end return next(t), #t
--
local t = {} for i = 1, 100 do t[i] = i end for i = 1, 99 do t[i] = nil end return #t
--
local a = 1; local function f() a = a + 1; return a end; return a, f(), a, f(), a
--
return loadstring('local a = 0 local a1 = 1 local a2 = 1 local a3 = 1 local a4 = 1 local a5 = 1 =')
--
return loadstring('x =', '@'..string.rep('abcdefghij',10))
--
return loadstring('x =', '='..string.rep('abcdefghij',10))
