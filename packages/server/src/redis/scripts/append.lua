#!lua flags=allow-oom
-- Purpose   Appends one change: record, tags, head, channel offsets and published events, in one step. A change must get
--           through when memory is full, because what it voids is stale: hence allow-oom; everything it writes is bounded.
-- Port      ChangeLog.append
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4.. one per tag (string), then one per channel (string),
--           and after these one per channel for its history (stream), then two per event with a deed: what is kept for its user
--           (stream) and what of that is unread (sorted set); all in the realm's slot
-- ARGV      1 fresh epoch  2 mark  3 mark TTL ms  4 tag TTL ms  5 channel TTL ms  6 feed of the log
--           7 epoch and 8 sequence before the first attempt, '' and 0 when this is the first
--           9 change id  10 record, see append_record  11 mode: purge | stale  12 number of tags  13 number of channels
--           14.. seven per event: number of its channel from 1, pub/sub channel, most events kept, age kept in ms, JSON header, body,
--           '' or its deed in JSON: "key", the number of its first key, and "add" (id), "ids" or "upTo" (id)
-- Returns   "<epoch>.<seq>": where the change stands, by this call or by an earlier attempt
-- Cost      O(tags + events + subscribers); a retry reads the records since its first attempt
-- include head mark record channel tag history notes deeds

-- The sequence of a change that stands in the log after a sequence, or nil.
local function find_change(log_key, after, change_id)
  local RECORDS_AT_ONCE = 500
  local line = '\n' .. change_id .. '\n'
  while true do
    local records = redis.call('XRANGE', log_key, '(' .. after .. '-0', '+', 'COUNT', RECORDS_AT_ONCE)
    for _, record in ipairs(records) do
      local text = record[2][2]
      -- The id is the second line.
      local at = string.find(text, line, 1, true)
      if at and at == string.find(text, '\n', 1, true) then
        return string.match(record[1], '^%d+')
      end
    end
    if #records < RECORDS_AT_ONCE then
      return nil
    end
    after = string.match(records[#records][1], '^%d+')
  end
end

local epoch, last, last_text = read_head(KEYS[1], KEYS[2], ARGV[1])
raise_mark(KEYS[3], ARGV[2], ARGV[3])
if ARGV[7] == epoch then
  local found = find_change(KEYS[2], ARGV[8], ARGV[9])
  if found then
    return epoch .. '.' .. found
  end
end

local seq, seq_text, position = append_record(KEYS[1], KEYS[2], epoch, last, last_text, ARGV[6], ARGV[10])
local first_channel = 3 + tonumber(ARGV[12])
for i = 4, first_channel do
  -- Of a tag that is not known, nobody can say when it was purged: a soft move of it is a purge.
  local purged = ARGV[11] == 'stale' and read_moves(KEYS[i])
  if purged then
    -- Entries that are stale now may be kept longer than tags are by themselves: the tag stays known as long as it was.
    redis.call('SET', KEYS[i], string.format('%d %s', purged, seq_text), 'KEEPTTL')
    redis.call('PEXPIRE', KEYS[i], ARGV[4], 'GT')
  else
    redis.call('SET', KEYS[i], seq_text, 'PX', ARGV[4])
  end
end

local channels = tonumber(ARGV[13])
for i = 14, #ARGV, 7 do
  local number = tonumber(ARGV[i])
  local channel_key = KEYS[first_channel + number]
  local channel = read_channel(channel_key, epoch, ARGV[1], ARGV[5])
  channel.offset = channel.offset + 1
  write_channel(channel_key, epoch, channel)
  local place = string.format('{"position":"%s","cursor":"%s-%d",', position, channel.epoch, channel.offset)
  local body = ARGV[i + 5]
  if ARGV[i + 6] ~= '' then
    local deed = cjson.decode(ARGV[i + 6])
    local unread = apply_note(KEYS[deed.key], KEYS[deed.key + 1], deed, seq, body)
    body = string.format('{"unread":%d,', unread) .. string.sub(body, 2)
  end
  local message = place .. string.sub(ARGV[i + 4], 2) .. '\n' .. body
  keep_event(KEYS[first_channel + channels + number], channel.offset, message, seq, ARGV[i + 2], ARGV[i + 3])
  redis.call('SPUBLISH', ARGV[i + 1], message)
end
return position
