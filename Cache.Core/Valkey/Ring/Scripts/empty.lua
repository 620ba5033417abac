-- Empties this node unless it has been since all of these outages began: while it was away its keys changed elsewhere.
-- KEYS emptied. ARGV the outages' names. Answers whether it had to be.
local known = redis.pcall('GET', KEYS[1])
local missing = type(known) ~= 'string'
for n = 1, #ARGV do
  if not missing and not string.find(known, ARGV[n], 1, true) then missing = true end
end
if not missing then return 0 end
redis.call('FLUSHDB', 'ASYNC')
redis.call('SET', KEYS[1], table.concat(ARGV, ' '))
return 1
