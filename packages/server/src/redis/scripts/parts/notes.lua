-- What is kept for a user: a stream of notifications (fields id and body) whose ids are "<sequence of the change>-<number>", and the ids
-- of the unread ones, a sorted set by sequence.
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
