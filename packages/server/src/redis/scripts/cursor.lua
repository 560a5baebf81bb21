-- Answers where a channel stands, and keeps that known.
-- Port:   ChangeLog.cursor, ChangeLog.subscribe
-- KEYS:   1 channel (hash)                                        in the realm's slot
-- ARGV:   1 a fresh random epoch, used only when the channel has none   2 TTL (ms)
-- Return: "epoch-offset"
-- Cost:   O(1)
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[1], 'epoch', epoch)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return epoch .. '-' .. (redis.call('HGET', KEYS[1], 'offset') or '0')
