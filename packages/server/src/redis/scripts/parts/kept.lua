-- What append does to a channel and to its history. Streams are trimmed by whole nodes, and times to live are renewed within these times:
-- what is kept may be a little more, and a little longer, than the channel says. history.lua holds to the bounds exactly.
local TRIM_EVERY = 16
local LEAST_RENEWED_MS = 60000
local MOST_RENEWED_MS = 3600000

local function write_channel(channel_key, text, ttl_ms)
  if ttl_ms then
    redis.call('SET', channel_key, text, 'PX', ttl_ms)
  else
    redis.call('SET', channel_key, text, 'KEEPTTL')
  end
end

-- Empties a history, which begins anew. Its key stays: while its slot moves to another server, a key that was deleted cannot be written again.
local function empty_history(history_key)
  if redis.call('EXISTS', history_key) == 1 then
    redis.call('XTRIM', history_key, 'MAXLEN', 0)
    redis.call('XSETID', history_key, '0-0', 'ENTRIESADDED', 0, 'MAXDELETEDID', '0-0')
  end
end

-- Keeps a message. A stream that is there goes on living as it does unless that is due to be renewed.
local function keep_event(history_key, id, message, most, ttl_ms, is_due)
  if not is_due and redis.call('XADD', history_key, 'NOMKSTREAM', 'MAXLEN', '~', most, id, 'm', message) then
    return
  end
  redis.call('XADD', history_key, 'MAXLEN', '~', most, id, 'm', message)
  redis.call('PEXPIRE', history_key, ttl_ms)
end

-- Drops what is older than the channel keeps, looking at no more than a few events.
local function drop_old(history_key, oldest_seq)
  local oldest = redis.call('XRANGE', history_key, '-', '+', 'COUNT', 1)[1]
  if not oldest or sequence_of(oldest[2][2]) >= oldest_seq then
    return
  end
  local young = nil
  for _, entry in ipairs(redis.call('XRANGE', history_key, '-', '+', 'COUNT', TRIM_EVERY * 2)) do
    if sequence_of(entry[2][2]) >= oldest_seq then
      break
    end
    young = string.format('%d-0', tonumber(string.match(entry[1], '^%d+')) + 1)
  end
  redis.call('XTRIM', history_key, 'MINID', young)
end
