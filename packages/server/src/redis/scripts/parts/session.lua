-- A session is a hash. `m` holds "<version> <created> <seen> <idle> <ends or 0> <bytes> <version of the last removal> <round>", `u` the user,
-- `n` until when it can be read after it was replaced, and `=name` a property: ten digits of the version it was saved with, and its JSON.
-- One that was ended is a hash with the one field `e`, for as long as nothing may be created under its id.
--
-- SESSION, USER and ROUND are how the keys of sessions, of the lists of users and of their rounds begin; ALL is the list of all. A script
-- learns only from the session whose it is, so it spells those itself; they stand in the realm's slot.
local ALL, SESSION, USER, ROUND
local VERSION_DIGITS = 10
local HOUR_MS = 3600000

local function session_keys(all, session, user, round)
  ALL, SESSION, USER, ROUND = all, session, user, round
end

local function session_now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function whole(number)
  return string.format('%.0f', number)
end

-- Lets a key live until an instant, if it would go before.
local function keep_until(key, at)
  if redis.call('PEXPIRETIME', key) < at then
    redis.call('PEXPIREAT', key, whole(at))
  end
end

local function parse_session(id, meta, user, replaced)
  local version, created, seen, idle, ends, bytes, removed, round =
    string.match(meta, '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%S*)$')
  return {
    id = id, key = SESSION .. id, user = user, round = round, replaced = replaced and tonumber(replaced),
    version = tonumber(version), created = tonumber(created), seen = tonumber(seen), idle = tonumber(idle),
    ends = tonumber(ends), bytes = tonumber(bytes), removed = tonumber(removed),
  }
end

local function expiry_of(session)
  if session.replaced then
    return session.replaced
  end
  local expires = session.seen + session.idle
  return session.ends > 0 and math.min(expires, session.ends) or expires
end

-- Whether it is of its user's present round. A round that was lost is what the sessions on the user's list say: all of them are ended
-- together with it.
local function is_of_round(session)
  if not session.user then
    return true
  end
  local round = redis.call('GET', ROUND .. session.user)
  if round then
    return round == session.round
  end
  if redis.call('ZSCORE', USER .. session.user, session.id) then
    redis.call('SET', ROUND .. session.user, session.round)
    keep_until(ROUND .. session.user, expiry_of(session) + HOUR_MS)
    return true
  end
  return false
end

-- The session of an id, or nil and "absent" or "ended".
local function find_session(id, now)
  local found = redis.call('HMGET', SESSION .. id, 'm', 'u', 'n', 'e')
  if not found[1] then
    return nil, found[4] and 'ended' or 'absent'
  end
  local session = parse_session(id, found[1], found[2], found[3])
  if session.replaced and session.replaced <= now or not is_of_round(session) then
    return nil, 'ended'
  end
  return session
end

-- The same of one that can be written to; nil and "replaced" of one that cannot.
local function open_session(id, now)
  local session, why = find_session(id, now)
  if session and session.replaced then
    return nil, 'replaced'
  end
  return session, why
end

local function forget_expired(list, now)
  local gone = redis.call('ZRANGEBYSCORE', list, '-inf', whole(now), 'LIMIT', 0, 20)
  if #gone > 0 then
    redis.call('ZREM', list, unpack(gone))
  end
end

-- The round of a user: that of the sessions on the list where it was lost, and a fresh one where there are none.
local function round_of(user, fresh)
  local round = redis.call('GET', ROUND .. user)
  if round then
    return round
  end
  for _, id in ipairs(redis.call('ZRANGE', USER .. user, 0, -1)) do
    local found = redis.call('HMGET', SESSION .. id, 'm', 'u')
    if found[1] and found[2] == user then
      round = parse_session(id, found[1], user).round
      break
    end
  end
  round = round or fresh
  redis.call('SET', ROUND .. user, round, 'PX', HOUR_MS)
  return round
end

-- Writes what `m` holds, and puts it on the lists: everything that is to be known of it lives as long as it does.
local function keep_session(session)
  local expires = expiry_of(session)
  local meta = string.format('%.0f %.0f %.0f %.0f %.0f %.0f %.0f %s', session.version, session.created, session.seen,
    session.idle, session.ends, session.bytes, session.removed, session.round)
  redis.call('HSET', session.key, 'm', meta)
  redis.call('PEXPIREAT', session.key, whole(expires))
  redis.call('ZADD', ALL, whole(expires), session.id)
  keep_until(ALL, expires + HOUR_MS)
  if session.user then
    redis.call('ZADD', USER .. session.user, whole(expires), session.id)
    keep_until(USER .. session.user, expires + HOUR_MS)
    keep_until(ROUND .. session.user, expires + HOUR_MS)
  end
  return expires
end

local function unlist_session(session)
  redis.call('ZREM', ALL, session.id)
  if session.user then
    redis.call('ZREM', USER .. session.user, session.id)
  end
end

-- Ends it, whatever is there; answers whether it was alive.
local function end_session(id, now, kept_ms)
  local session = find_session(id, now)
  local found = redis.call('HMGET', SESSION .. id, 'm', 'u')
  if found[1] then
    unlist_session({ id = id, user = found[2] })
  end
  -- Not deleted and written again: while its slot moves to another server, that is refused halfway.
  redis.call('HSET', SESSION .. id, 'e', '1')
  for _, name in ipairs(redis.call('HKEYS', SESSION .. id)) do
    if name ~= 'e' then
      redis.call('HDEL', SESSION .. id, name)
    end
  end
  redis.call('PEXPIRE', SESSION .. id, kept_ms)
  return session and 1 or 0
end

-- Sessions of a user beyond the most, those that expire first, but not this one.
local function beyond_most(session, most)
  local beyond = {}
  if session.user then
    local count = redis.call('ZCARD', USER .. session.user)
    if count > most then
      for _, id in ipairs(redis.call('ZRANGE', USER .. session.user, 0, count - most)) do
        if id ~= session.id and #beyond < count - most then
          table.insert(beyond, id)
        end
      end
    end
  end
  return beyond
end

local function version_text(version)
  return string.format('%0' .. VERSION_DIGITS .. '.0f', version)
end
