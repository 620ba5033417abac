-- Removes a value if it is the expected one. KEYS value. ARGV expected.
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 'other' end
redis.call('DEL', KEYS[1])
return 'done'
