-- Leaves a tombstone: the source refuses access. Overtakes every fetch in flight.
-- KEYS value, fence, lease. ARGV revision or '', status, new generation, fence life ms.
local function older(one, other) return #one < #other or (#one == #other and one < other) end
local fence = redis.pcall('HMGET', KEYS[2], 'g', 'r', 'd', 'dr')
if fence.err then redis.call('DEL', KEYS[2]); fence = { false, false, false, false } end
if ARGV[1] ~= '' and fence[2] and older(ARGV[1], fence[2]) then return 'outdated' end
local denied = redis.pcall('HSET', KEYS[2], 'g', ARGV[3], 'd', ARGV[2])
if type(denied) == 'table' and denied.err then
  -- No memory for a tombstone: what it would guard goes all the same, and the caller hears that it is not there.
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
  return denied
end
if ARGV[1] ~= '' then redis.call('HSET', KEYS[2], 'r', ARGV[1], 'dr', ARGV[1]) end
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[2], ARGV[4]) end
local known = fence[3] == ARGV[2] and (ARGV[1] == '' or fence[4] == ARGV[1])
-- A new denial is told to everybody, also when there was no value to remove; a repeated one to nobody.
if redis.call('DEL', KEYS[1]) == 0 and not known then redis.pcall('SET', KEYS[1], '', 'PX', 1); redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[3])
return 'stored'
