-- Does to what is kept for a user what an event says, and answers how many are unread then. Its helpers are inside of it because most
-- changes have no such event, and making a function costs time at each run of a script.
local function apply_note(notes_key, unread_key, deed, seq, body)
  local MOST_NOTES = 200

  local function add(id)
    if redis.call('XLEN', notes_key) >= MOST_NOTES then
      local first = redis.call('XRANGE', notes_key, '-', '+', 'COUNT', 1)[1]
      redis.call('ZREM', unread_key, first[2][2])
      redis.call('XDEL', notes_key, first[1])
    end
    -- Ids must grow also where the log began anew with a clock that was set back.
    local last = redis.call('XREVRANGE', notes_key, '+', '-', 'COUNT', 1)[1]
    local at = math.max(seq, last and tonumber(string.match(last[1], '^%d+')) or 0)
    local at_text = string.format('%.0f', at)
    redis.call('XADD', notes_key, at_text .. '-*', 'id', id, 'body', body)
    redis.call('ZADD', unread_key, at_text, id)
    redis.call('PEXPIRE', notes_key, NOTE_AGE_MS)
    redis.call('PEXPIRE', unread_key, NOTE_AGE_MS)
  end

  -- The sequence of a notification, or nil. One that is unread is found at once; others are looked for from the newest on.
  local function sequence_of_note(id)
    local found = redis.call('ZSCORE', unread_key, id)
    local from = '+'
    while not found do
      local entries = redis.call('XREVRANGE', notes_key, from, '-', 'COUNT', 20)
      for _, entry in ipairs(entries) do
        if entry[2][2] == id then
          found = string.match(entry[1], '^%d+')
        end
      end
      if #entries < 20 then
        break
      end
      from = '(' .. entries[20][1]
    end
    return found
  end

  drop_old_notes(notes_key, unread_key)
  if deed.add then
    add(deed.add)
  elseif deed.upTo then
    local up_to = sequence_of_note(deed.upTo)
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
