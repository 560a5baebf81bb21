-- Starts a new epoch, unless somebody has done so already.
-- Port:   ChangeLog.renewEpoch
-- KEYS:   1 head (string)   2 log (stream)                        in the realm's slot
-- ARGV:   1 the epoch to end   2 a fresh random epoch
-- Return: the epoch in force
-- Cost:   O(1)
local epoch, last = string.match(redis.call('GET', KEYS[1]) or '', '^(%w+)%.(%d+)$')
if epoch and epoch ~= ARGV[1] then return epoch end
local time = redis.call('TIME')
local seq = math.max(time[1] * 1000000 + time[2], tonumber(last or '0') + 1)
redis.call('UNLINK', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2] .. '.' .. string.format('%.0f', seq))
return ARGV[2]
