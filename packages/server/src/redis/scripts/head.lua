-- Answers where the log ends; starts an epoch when the ground is new or has lost its data.
-- Port:   ChangeLog.position, CacheStore.begin
-- KEYS:   1 head (string)   2 log (stream)                        all in the realm's slot
-- ARGV:   1 a fresh random epoch, used only when there is none
-- Return: "epoch.seq"
-- Cost:   O(1)
local head = redis.call('GET', KEYS[1])
if head then return head end
local time = redis.call('TIME')
head = ARGV[1] .. '.' .. string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('UNLINK', KEYS[2])
redis.call('SET', KEYS[1], head)
return head
