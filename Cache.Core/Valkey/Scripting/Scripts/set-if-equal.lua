-- Stores a value where the expected one is. KEYS value. ARGV expected, value, life ms (0: for ever).
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 'other' end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 'done'
