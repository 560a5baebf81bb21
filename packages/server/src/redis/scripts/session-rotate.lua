#!lua
-- Purpose   Gives a session another id, in one step: creates the new one, closes the old one, and says so in the log.
-- Port      SessionStore.rotate
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4 list of all (sorted set)  5 old session (hash)  6 new session (hash)
--           7.. one per tag (string); and of the users, before and after, the list (sorted set) and the round (string)
-- ARGV      1 fresh epoch  2 mark  3 mark TTL ms  4 tag TTL ms  5 feed of the log  6 record, see append_record
--           7 how keys of sessions begin  8 of lists of users  9 of rounds  10 old id  11 new id  12 fresh round
--           13 '1' to carry the old one's fields, else ''  14 "-" user as it was, "!" nobody, "=id" this one  15 idle ms, '' as it was
--           16 ms to its absolute end, '' as it was  17 most bytes  18 most fields  19 most sessions of a user
--           20 ms that the old one can be read  21 ms that an ending is kept
--           22 number of fields to set  23.. name and JSON of each, then names of fields that are not carried
-- Returns   {"absent" | "ended" | "replaced" | "taken"}, {"full", bytes, fields}, or
--           {"done", version, expires at ms, "<epoch>.<seq>" of the record, ids beyond the most...}
-- Cost      O(fields + log(sessions))
-- include head mark record session

session_keys(KEYS[4], ARGV[7], ARGV[8], ARGV[9])
local now = session_now()
local old, why = open_session(ARGV[10], now)
if not old then
  return { why }
end
if redis.call('EXISTS', KEYS[6]) == 1 then
  return { 'taken' }
end

local values = {}
if ARGV[13] == '1' then
  local all = redis.call('HGETALL', KEYS[5])
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 1) == '=' then
      values[string.sub(all[i], 2)] = string.sub(all[i + 1], VERSION_DIGITS + 1)
    end
  end
end
local first_removed = 23 + 2 * tonumber(ARGV[22])
for i = first_removed, #ARGV do
  values[ARGV[i]] = nil
end
for i = 23, first_removed - 1, 2 do
  values[ARGV[i]] = ARGV[i + 1]
end
local bytes, fields = 0, 0
for name, json in pairs(values) do
  bytes = bytes + #name + #json
  fields = fields + 1
end
if bytes > tonumber(ARGV[17]) or fields > tonumber(ARGV[18]) then
  return { 'full', bytes, fields }
end

local epoch, last, last_text = read_head(KEYS[1], KEYS[2], ARGV[1])
raise_mark(KEYS[3], ARGV[2], ARGV[3])
local _, seq_text, position = append_record(KEYS[1], KEYS[2], epoch, last, last_text, ARGV[5], ARGV[6])
for i = 7, #KEYS do
  redis.call('SET', KEYS[i], seq_text, 'PX', ARGV[4])
end
local user = old.user or nil
if ARGV[14] ~= '-' then
  user = string.sub(ARGV[14], 1, 1) == '=' and string.sub(ARGV[14], 2) or nil
end
local session = {
  id = ARGV[11], key = KEYS[6], user = user, version = 1, created = now, seen = now, bytes = bytes, removed = 0,
  idle = ARGV[15] ~= '' and tonumber(ARGV[15]) or old.idle,
  ends = ARGV[16] ~= '' and now + tonumber(ARGV[16]) or old.ends,
  round = user and round_of(user, ARGV[12]) or '',
}
for name, json in pairs(values) do
  redis.call('HSET', KEYS[6], '=' .. name, version_text(1) .. json)
end
if user then
  redis.call('HSET', KEYS[6], 'u', user)
  forget_expired(USER .. user, now)
end
local readable = math.min(expiry_of(old), now + tonumber(ARGV[20]))
unlist_session(old)
redis.call('HSET', KEYS[5], 'n', whole(readable))
redis.call('PEXPIRE', KEYS[5], ARGV[21])
local expires = keep_session(session)
return { 'done', 1, whole(expires), position, unpack(beyond_most(session, tonumber(ARGV[19]))) }
