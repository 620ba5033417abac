-- Removes the value and overtakes every fetch in flight, as an invalidation does, but leaves a denial standing: who tidies up must
-- not open what the source has refused. It needs no memory: a fence without a generation refuses every write, and only what is
-- noted from now on has one again.
-- KEYS value, fence, lease. ARGV '1': only where there is no value, for fetches in flight and the mark of an unknown key.
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 1 then return 'kept' end
local overtaken = redis.pcall('HDEL', KEYS[2], 'g')
if type(overtaken) == 'table' and overtaken.err then redis.call('DEL', KEYS[2]) end
local existed = redis.call('DEL', KEYS[1])
-- Removing nothing would be told to nobody, and a process may hold in memory what is no longer here.
if existed == 0 then redis.pcall('SET', KEYS[1], '', 'PX', 1); redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[3])
return existed == 1 and 'dropped' or 'absent'
