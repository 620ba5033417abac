-- Stores what a fetch answered, unless an invalidation or a higher revision has overtaken the fetch.
-- KEYS value, fence, lease. ARGV payload, life ms (0: for ever; '-': nothing is stored, what is there goes), generation noted, revision or '', fence life ms, owner.
local function older(one, other) return #one < #other or (#one == #other and one < other) end
if ARGV[6] ~= '' and redis.call('GET', KEYS[3]) == ARGV[6] then redis.call('DEL', KEYS[3]) end
local fence = redis.call('HMGET', KEYS[2], 'g', 'r', 'd', 'dr')
if fence[1] ~= ARGV[3] then return 'overtaken' end
if ARGV[4] ~= '' then
  if fence[2] and older(ARGV[4], fence[2]) then return 'outdated' end
  if fence[4] and not older(fence[4], ARGV[4]) then return 'denied' end
  redis.call('HSET', KEYS[2], 'r', ARGV[4])
end
redis.call('HDEL', KEYS[2], 'd', 'dr')
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[5]) then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
if ARGV[2] == '-' then redis.call('DEL', KEYS[1])
elseif ARGV[2] == '0' then redis.call('SET', KEYS[1], ARGV[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
redis.call('DEL', KEYS[3])
return 'stored'
