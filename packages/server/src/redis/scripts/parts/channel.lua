-- A channel's place: its own epoch, the offset of its last event, and the log epoch it belongs to. A channel that is new, was
-- forgotten, or belongs to another log epoch begins again under a fresh epoch, so that no offset is handed out twice.
local function touch_channel(channel_key, log_epoch, fresh_epoch, ttl_ms)
  local kept = redis.call('HMGET', channel_key, 'log', 'epoch')
  local epoch = kept[2]
  if kept[1] ~= log_epoch or not epoch then
    epoch = fresh_epoch
    redis.call('HSET', channel_key, 'log', log_epoch, 'epoch', epoch, 'offset', 0)
  end
  redis.call('PEXPIRE', channel_key, ttl_ms)
  return epoch
end
