#!lua
-- Purpose   Creates a session, or changes one, in one step. A save never creates.
-- Port      SessionStore.create, SessionStore.save
-- KEYS      1 list of all (sorted set)  2 session (hash); and of its users, before and after, the list (sorted set) and the round (string)
-- ARGV      1 how keys of sessions begin  2 of lists of users  3 of rounds  4 id  5 fresh round
--           6 mode: create | foreign | merge | strict | exact  7 base  8 "-" user as it was, "!" nobody, "=id" this one
--           9 idle ms, '' as it was  10 ms to its absolute end, '' as it was  11 most bytes  12 most fields  13 most sessions of a user
--           14 number of fields to set  15.. name and JSON of each, then names of fields to remove
-- Returns   {"absent" | "ended" | "replaced" | "taken"}, {"full", bytes, fields}, {"conflict", version, names...}, or
--           {"done", version, expires at ms, ids beyond the most...}
-- Cost      O(fields named + log(sessions))
-- include session

session_keys(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
local id, mode, base = ARGV[4], ARGV[6], tonumber(ARGV[7])
local now = session_now()
local first_removed = 15 + 2 * tonumber(ARGV[14])
local creates = mode == 'create' or mode == 'foreign'

local function new_session()
  return {
    id = id, key = KEYS[2], round = '', version = 0, created = now, seen = now, idle = 0, ends = 0, bytes = 0, removed = 0,
  }
end

-- The named properties that others have changed since the base. Of one that is not there it is not known when it went: any removal
-- since then may have been its own.
local function changed_since(session)
  local changed = {}
  local function look(name)
    local value = redis.call('HGET', session.key, '=' .. name)
    local version = value and tonumber(string.sub(value, 1, VERSION_DIGITS)) or session.removed
    if version > base then
      table.insert(changed, name)
    end
  end
  for i = 15, first_removed - 1, 2 do
    look(ARGV[i])
  end
  for i = first_removed, #ARGV do
    look(ARGV[i])
  end
  return changed
end

local session, why = open_session(id, now)
if creates and (session or why ~= 'absent') then
  return { session and 'taken' or why == 'replaced' and 'taken' or why }
end
if mode == 'foreign' and string.sub(ARGV[8], 1, 1) == '=' then
  -- Whoever was signed out everywhere was so in sessions of the other store as well.
  if string.sub(redis.call('GET', ROUND .. string.sub(ARGV[8], 2)) or '', 1, 1) == 'e' then
    return { 'ended' }
  end
end
if not creates and not session then
  return { why }
end
if session and session.version ~= base and mode ~= 'merge' then
  local changed = mode == 'strict' and changed_since(session) or {}
  if mode == 'exact' or #changed > 0 then
    return { 'conflict', session.version, unpack(changed) }
  end
end
session = session or new_session()

local bytes = session.bytes
local fields = creates and 0 or redis.call('HLEN', session.key) - 1 - (session.user and 1 or 0)
local function leave(name)
  local length = redis.call('HSTRLEN', session.key, '=' .. name)
  if length > 0 then
    bytes = bytes - (length - VERSION_DIGITS) - #name
    fields = fields - 1
  end
end
for i = 15, first_removed - 1, 2 do
  leave(ARGV[i])
  bytes = bytes + #ARGV[i] + #ARGV[i + 1]
  fields = fields + 1
end
for i = first_removed, #ARGV do
  leave(ARGV[i])
end
if bytes > tonumber(ARGV[11]) or fields > tonumber(ARGV[12]) then
  return { 'full', bytes, fields }
end

session.bytes = bytes
session.seen = now
session.version = session.version + 1
session.idle = ARGV[9] ~= '' and tonumber(ARGV[9]) or session.idle
session.ends = ARGV[10] ~= '' and now + tonumber(ARGV[10]) or session.ends
local user = session.user or nil
if ARGV[8] ~= '-' then
  user = string.sub(ARGV[8], 1, 1) == '=' and string.sub(ARGV[8], 2) or nil
end
if user ~= (session.user or nil) then
  if session.user then
    redis.call('ZREM', USER .. session.user, id)
    redis.call('HDEL', session.key, 'u')
  end
  session.user = user
  session.round = user and round_of(user, ARGV[5]) or ''
  if user then
    redis.call('HSET', session.key, 'u', user)
  end
end
for i = 15, first_removed - 1, 2 do
  redis.call('HSET', session.key, '=' .. ARGV[i], version_text(session.version) .. ARGV[i + 1])
end
for i = first_removed, #ARGV do
  redis.call('HDEL', session.key, '=' .. ARGV[i])
  session.removed = session.version
end
if creates then
  forget_expired(ALL, now)
  if user then
    forget_expired(USER .. user, now)
  end
end
local expires = keep_session(session)
return { 'done', session.version, whole(expires), unpack(beyond_most(session, tonumber(ARGV[13]))) }
