-- A channel's place, as one text: "<log epoch> <epoch> <offset> <renewed until, ms>": its own epoch, the offset of its last event, the log
-- epoch it belongs to, and how long append leaves times to live as they are. A channel that is new, was forgotten, or belongs to another
-- log epoch begins again under a fresh epoch, so that no offset is handed out twice.

-- Answers epoch and offset, and as text until when times to live are left as they are.
local function read_channel(channel_key, log_epoch, fresh_epoch)
  local text = redis.call('GET', channel_key) or ''
  local log, epoch, offset, until_ms = string.match(text, '^(%w+) (%w+) (%d+) (%d+)$')
  if log == log_epoch then
    return epoch, tonumber(offset), until_ms
  end
  return fresh_epoch, 0, '0'
end

-- Reads a place, and keeps it from being forgotten. Answers epoch and offset.
local function touch_channel(channel_key, log_epoch, fresh_epoch, ttl_ms)
  local text = redis.call('GETEX', channel_key, 'PX', ttl_ms) or ''
  local log, epoch, offset = string.match(text, '^(%w+) (%w+) (%d+) ')
  if log == log_epoch then
    return epoch, tonumber(offset)
  end
  redis.call('SET', channel_key, log_epoch .. ' ' .. fresh_epoch .. ' 0 0', 'PX', ttl_ms)
  return fresh_epoch, 0
end
