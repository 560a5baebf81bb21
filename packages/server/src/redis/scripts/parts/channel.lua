-- A channel's place, as one text: "<log epoch> <epoch> <offset>": its own epoch, the offset of its last event, and the log epoch it
-- belongs to. A channel that is new, was forgotten, or belongs to another log epoch begins again under a fresh epoch, so that no
-- offset is handed out twice.
local function write_channel(channel_key, log_epoch, place)
  redis.call('SET', channel_key, string.format('%s %s %d', log_epoch, place.epoch, place.offset), 'PX', place.ttl_ms)
end

local function read_channel(channel_key, log_epoch, fresh_epoch, ttl_ms)
  local log, epoch, offset = string.match(redis.call('GET', channel_key) or '', '^(%w+) (%w+) (%d+)$')
  if log ~= log_epoch then
    return { epoch = fresh_epoch, offset = 0, ttl_ms = ttl_ms, is_fresh = true }
  end
  return { epoch = epoch, offset = tonumber(offset), ttl_ms = ttl_ms }
end

-- Reads it, and keeps it from being forgotten.
local function touch_channel(channel_key, log_epoch, fresh_epoch, ttl_ms)
  local place = read_channel(channel_key, log_epoch, fresh_epoch, ttl_ms)
  write_channel(channel_key, log_epoch, place)
  return place.epoch, place.offset
end
