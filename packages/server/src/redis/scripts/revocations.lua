#!lua flags=allow-oom
-- Purpose   Says what the sets of revocations hold, short enough to be compared, and whether they are whole. Sweeps what has expired, and counts
--           again the sets that do not hold what the ledger says of them: those were lost, or evicted.
-- Port      RevocationStore.state
-- KEYS      1 head (string)  2 log (stream)  3 ledger (hash)  4.. the sets (sorted sets); the realm's slot
-- ARGV      1 fresh epoch  2 how many of the sets are of tokens, the others being of users  3 how long a token, and 4 a user, is kept past
--           its time, ms  5 most to sweep from a set  6 most sets to count again  7 how long after a loss the set counts as whole, ms
--           8 TTL ms of the ledger
-- Returns   {"<epoch>.<seq>" of the log's end, server's time in ms, 1 when the set is whole or 0, then per set "<count> <sum>", or ''
--           when that is not known yet}
-- Cost      O(sets + what is swept or counted again)
-- include head revocations

local epoch, seq = read_head(KEYS[1], KEYS[2], ARGV[1])
local now = server_ms()
local ledger = {}
local fields = redis.call('HGETALL', KEYS[3])
for i = 1, #fields, 2 do
  ledger[fields[i]] = fields[i + 1]
end

local most_swept, most_counted = tonumber(ARGV[5]), tonumber(ARGV[6])
local is_damaged, is_known = false, true
local total = { token = 0, user = 0 }

local function sweep(key, set, cut)
  local old = redis.call('ZRANGE', key, '-inf', string.format('%.0f', cut), 'BYSCORE', 'LIMIT', 0, most_swept, 'WITHSCORES')
  for i = 1, #old, 2 do
    redis.call('ZREM', key, old[i])
    ledger['s' .. set] = tonumber(ledger['s' .. set] or 0) - term_of(old[i], tonumber(old[i + 1]))
  end
  if #old > 0 then
    ledger['c' .. set] = tonumber(ledger['c' .. set] or 0) - #old / 2
    redis.call('HSET', KEYS[3], 'c' .. set, string.format('%.0f', ledger['c' .. set]),
      's' .. set, string.format('%.0f', ledger['s' .. set]))
  end
  return #old / 2 < most_swept
end

-- Reads a whole set to say what it holds.
local function count(key, set)
  local members = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  local sum = 0
  for i = 1, #members, 2 do
    sum = sum + term_of(members[i], tonumber(members[i + 1]))
  end
  ledger['c' .. set], ledger['s' .. set] = #members / 2, sum
  redis.call('HSET', KEYS[3], 'c' .. set, string.format('%.0f', #members / 2), 's' .. set, string.format('%.0f', sum))
end

local reply = { format_position(epoch, seq), string.format('%.0f', now), 0 }
local sets = 0
for i = 4, #KEYS do
  local set = i - 4
  local kind = set < tonumber(ARGV[2]) and 'token' or 'user'
  local size = redis.call('ZCARD', KEYS[i])
  if size == 0 and (ledger['c' .. set] or '0') == '0' then
    reply[i] = '0 0'
  else
    local is_right = size == tonumber(ledger['c' .. set] or 0)
    if not is_right then
      is_damaged = true
      if most_counted > 0 then
        most_counted = most_counted - 1
        count(KEYS[i], set)
        is_right = true
      end
    end
    local is_swept = sweep(KEYS[i], set, now - tonumber(kind == 'token' and ARGV[3] or ARGV[4]))
    size = redis.call('ZCARD', KEYS[i])
    total[kind] = total[kind] + size
    sets = sets + (size > 0 and 1 or 0)
    is_known = is_known and is_right
    reply[i] = is_right and is_swept
      and string.format('%.0f %.0f', tonumber(ledger['c' .. set] or 0), tonumber(ledger['s' .. set] or 0)) or ''
  end
end

local run = run_id()
local is_whole = not is_damaged and is_known and ledger.epoch == epoch and ledger.run == run
if not is_whole then
  local data = epoch .. ' ' .. run
  if is_damaged or ledger.data ~= data or not ledger.since then
    redis.call('HDEL', KEYS[3], 'epoch', 'run')
    redis.call('HSET', KEYS[3], 'data', data, 'since', string.format('%.0f', now))
  elseif is_known and now - tonumber(ledger.since) >= tonumber(ARGV[7]) then
    redis.call('HSET', KEYS[3], 'epoch', epoch, 'run', run)
    is_whole = true
  end
end
redis.call('HSET', KEYS[3], 'token', total.token, 'user', total.user, 'sets', sets)
redis.call('PEXPIRE', KEYS[3], ARGV[8])
reply[3] = is_whole and 1 or 0
return reply
