-- Reads the value, or else notes the fence and tries for the lease: a whole miss in one round trip.
-- KEYS value, fence, lease. ARGV fresh generation, fence life ms, owner or '' (after '!': as if there were no value), lease ms.
-- Without an owner it only reads. Answers { value, remaining ms, acquired, generation, revision, denial, denial revision, lease holder }.
local function wrong(answer) return type(answer) == 'table' and answer.err ~= nil end
local owner, value = ARGV[3], false
if string.sub(owner, 1, 1) == '!' then
  owner = string.sub(owner, 2)
else
  value = redis.pcall('GET', KEYS[1])
  if wrong(value) then redis.call('DEL', KEYS[1]); value = false end
end
local fence = redis.pcall('HMGET', KEYS[2], 'g', 'r', 'd', 'dr')
if wrong(fence) then redis.call('DEL', KEYS[2]); fence = { false, false, false, false } end
if value then
  return { value, redis.call('PTTL', KEYS[1]), 0, fence[1], fence[2], fence[3], fence[4], false }
end
-- Who only reads leaves nothing behind.
if ARGV[3] == '' then return { false, 0, 0, false, fence[2], fence[3], fence[4], redis.call('GET', KEYS[3]) } end
local generation = fence[1]
if not generation then
  generation = ARGV[1]
  redis.call('HSET', KEYS[2], 'g', generation)
end
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
local acquired, holder = 0, false
if owner ~= '' and not fence[3] then
  if redis.call('SET', KEYS[3], owner, 'NX', 'PX', ARGV[4]) then
    acquired = 1
  else
    holder = redis.pcall('GET', KEYS[3])
    if wrong(holder) then redis.call('DEL', KEYS[3]); holder = false end
  end
end
return { false, 0, acquired, generation, fence[2], fence[3], fence[4], holder }
