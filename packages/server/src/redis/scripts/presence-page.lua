#!lua flags=allow-oom
-- Purpose   Answers one page of the users in a channel: as they were told, or without what ended incarnations said.
-- Port      PresenceStore.page
-- KEYS      1 leases (sorted set)  2 clock (hash)  3 users (hash)  4 their order (sorted set)  5 version (hash); the realm's slot
-- ARGV      1 step ms  2 fresh epoch  3 TTL ms of the version  4 '1' for a later page  5 the user it begins after  6 most users
--           7 '1' for users as they were told
-- Returns   { version, count, '1' when there is more, last user looked at or '', then three per user: id, state, meta or '' }
-- Cost      O(log(users) + users answered * incarnations of each)
-- include presence

local at = lease_now(KEYS[2], server_ms(), tonumber(ARGV[1]))
touch_version(KEYS[5], ARGV[2], ARGV[3])
local most = tonumber(ARGV[6])
local first = ARGV[4] == '1' and '(' .. ARGV[5] or '-'
local ids = redis.call('ZRANGEBYLEX', KEYS[4], first, '+', 'LIMIT', 0, most + 1)
local more = #ids > most
local living = {}
local function lives(incarnation)
  if living[incarnation] == nil then
    living[incarnation] = is_alive(KEYS[1], incarnation, at)
  end
  return living[incarnation]
end

local reply = { format_version(KEYS[5]), redis.call('HLEN', KEYS[3]), more and '1' or '', ids[math.min(#ids, most)] or '' }
for i = 1, math.min(#ids, most) do
  local stored = redis.call('HGET', KEYS[3], ids[i])
  local state, meta = whole_user(stored and cjson.decode(stored) or {}, ARGV[7] ~= '1' and lives)
  if state then
    reply[#reply + 1] = ids[i]
    reply[#reply + 1] = state
    reply[#reply + 1] = meta
  end
end
if ARGV[4] ~= '1' and not more then
  reply[2] = (#reply - 4) / 3
end
return reply
