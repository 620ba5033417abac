-- Removes the value and overtakes every fetch in flight. The revisions stay as guards; a tombstone stops being an answer,
-- so that the next look-up asks the source (a reactivation begins with an invalidation).
-- KEYS value, fence, lease. ARGV new generation, fence life ms.
local fence = redis.pcall('HSET', KEYS[2], 'g', ARGV[1])
if type(fence) == 'table' then redis.call('DEL', KEYS[2]); redis.call('HSET', KEYS[2], 'g', ARGV[1]) end
redis.call('HDEL', KEYS[2], 'd')
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
-- Removing nothing would be told to nobody, and a process may hold in memory what is no longer here.
if redis.call('DEL', KEYS[1]) == 0 then redis.call('SET', KEYS[1], '', 'PX', 1); redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[3])
return 'stored'
