-- The source does not know the key: its value goes, and for a while nobody asks again. The mark takes the lease's place.
-- KEYS value, fence, lease. ARGV generation noted, life of the mark in ms, owner.
if ARGV[3] ~= '' and redis.call('GET', KEYS[3]) == ARGV[3] then redis.call('DEL', KEYS[3]) end
if redis.call('HGET', KEYS[2], 'g') ~= ARGV[1] then return 'overtaken' end
redis.call('DEL', KEYS[1])
redis.call('HDEL', KEYS[2], 'd')
if ARGV[2] ~= '0' then redis.call('SET', KEYS[3], '-', 'PX', ARGV[2]) end
return 'stored'
