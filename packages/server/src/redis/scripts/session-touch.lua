#!lua flags=allow-oom
-- Purpose   Begins the idle time of a session anew, unless that was so a short while ago. What it writes is as long as what was there: hence
--           allow-oom.
-- Port      SessionStore.touch
-- KEYS      1 list of all (sorted set)  2 session (hash); and of its user the list (sorted set) and the round (string)
-- ARGV      1 how keys of sessions begin  2 of lists of users  3 of rounds  4 id  5 idle ms  6 ms that may pass until a touch is written
-- Returns   {"absent" | "ended" | "replaced"}, or {"alive", seen at ms, expires at ms, now in ms}
-- Cost      O(log(sessions))
-- include session

session_keys(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
local now, idle = session_now(), tonumber(ARGV[5])
local session, why = open_session(ARGV[4], now)
if not session then
  return { why }
end
if session.idle ~= idle or now - session.seen >= tonumber(ARGV[6]) then
  session.idle = idle
  session.seen = now
  keep_session(session)
end
return { 'alive', whole(session.seen), whole(expiry_of(session)), whole(now) }
