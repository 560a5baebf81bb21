#!lua flags=allow-oom
-- Purpose   Answers of some channels where each stands and its events after a cursor, all of them, or why that cannot be; together with the
--           log's end. Asking keeps a quiet channel from being forgotten.
-- Port      ChangeLog.history, ChangeLog.subscribe, ChangeLog.cursor
-- KEYS      1 head (string)  2 log (stream)  3.. two per channel: where it stands (string), and its history (stream); the realm's slot
-- ARGV      1 fresh epoch  2 channel TTL ms
--           3.. six per channel: epoch and offset of the cursor, most events, most bytes, most events kept, age kept in ms
-- Returns   {"<epoch>.<seq>" of the log, then for each channel {"<epoch>-<offset>", gap or '', message ...}}
-- Cost      O(channels + events answered)
-- include head channel history

local log_epoch, _, seq = read_head(KEYS[1], KEYS[2], ARGV[1])

local function answer(channel_key, history_key, at)
  local epoch, offset = touch_channel(channel_key, log_epoch, ARGV[1], ARGV[2])
  local cursor = epoch .. '-' .. offset
  if epoch ~= ARGV[at] then
    return { cursor, 'epoch' }
  end
  local missed = offset - tonumber(ARGV[at + 1])
  if missed == 0 then
    return { cursor, '' }
  end
  if missed < 0 then
    return { cursor, 'lost' }
  end
  if missed > tonumber(ARGV[at + 2]) then
    return { cursor, 'overflow' }
  end
  local most = tonumber(ARGV[at + 4])
  local entries = redis.call('XRANGE', history_key, (offset - missed + 1) .. '-0', '+')
  if #entries ~= missed then
    return { cursor, redis.call('XLEN', history_key) >= most and 'trimmed' or 'expired' }
  end
  -- Streams are trimmed by whole nodes.
  if missed > most then
    return { cursor, 'trimmed' }
  end
  local reply = { cursor, '' }
  local bytes = 0
  for i = 1, missed do
    local message = entries[i][2][2]
    reply[i + 2] = message
    bytes = bytes + #message
  end
  if sequence_of(reply[3]) < now_us() - tonumber(ARGV[at + 5]) * 1000 then
    return { cursor, 'expired' }
  end
  if bytes > tonumber(ARGV[at + 3]) then
    return { cursor, 'overflow' }
  end
  return reply
end

local replies = { log_epoch .. '.' .. seq }
for i = 3, #KEYS, 2 do
  replies[#replies + 1] = answer(KEYS[i], KEYS[i + 1], i * 3 - 6)
end
return replies
