#!lua flags=allow-oom
-- Purpose   Answers sessions: those of one user without their properties, or a page of all. Writes only a user's round that was lost.
-- Port      SessionStore.of, SessionStore.page
-- KEYS      1 list of all (sorted set)  2 the list to be read (sorted set): of a user, or again of all; and the sessions (hashes) on it, and of
--           their users the list and the round
-- ARGV      1 how keys of sessions begin  2 of lists of users  3 of rounds  4 user, or '' for a page of all  5 cursor  6 how many
-- Returns   {now in ms, next cursor, id and fields and values of each...}
-- Cost      O(sessions answered)
-- include session

session_keys(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
local now = session_now()
local ids, next_cursor = {}, '0'
if ARGV[4] ~= '' then
  ids = redis.call('ZREVRANGE', KEYS[2], 0, -1)
else
  local page = redis.call('ZSCAN', KEYS[2], ARGV[5], 'COUNT', ARGV[6])
  next_cursor = page[1]
  for i = 1, #page[2], 2 do
    table.insert(ids, page[2][i])
  end
end
local answer = { whole(now), next_cursor }
for _, id in ipairs(ids) do
  local session = open_session(id, now)
  if session and (ARGV[4] == '' or session.user == ARGV[4]) then
    table.insert(answer, id)
    if ARGV[4] == '' then
      table.insert(answer, redis.call('HGETALL', session.key))
    else
      table.insert(answer, { 'm', redis.call('HGET', session.key, 'm'), 'u', session.user })
    end
  end
end
return answer
