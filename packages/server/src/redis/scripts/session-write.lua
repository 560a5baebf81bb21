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

-- Nearly every save changes a few properties of a session that is alive, of its user's round, and that stays its user's: that is done
-- without the part, whose functions cost more to make than all of this. Whatever is found to be otherwise is left to the rest.
local MOST_AT_ONCE = 16
local function save_plainly()
  local changes = tonumber(ARGV[14])
  if ARGV[6] ~= 'merge' and ARGV[6] ~= 'strict' or ARGV[8] ~= '-' or ARGV[9] == '' or ARGV[10] ~= ''
    or #ARGV - 14 - changes > MOST_AT_ONCE then
    return nil
  end
  local key, first_removed = KEYS[2], 15 + 2 * changes
  local asked = { 'HMGET', key, 'm', 'u', 'n', 'e' }
  for i = 15, #ARGV do
    if i >= first_removed or i % 2 == 1 then
      asked[#asked + 1] = '=' .. ARGV[i]
    end
  end
  local found = redis.call(unpack(asked))
  local user = found[2]
  if not found[1] or found[3] or found[4] then
    return nil
  end
  local version, created, idle, ends, bytes, removed, round =
    string.match(found[1], '^(%d+) (%d+) %d+ (%d+) (%d+) (%d+) (%d+) (%S*)$')
  if user and redis.call('GET', ARGV[3] .. user) ~= round or ARGV[6] == 'strict' and version ~= ARGV[7] then
    return nil
  end
  version, bytes = version + 1, tonumber(bytes)
  local stamp = string.format('%010.0f', version)
  local written, gone, added = { 'HSET', key, 'm', '' }, { 'HDEL', key }, 0
  local at = 15
  for i = 7, #asked do
    local name, old = asked[i], found[i - 2]
    if old then
      bytes = bytes - #old + #stamp - #name + 1
    end
    if at < first_removed then
      bytes = bytes + #name - 1 + #ARGV[at + 1]
      added = added + (old and 0 or 1)
      written[#written + 1] = name
      written[#written + 1] = stamp .. ARGV[at + 1]
      at = at + 2
    else
      gone[#gone + 1] = name
      removed = version
    end
  end
  if bytes > tonumber(ARGV[11]) or added > 0 and redis.call('HLEN', key) + added > tonumber(ARGV[12]) then
    return nil
  end
  if user and redis.call('ZCARD', ARGV[2] .. user) > tonumber(ARGV[13]) then
    return nil
  end
  local time = redis.call('TIME')
  local now = time[1] .. string.sub(string.format('%06d', time[2]), 1, 3)
  local expires = now + ARGV[9]
  if ends ~= '0' then
    expires = math.min(expires, tonumber(ends))
  end
  local ends_at, kept = string.format('%.0f', expires), expires + 3600000
  written[4] = string.format('%.0f %s %s %s %s %.0f %.0f %s', version, created, now, ARGV[9], ends, bytes, removed, round)
  redis.call(unpack(written))
  if #gone > 2 then
    redis.call(unpack(gone))
  end
  redis.call('PEXPIREAT', key, ends_at)
  redis.call('ZADD', KEYS[1], ends_at, ARGV[4])
  local lists = { KEYS[1] }
  if user then
    redis.call('ZADD', ARGV[2] .. user, ends_at, ARGV[4])
    lists = { KEYS[1], ARGV[2] .. user, ARGV[3] .. user }
  end
  for _, list in ipairs(lists) do
    if redis.call('PEXPIRETIME', list) < kept then
      redis.call('PEXPIREAT', list, string.format('%.0f', kept + 3600000))
    end
  end
  return { 'done', version, ends_at }
end

local saved = save_plainly()
if saved then
  return saved
end

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
