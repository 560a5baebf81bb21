#!lua flags=allow-oom
-- Purpose   Answers the events of a channel after a cursor, all of them, or why that cannot be.
-- Port      ChangeLog.history
-- KEYS      1 head (string)  2 log (stream)  3 channel (string)  4 history (stream); the realm's slot
-- ARGV      1 fresh epoch  2 channel TTL ms  3 epoch and 4 offset of the cursor  5 most events  6 most bytes
--           7 most events kept  8 age kept in ms
-- Returns   {"<epoch>.<seq>" of the log, "<epoch>-<offset>" of the channel, gap or '', message ...}
-- Cost      O(events answered)
-- include head channel history

local log_epoch, seq = read_head(KEYS[1], KEYS[2], ARGV[1])
local epoch, offset = touch_channel(KEYS[3], log_epoch, ARGV[1], ARGV[2])
local after = tonumber(ARGV[4])

local function answer(gap, messages)
  local reply = { format_position(log_epoch, seq), string.format('%s-%d', epoch, offset), gap }
  for i, message in ipairs(messages) do
    reply[i + 3] = message
  end
  return reply
end

if epoch ~= ARGV[3] then
  return answer('epoch', {})
end
if after > offset then
  return answer('lost', {})
end
if after == offset then
  return answer('', {})
end
if offset - after > tonumber(ARGV[5]) then
  return answer('overflow', {})
end
local entries = redis.call('XRANGE', KEYS[4], string.format('%d-0', after + 1), '+')
if #entries ~= offset - after then
  return answer(redis.call('XLEN', KEYS[4]) >= tonumber(ARGV[7]) and 'trimmed' or 'expired', {})
end
if offset - after > tonumber(ARGV[7]) then
  return answer('trimmed', {})
end
local messages = {}
local bytes = 0
for i, entry in ipairs(entries) do
  messages[i] = entry[2][2]
  bytes = bytes + #messages[i]
end
if sequence_of(messages[1]) < now_us() - tonumber(ARGV[8]) * 1000 then
  return answer('expired', {})
end
if bytes > tonumber(ARGV[6]) then
  return answer('overflow', {})
end
return answer('', messages)
