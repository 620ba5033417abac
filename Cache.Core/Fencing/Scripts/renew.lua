-- Lets the lease last longer. KEYS lease. ARGV owner, lease ms.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 'renewed'
