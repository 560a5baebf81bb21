#!lua flags=allow-oom
-- Purpose   Takes revocations into the set and puts on the log what is new of them, in one step. A revocation must get through when memory is
--           full: hence allow-oom; their number is bounded.
-- Port      RevocationStore.revoke
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4 ledger (hash)  5.. two per revocation: its set (sorted set), and what
--           stands for the token by itself (string; not used of users), then one per tag (string); the realm's slot
-- ARGV      1 fresh epoch  2 mark  3 mark TTL ms  4 tag TTL ms  5 feed of the log  6 record, see append_record
--           7 number of tags  8 most tokens  9 most users  10 how long a token, and 11 a user, is kept past its time, ms
--           12 '1' when this restores what was lost, else ''  13 TTL ms of the ledger
--           14.. four per revocation: kind (token or user), name, time in ms, number of its set
-- Returns   {"<epoch>.<seq>" of the record or of the log's end, how many are new}, or {"full", how many there are}
-- Cost      O(revocations * log(members of a set) + tags)
-- include head mark record revocations

local LINGER_MS = 3600000

local epoch, last, last_text = read_head(KEYS[1], KEYS[2], ARGV[1])
raise_mark(KEYS[3], ARGV[2], ARGV[3])
local now = server_ms()
local keep = { token = tonumber(ARGV[10]), user = tonumber(ARGV[11]) }

local news = {}
local lines = {}
local added = { token = 0, user = 0 }
local key = 5
for i = 14, #ARGV, 4 do
  local kind, name, at = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  local known = redis.call('ZSCORE', KEYS[key], name)
  if (not known or tonumber(known) < at) and at + keep[kind] > now then
    local one = { kind = kind, name = name, at = at, known = known and tonumber(known), key = key, set = ARGV[i + 3] }
    table.insert(news, one)
    table.insert(lines, string.format('%s %s %.0f', kind, name, at))
    added[kind] = added[kind] + (known and 0 or 1)
  end
  key = key + 2
end
for kind, most in pairs({ token = tonumber(ARGV[8]), user = tonumber(ARGV[9]) }) do
  local size = tonumber(redis.call('HGET', KEYS[4], kind) or '0')
  if added[kind] > 0 and size + added[kind] > most then
    return { 'full', size }
  end
end
if #news == 0 and ARGV[7] == '0' then
  return { epoch .. '.' .. last_text, 0 }
end

local _, seq_text, position = append_record(KEYS[1], KEYS[2], epoch, last, last_text, ARGV[5], ARGV[6] .. table.concat(lines, '\n'))
for i = key, key + tonumber(ARGV[7]) - 1 do
  redis.call('SET', KEYS[i], seq_text, 'PX', ARGV[4])
end
for _, one in ipairs(news) do
  redis.call('ZADD', KEYS[one.key], string.format('%.0f', one.at), one.name)
  local sum = term_of(one.name, one.at)
  if one.known then
    sum = sum - term_of(one.name, one.known)
  else
    redis.call('HINCRBY', KEYS[4], 'c' .. one.set, 1)
    redis.call('HINCRBY', KEYS[4], one.kind, 1)
    if redis.call('ZCARD', KEYS[one.key]) == 1 then
      redis.call('HINCRBY', KEYS[4], 'sets', 1)
    end
  end
  redis.call('HINCRBY', KEYS[4], 's' .. one.set, string.format('%.0f', sum))
  -- Later than the last member is swept: a set that goes by itself looks like one that was lost.
  local gone = one.at + keep[one.kind] + LINGER_MS
  if redis.call('PEXPIRETIME', KEYS[one.key]) < gone then
    redis.call('PEXPIREAT', KEYS[one.key], string.format('%.0f', gone))
  end
  if one.kind == 'token' and one.at > now then
    redis.call('SET', KEYS[one.key + 1], '1', 'PXAT', string.format('%.0f', one.at))
  end
end
if ARGV[12] == '1' then
  -- Whoever waits for the set to be whole again waits for the end of this.
  redis.call('HSET', KEYS[4], 'since', string.format('%.0f', now))
end
redis.call('PEXPIRE', KEYS[4], ARGV[13])
return { position, #news }
