-- What is kept for a user: a stream of notifications (fields id and body) whose ids are "<sequence of the change>-<number>", and the ids
-- of the unread ones, a sorted set by sequence.
local MOST_NOTES = 200
local NOTE_AGE_MS = 30 * 86400 * 1000

-- Drops what is too old, and what is said to be unread but not kept.
local function drop_old_notes(notes_key, unread_key)
  redis.call('XTRIM', notes_key, 'MINID', string.format('%.0f-0', now_us() - NOTE_AGE_MS * 1000))
  local first = redis.call('XRANGE', notes_key, '-', '+', 'COUNT', 1)[1]
  if first then
    redis.call('ZREMRANGEBYSCORE', unread_key, '-inf', '(' .. string.match(first[1], '^%d+'))
  else
    redis.call('DEL', unread_key)
  end
end

local function add_note(notes_key, unread_key, note)
  if redis.call('XLEN', notes_key) >= MOST_NOTES then
    local first = redis.call('XRANGE', notes_key, '-', '+', 'COUNT', 1)[1]
    redis.call('ZREM', unread_key, first[2][2])
    redis.call('XDEL', notes_key, first[1])
  end
  -- Ids must grow also where the log began anew with a clock that was set back.
  local last = redis.call('XREVRANGE', notes_key, '+', '-', 'COUNT', 1)[1]
  local seq = math.max(note.seq, last and tonumber(string.match(last[1], '^%d+')) or 0)
  local seq_text = string.format('%.0f', seq)
  redis.call('XADD', notes_key, seq_text .. '-*', 'id', note.id, 'body', note.body)
  redis.call('ZADD', unread_key, seq_text, note.id)
  redis.call('PEXPIRE', notes_key, NOTE_AGE_MS)
  redis.call('PEXPIRE', unread_key, NOTE_AGE_MS)
end

-- The sequence of a notification, or nil. One that is unread is found at once.
local function sequence_of_note(notes_key, unread_key, id)
  local seq = redis.call('ZSCORE', unread_key, id)
  if seq then
    return seq
  end
  for _, entry in ipairs(redis.call('XRANGE', notes_key, '-', '+')) do
    if entry[2][2] == id then
      return string.match(entry[1], '^%d+')
    end
  end
  return nil
end

-- Does what an event says, and answers how many are unread then.
local function apply_note(notes_key, unread_key, deed, seq, body)
  drop_old_notes(notes_key, unread_key)
  if deed.add then
    add_note(notes_key, unread_key, { id = deed.add, seq = seq, body = body })
  elseif deed.upTo then
    local up_to = sequence_of_note(notes_key, unread_key, deed.upTo)
    if up_to then
      redis.call('ZREMRANGEBYSCORE', unread_key, '-inf', up_to)
    end
  else
    for _, id in ipairs(deed.ids) do
      redis.call('ZREM', unread_key, id)
    end
  end
  return redis.call('ZCARD', unread_key)
end
