#!lua flags=allow-oom
-- Purpose   Writes what one incarnation says of users in one channel, or removes what one that has ended said, and publishes what
--           comes of it. Leaving must get through when memory is full, hence allow-oom; there is no more here than connected users.
-- Port      PresenceStore.write, PresenceStore.reap
-- KEYS      1 leases (sorted set)  2 clock (hash)  3 what the incarnation said (set)  4 users (hash)  5 their order (sorted set)
--           6 version (hash); the realm's slot
-- ARGV      1 incarnation  2 mode: own | ended  3 step ms  4 fresh epoch  5 TTL ms  6 channel  7 pub/sub channel
--           8 most users listed  9.. three per user: id, state or '' for not there, meta or ''
-- Returns   1, or 0 with nothing done: an own incarnation has ended, or one to be removed lives
-- Cost      O(users written * (incarnations of each + log(users)) + subscribers)
-- include presence

local incarnation = ARGV[1]
local alive = is_alive(KEYS[1], incarnation, lease_now(KEYS[2], server_ms(), tonumber(ARGV[3])))
if alive ~= (ARGV[2] == 'own') then
  return 0
end
touch_version(KEYS[6], ARGV[4], ARGV[5])

local moves = { j = {}, l = {}, c = {} }
local moved = 0
local most = tonumber(ARGV[8])
local listed = redis.call('HLEN', KEYS[4]) <= most

local function note(kind, value)
  moved = moved + 1
  table.insert(moves[kind], value)
end

local function write_user(id, state, meta)
  if state == '' then
    redis.call('SREM', KEYS[3], ARGV[6] .. ' ' .. id)
  end
  local stored = redis.call('HGET', KEYS[4], id)
  local record = stored and cjson.decode(stored) or {}
  local said = record[incarnation]
  local unchanged = said and said[1] == state and said[3] == meta
  if unchanged or (not said and state == '') then
    return
  end
  local old_state, old_meta = whole_user(record)
  if state == '' then
    record[incarnation] = nil
  else
    local order = redis.call('HINCRBY', KEYS[6], 'writes', 1)
    record[incarnation] = { state, order, meta }
    redis.call('SADD', KEYS[3], ARGV[6] .. ' ' .. id)
  end
  local new_state, new_meta = whole_user(record)
  if not new_state then
    redis.call('HDEL', KEYS[4], id)
    redis.call('ZREM', KEYS[5], id)
    note('l', id)
    return
  end
  redis.call('HSET', KEYS[4], id, cjson.encode(record))
  redis.call('ZADD', KEYS[5], 0, id)
  if not old_state then
    note('j', { id, new_state, new_meta })
  elseif old_state ~= new_state or old_meta ~= new_meta then
    note('c', { id, new_state, new_meta })
  end
end

for i = 9, #ARGV, 3 do
  write_user(ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
for i = 3, 5 do
  redis.call('PEXPIRE', KEYS[i], ARGV[5])
end
if moved > 0 then
  redis.call('HINCRBY', KEYS[6], 'offset', 1)
  local count = redis.call('HLEN', KEYS[4])
  local step = { v = format_version(KEYS[6]), n = count }
  if listed and count <= most then
    -- An empty table would be written as an object.
    for kind, list in pairs(moves) do
      step[kind] = #list > 0 and list or nil
    end
    step.t = 1
  end
  redis.call('SPUBLISH', ARGV[7], cjson.encode(step))
end
return 1
