-- A channel's history: a stream whose ids are "<offset>-0" and whose one field is the message as it was published. The sequence in
-- it says when that was.
local TRIM_EVERY = 16

local function sequence_of(message)
  return tonumber(string.match(message, '^{"position":"%w+%.(%d+)"'))
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

local function keep_event(history_key, offset, message, seq, most, age_ms)
  if offset == 1 then
    -- The first of an epoch: what is there is of another.
    redis.call('DEL', history_key)
  end
  if most == '0' then
    return
  end
  redis.call('XADD', history_key, 'MAXLEN', most, string.format('%d-0', offset), 'm', message)
  redis.call('PEXPIRE', history_key, age_ms)
  if offset % TRIM_EVERY == 0 then
    drop_old(history_key, seq - tonumber(age_ms) * 1000)
  end
end
