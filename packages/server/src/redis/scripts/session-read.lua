#!lua flags=allow-oom
-- Purpose   Reads one session. Writes only a user's round that was lost: hence allow-oom.
-- Port      SessionStore.read
-- KEYS      1 list of all (sorted set)  2 session (hash); and of its user the list (sorted set) and the round (string)
-- ARGV      1 how keys of sessions begin  2 of lists of users  3 of rounds  4 id
-- Returns   {"absent" | "ended"}, or {"here", now in ms, all fields and values of the hash}
-- Cost      O(fields)

-- Nearly every read is of a session that is alive and of its user's round: that is seen without the part, whose functions cost more to
-- make than all of this.
local fields = redis.call('HGETALL', KEYS[2])
local meta, user, other
for i = 1, #fields, 2 do
  local name = fields[i]
  if name == 'm' then
    meta = fields[i + 1]
  elseif name == 'u' then
    user = fields[i + 1]
  elseif name == 'n' or name == 'e' then
    other = true
  end
end
if not meta and not other then
  return { 'absent' }
end
if meta and not other and (not user or redis.call('GET', ARGV[3] .. user) == string.match(meta, ' (%S*)$', -40)) then
  local time = redis.call('TIME')
  return { 'here', time[1] .. string.sub(string.format('%06d', time[2]), 1, 3), fields }
end

-- include session

session_keys(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
local now = session_now()
local session, why = find_session(ARGV[4], now)
if not session then
  return { why }
end
return { 'here', whole(now), redis.call('HGETALL', KEYS[2]) }
