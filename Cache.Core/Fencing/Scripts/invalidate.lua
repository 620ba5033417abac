-- Removes the value and overtakes every fetch in flight. The revisions stay as guards; a tombstone stops being an answer,
-- so that the next look-up asks the source (a reactivation begins with an invalidation).
-- KEYS value, fence, lease. ARGV new generation, fence life ms.
local function failed(answer) return type(answer) == 'table' and answer.err ~= nil end
if failed(redis.pcall('HSET', KEYS[2], 'g', ARGV[1])) then
  -- Garbage, or no memory: a fence that is gone refuses every write as well.
  redis.call('DEL', KEYS[2])
  redis.pcall('HSET', KEYS[2], 'g', ARGV[1])
end
redis.call('HDEL', KEYS[2], 'd')
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
-- Removing nothing would be told to nobody, and a process may hold in memory what is no longer here.
if redis.call('DEL', KEYS[1]) == 0 then redis.pcall('SET', KEYS[1], '', 'PX', 1); redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[3])
return 'stored'
