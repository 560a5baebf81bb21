#!lua flags=no-writes,allow-oom
-- Purpose   Says whether a living incarnation speaks for a user in a channel.
-- Port      PresenceStore.isPresent
-- KEYS      1 leases (sorted set)  2 clock (hash)  3 users (hash); the realm's slot
-- ARGV      1 step ms  2 id of the user
-- Returns   1 or 0
-- Cost      O(incarnations that speak for the user)
-- include presence

local stored = redis.call('HGET', KEYS[3], ARGV[2])
if not stored then
  return 0
end
local at = lease_now(KEYS[2], server_ms(), tonumber(ARGV[1]))
for incarnation in pairs(cjson.decode(stored)) do
  if is_alive(KEYS[1], incarnation, at) then
    return 1
  end
end
return 0
