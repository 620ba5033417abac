-- Lets a value live longer, if it is still the one that was written under this generation. A fence that is gone is no objection: whatever
-- replaces or removes the value makes one.
-- KEYS value, fence, lease. ARGV generation, life ms, fence life ms.
local generation = redis.pcall('HGET', KEYS[2], 'g')
if type(generation) == 'table' or (generation and generation ~= ARGV[1]) then return 'overtaken' end
if redis.call('PEXPIRE', KEYS[1], ARGV[2]) == 0 then return 'overtaken' end
if generation and redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
return 'stored'
