return math.asin(2), math.acos(-2), math.log10(-1), math.log(-2), math.fmod(math.huge, 1), math.sin(math.huge), math.cos(math.huge), math.tan(math.huge), math.sqrt(-2), math.exp(0/0), math.floor(0/0)
--
return ('hello'):find('l'), ('hello'):find('xyz'), ('hello'):find('l', 4), ('hello'):find(''), ('hello'):find('', 10), ('hello'):find('', 6), ('a.b'):find('.', 1, true), ('a.b'):find('%.')
--
return ('hello world'):find('(o)(.)'), ('hello'):match('h(.*)o'), ('hello'):match('(h)(e)(l)'), ('key = value'):match('^(%w+)%s*=%s*(%w+)$'), ('x'):match('()'), ('abc'):match('a()b()')
--
return ('hello'):gsub('l', 'L'), ('hello'):gsub('l', 'L', 1), ('hello'):gsub('', '-'), ('abc'):gsub('%w', '%0%0'), ('abc def'):gsub('(%w+) (%w+)', '%2 %1'), ('abc'):gsub('b', '%%')
--
return ('hello'):gsub('l', {l = 'x'}), ('hello'):gsub('.', {h = 1, e = false}), ('hello'):gsub('(h)(e)', function(a, b) return b .. a end), ('abc'):gsub('b', function() end)
--
return ('hello'):gsub('l', function() return {} end)
--
return ('hello'):gsub('l', {l = {}})
--
return ('hello'):gsub('l')
--
return ('hello'):gsub('(', 'x')
--
return ('hello'):gsub('%', 'x')
--
return ('hello'):gsub('[a', 'x')
--
return ('hello'):gsub('a)', 'x')
--
return ('hello'):gsub('l)', 'x')
--
return ('hello'):gsub('(l', 'x')
--
return ('hello'):gsub('%1', 'x')
--
return ('hello'):gsub('l', '%2')
--
return ('hello'):gsub('(l)', '%1%1')
--
return ('hello'):gsub('l', '%')
--
return ('hello'):gsub('l', '%x')
--
return ('hello'):gsub('%f', 'x')
--
return ('hello'):gsub('%b', 'x')
--
return ('THE (quick) fox'):find('%((%a+)%)'), ('THE (quick) fox'):gsub('%f[%a]%a+', string.lower), ('f(a(b)c)d'):match('%b()'), ('aXb'):find('%u'), ('"x" "y"'):match('(["\'])(.-)%1')
--
return ('a-b'):gsub('[-]', '+'), ('a]b'):gsub('[]]', 'x'), ('a^b'):gsub('[%^]', 'x'), ('a^b'):gsub('[^a]', 'x'), ('abc123'):gsub('[a-c1-2]', 'x'), ('a-z'):gsub('[a-]', 'x'), ('az-'):gsub('[%a-z]', 'x')
--
local s = '' for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do s = s .. k .. v end for w in ('one two'):gmatch('%a+') do s = s .. w .. ';' end for p in ('abc'):gmatch('()') do s = s .. p end return s
--
local s = '' for w in string.gfind('one two', '%a+') do s = s .. w .. ';' end return s
--
return ('aaa'):match('a-'), ('aaa'):match('a-$'), ('aaa'):match('a*'), ('aaa'):match('a+'), ('aaa'):match('a?'), ('aaab'):match('a-b'), ('b'):match('a?b'), ('abc$'):match('c$'), ('abc$'):match('c%$')
--
return ('x'):rep(3), ('x'):rep(0), ('x'):rep(-1), ('ab'):rep(3), (''):rep(100)
--
return ('hello'):sub(2), ('hello'):sub(2, 3), ('hello'):sub(-3), ('hello'):sub(-3, -2), ('hello'):sub(0), ('hello'):sub(10), ('hello'):sub(2, 1), ('hello'):sub(-100, 100)
--
return ('hello'):sub()
--
return ('hello'):sub('x')
--
return ('hello'):upper(), ('HELLO'):lower(), ('hello'):reverse(), ('hello'):len(), ('hello'):byte(), ('hello'):byte(2, 4), ('hello'):byte(10), ('hello'):byte(-1), string.char(72, 105), string.char()
--
return string.char(256)
--
return string.char(-1)
--
return string.char('x')
--
return string.format('%d %5d %-5d| %05d %+d % d', 42, 42, 42, 42, 42, 42), string.format('%d', 3.99), string.format('%d', -3.99), string.format('%.3d', 5), string.format('%5.3d', 5), string.format('%i', 7)
--
return string.format('%s %10s %-10s| %.2s %5.2s', 'abc', 'abc', 'abc', 'abc', 'abc'), string.format('%s', 12), string.format('%s', 1.5)
--
return string.format('%s', nil)
--
return string.format('%s')
--
return string.format('%s', {})
--
return string.format('%s', true)
--
return string.format('%d', 'x')
--
return string.format('%d', '10'), string.format('%x %X %#x %o', 255, 255, 255, 8), string.format('%x', -1), string.format('%u', -1), string.format('%c%c', 72, 105)
--
return string.format('%f %.2f %10.2f %-10.2f| %+.1f', 3.14159, 3.14159, 3.14159, 3.14159, 3.14159), string.format('%e %.2e %E', 12345.678, 12345.678, 0.00012), string.format('%g %g %g %.3g %G', 100000, 1000000, 0.0001, 3.14159, 1e-10), string.format('%.0f', 0.5), string.format('%.0f', 1.5), string.format('%5.1f|', -0.04)
--
return string.format('%g %f %e', 1/0, -1/0, 1/0), string.format('%5d|%-8s|%08.3f', 3, 'x', 3.14159), string.format('%.14g', 0.1), string.format('%.17g', 0.1), string.format('%.20f', 0.1), string.format('%#g', 1), string.format('%#.3f', 2), string.format('%.0e', 12345)
--
return string.format('%q', 'a "quoted"\nstring\\ with \0 zero\r'), string.format('%%'), string.format('no args', 1)
--
return string.format('%y', 1)
--
return string.format('%')
--
return string.format('%123d', 1)
--
return string.format('%.123d', 1)
--
return string.format('%-+ #0-d', 1)
--
return string.format('%10q', 'x')
--
return string.format('%d', 2^53), string.format('%d', 2^63), string.format('%d', -2^63), string.format('%x', 2^53), string.format('%d', 1e100), string.format('%u', 2^63)
--
return string.format('%s', ('x'):rep(200)), string.format('%20s|', 'abc\0def')
--
return string.format('%5s|%-5s|', 'abcdefg', 'abcdefg'), string.format('%.3s|', 'abcdefg'), string.format('%.s|', 'abc'), string.format('%.f', 2.5)
--
return ('x'):dump()
--
return string.len(), 1
--
return string.len(123), string.upper(12), ('5'):rep('3')
--
return tostring(1e15), tostring(-1.5), tostring(1e-7), 2^31, 1e15 + 0.5
--
return ('a,b,,c'):gsub(',', ';'), ('  trim  '):match('^%s*(.-)%s*$'), ('2024-01-15'):match('(%d+)-(%d+)-(%d+)')
--
return ('%d'):format(3), ('x'):find('x', -10), ('hello'):find('l', -2), ('a\0b'):find('%z'), ('a\0b'):len(), ('abc'):find('b', nil, true)
--
return ('a'):rep(50):find(('a?'):rep(20) .. ('a'):rep(20))
--
return pcall(string.find, 'a', ('('):rep(40) .. 'a')
--
local t = {} for i = 1, 10 do t[i] = i end for i = 1, 10 do table.remove(t, 1) end return #t
--
local t = {1, 2, 3} return table.remove(t, 1), table.remove(t, 5), #t, table.remove(t), table.remove(t), table.remove(t), #t
--
return pcall(table.sort, {1, 'x'})
--
return pcall(table.sort, {{}, {}})
--
return pcall(rawset, {}, nil, 1)
--
return pcall(next, {}, 1)
--
return pcall(setmetatable, {})
--
return pcall(table.concat, {1, {}})
--
return pcall(table.foreach, {1}, function() error('in foreach') end)
--
return pcall(string.gsub, 'a', 'a', function() error('in gsub') end)
--
return pcall(table.sort, {1, 2}, function() error('in sort', 2) end)
--
return pcall(tostring, setmetatable({}, {__tostring = function() return 1 end}))
--
return tostring(setmetatable({}, {__tostring = function() return nil end}))
--
return pcall(pcall), pcall(xpcall, 1)
--
return pcall(tonumber, {}), pcall(tonumber, 'x', 1), tonumber({}), tonumber(nil), tonumber('0x'), tonumber('1e+'), tonumber('inf'), tonumber('nan'), tonumber('.5'), tonumber('5.'), tonumber('.'), tonumber('0x1p4'), tonumber('1_000')
--
return tonumber('zz', 36), tonumber('9', 8), tonumber('', 10), tonumber(' 10 ', 2), tonumber('7fffffff', 16), tonumber('ffffffffffffffff', 16), tonumber('1e1', 16), tonumber(10, 16)
--
local s = 0 for i, v in ipairs({1, 2, nil, 4}) do s = s + v end return s
--
return pcall(ipairs), pcall(pairs, nil)
--
return math.max(1), math.min(3, 1, 2), math.max('10', 9)
--
return math.max('x')
--
return math.random(1, 2, 3)
--
return math.ldexp(1, 1024), math.frexp(0), math.frexp(-8.5), math.frexp(1e-320), math.modf(5), math.modf(-0.5), math.modf(1/0)
--
return math.sinh(1), math.cosh(1), math.tanh(1), math.atan(1), math.tan(1), math.exp(1), math.log(10), math.log10(2), 2 ^ 0.3
--
return type(os.clock()), collectgarbage('count') > 0, collectgarbage(), collectgarbage('step') ~= nil
--
return collectgarbage('bogus')
--
return select('#'), select('#', nil), select(2, 1), select('2', 'a', 'b')
--
return unpack({}, 1, 1e8)
--
return unpack({1, 2}, 2, 1), (unpack({1, 2}))
--
return table.concat({'a', 'b'}, 1), table.concat({}, 'x', 1, 2)
--
local t = {5, 3, 8} table.sort(t, nil) return t[1]
--
table.sort({1, 2}, 5)
--
return getfenv(0) == _G, getfenv(tostring) == _G, getfenv(50)
--
return setfenv(tostring, {})
--
return getfenv(-1)
--
return load(function() return {} end)
--
return load(5)
--
return loadstring(nil)
--
return xpcall(error)
