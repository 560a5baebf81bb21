#!lua flags=allow-oom
-- Purpose   Reads one session. Writes only a user's round that was lost: hence allow-oom.
-- Port      SessionStore.read
-- KEYS      1 list of all (sorted set)  2 session (hash); and of its user the list (sorted set) and the round (string)
-- ARGV      1 how keys of sessions begin  2 of lists of users  3 of rounds  4 id
-- Returns   {"absent" | "ended"}, or {"here", now in ms, all fields and values of the hash}
-- Cost      O(fields)
-- include session

session_keys(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
local now = session_now()
local session, why = find_session(ARGV[4], now)
if not session then
  return { why }
end
return { 'here', whole(now), redis.call('HGETALL', KEYS[2]) }
