-- Stores what a writer knows to be newest: fetches in flight are overtaken by it. A tombstone gives way to a higher revision only.
-- KEYS value, fence, lease. ARGV payload, life ms (0: for ever), new generation, revision or '', fence life ms.
-- Every call counts here: a write takes as long as its script.
local function older(one, other) return #one < #other or (#one == #other and one < other) end
local generation, revision, life = ARGV[3], ARGV[4], ARGV[5]
local fence = redis.pcall('HMGET', KEYS[2], 'g', 'r', 'd', 'dr')
if fence.err then redis.call('DEL', KEYS[2]); fence = { false, false, false, false } end
if revision == '' then
  if fence[3] then return 'denied' end
  redis.call('HSET', KEYS[2], 'g', generation)
else
  if fence[2] and older(revision, fence[2]) then return 'outdated' end
  if fence[4] and not older(fence[4], revision) then return 'denied' end
  redis.call('HSET', KEYS[2], 'g', generation, 'r', revision)
end
if fence[3] or fence[4] then redis.call('HDEL', KEYS[2], 'd', 'dr') end
if redis.call('PTTL', KEYS[2]) < tonumber(life) then redis.call('PEXPIRE', KEYS[2], life) end
if ARGV[2] == '0' then redis.call('SET', KEYS[1], ARGV[1]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
redis.call('DEL', KEYS[3])
return 'stored'
