-- Appends one change: moves its tags, records it, counts and publishes its events, all in one step.
-- Port:   ChangeLog.append
-- KEYS:   1 head (string)   2 log (stream)   3 the writer's mark (string)
--         then one key per tag (string), then one key per event's channel (hash)       all in the realm's slot
-- ARGV:   1 a fresh random epoch   2 change id   3 origin node   4 trace or ''
--         5 number of tags   6 tag TTL (ms)   7 most records kept   8 mark TTL (ms)   9 channel TTL (ms)
--         10 tags joined by \n   11 channels joined by \n
--         12 epoch and 13 sequence of a position before an earlier attempt, '' and '0' when this is the first
--         then four per event: feed name, channel name, event name, body
-- Return: { "epoch.seq", mark }
-- Cost:   O(tags + events); a retry adds the records since the earlier attempt
local epoch, last = string.match(redis.call('GET', KEYS[1]) or '', '^(%w+)%.(%d+)$')
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if not epoch then
  epoch, last = ARGV[1], '0'
  redis.call('UNLINK', KEYS[2])
end

local mark = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[8])

if ARGV[12] == epoch then
  for _, record in ipairs(redis.call('XRANGE', KEYS[2], '(' .. ARGV[13] .. '-0', '+')) do
    if record[2][6] == ARGV[2] then
      return { epoch .. '.' .. string.match(record[1], '^%d+'), mark }
    end
  end
end

local seq = string.format('%.0f', math.max(now, tonumber(last) + 1))
local position = epoch .. '.' .. seq
redis.call('SET', KEYS[1], position)

local tags = tonumber(ARGV[5])
for i = 1, tags do
  redis.call('SET', KEYS[3 + i], seq, 'PX', ARGV[6])
end

redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], seq .. '-0',
  'previous', last, 'epoch', epoch, 'id', ARGV[2], 'origin', ARGV[3],
  'tags', ARGV[10], 'channels', ARGV[11], 'trace', ARGV[4])

local event = 0
for i = 14, #ARGV, 4 do
  event = event + 1
  local channel = KEYS[3 + tags + event]
  local known = redis.call('HGET', channel, 'epoch')
  if not known then
    known = epoch .. string.sub(seq, -6)
    redis.call('HSET', channel, 'epoch', known)
  end
  local offset = redis.call('HINCRBY', channel, 'offset', 1)
  redis.call('PEXPIRE', channel, ARGV[9])
  local header = cjson.encode({
    channel = ARGV[i + 1], name = ARGV[i + 2], cursor = known .. '-' .. offset, position = position, changeId = ARGV[2],
  })
  redis.call('SPUBLISH', ARGV[i], header .. '\n' .. ARGV[i + 3])
end

return { position, mark }
