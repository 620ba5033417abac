-- Takes one from a rate limit by the generic cell rate algorithm. The key holds the moment, in µs by this server's clock, at which
-- nothing will be taken any more; it is gone then. Gcra.cs is the same arithmetic.
-- KEYS limit. ARGV µs in which one comes back, µs in which all of it does. Answers { taken, left, µs until whole, µs until the next }.
local clock = redis.call('TIME')
local now, interval, all = clock[1] * 1000000 + clock[2], tonumber(ARGV[1]), tonumber(ARGV[2])
local stored = redis.pcall('GET', KEYS[1])
if type(stored) == 'table' and stored.err then redis.call('DEL', KEYS[1]); stored = false end
local whole = stored and tonumber(stored) or now
if not (whole > now) then whole = now end
-- No more can be missing than there is: a clock that went back with a failover refuses nobody for longer than that.
if whole > now + all then whole = now + all end
local after = whole + interval
if after > now + all then
  return { 0, math.floor((now + all - whole) / interval), whole - now, after - now - all }
end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return { 1, math.floor((now + all - after) / interval), after - now, 0 }
