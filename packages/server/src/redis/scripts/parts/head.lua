-- The head of a realm's log: the text "<epoch>.<seq>". Sequences are microseconds and stay below 2^53, so that a Lua
-- number holds them exactly; they are written with "%d", never with Lua's own rounding form.

local function now_us()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function format_position(epoch, seq)
  return string.format('%s.%d', epoch, seq)
end

local function write_head(head_key, epoch, seq)
  redis.call('SET', head_key, format_position(epoch, seq))
end

-- Answers epoch and sequence of the log's end, the sequence also as text. Without a head (the realm is new, or lost its data) it
-- starts an epoch, past whatever the log still holds.
local function read_head(head_key, log_key, fresh_epoch)
  local epoch, seq = string.match(redis.call('GET', head_key) or '', '^(%w+)%.(%d+)$')
  if epoch then
    return epoch, tonumber(seq), seq
  end
  local first = now_us()
  local last = redis.call('XREVRANGE', log_key, '+', '-', 'COUNT', 1)[1]
  if last then
    first = math.max(first, tonumber(string.match(last[1], '^%d+')) + 1)
  end
  write_head(head_key, fresh_epoch, first)
  return fresh_epoch, first, string.format('%d', first)
end

local function renew_epoch(head_key, fresh_epoch, seq)
  local next_seq = math.max(seq + 1, now_us())
  write_head(head_key, fresh_epoch, next_seq)
  return fresh_epoch, next_seq
end
