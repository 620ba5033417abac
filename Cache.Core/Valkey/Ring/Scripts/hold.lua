-- Says on this node that somebody does not reach another one: for a while, and, until that one has been emptied, that it must be.
-- KEYS lost, held. ARGV name of an outage that begins now, life of lost ms, who says so, life of held ms. Answers the outage's name.
local outage = redis.pcall('GET', KEYS[1])
-- One that nobody is in any more is another one, whether or not it was forgotten.
if type(outage) ~= 'string' or redis.call('EXISTS', KEYS[2]) == 0 then outage = ARGV[1] end
redis.call('SET', KEYS[1], outage, 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return outage
