#!lua flags=allow-oom
-- Purpose   Appends one change: record, tags, head, channel offsets and published events, in one step. A change must get
--           through when memory is full, because what it voids is stale: hence allow-oom; everything it writes is bounded.
-- Port      ChangeLog.append
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4.. one per tag (string), then one per channel (string),
--           and after these one per channel for its history (stream), then two per event with a deed: what is kept for its user
--           (stream) and what of that is unread (sorted set), and last the place of the source, if the change is of one (string);
--           all in the realm's slot
-- ARGV      1 fresh epoch  2 mark  3 mark TTL ms  4 tag TTL ms  5 channel TTL ms  6 feed of the log
--           7 epoch and 8 sequence of a position from before the first attempt, '' and 0 when none is known
--           9 change id  10 record, see append_record  11 mode: purge | stale  12 number of tags  13 number of channels
--           14 how many changes this ground has made with this one; 0 when that is not known
--           15 number of the key of the source, 0 without one  16 place that the source must have, '' for none  17 its place from now on
--           18 TTL ms of that
--           19.. seven per event: number of its channel from 1, pub/sub channel, most events kept, age kept in ms, header, body,
--           '' or its deed in JSON: "key", the number of its first key, and "add" (id), "ids" or "upTo" (id)
-- Returns   "<epoch>.<seq>": where the change stands, by this call or by an earlier attempt. Of a source also "repeated <epoch>.<seq>" when it
--           has its place already, and "elsewhere <place>" when it has another one than the change follows on
-- Cost      O(tags + events + subscribers); an attempt at what has probably been made reads the records since the first
-- include head mark record channel tag history notes deeds kept

-- The sequence of a change that stands in the log after a sequence, or nil; then also whether the log still has all that came after it.
local function find_change(log_key, after, change_id)
  local RECORDS_AT_ONCE = 500
  local line = '\n' .. change_id .. '\n'
  local oldest = redis.call('XRANGE', log_key, '-', '+', 'COUNT', 1)[1]
  local is_whole = oldest and tonumber(string.match(oldest[1], '^%d+')) <= tonumber(after)
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
      return nil, is_whole
    end
    after = string.match(records[#records][1], '^%d+')
  end
end

local epoch, last, last_text = read_head(KEYS[1], KEYS[2], ARGV[1])
local source_key = KEYS[tonumber(ARGV[15])]
if source_key then
  local stood, place = string.match(redis.call('GET', source_key) or '', '^(%S+) (.+)$')
  if place == ARGV[17] then
    return 'repeated ' .. stood
  elseif (place or '') ~= ARGV[16] then
    return 'elsewhere ' .. (place or '')
  end
end
local _, made = raise_mark(KEYS[3], ARGV[2], ARGV[3], ARGV[14])
local has_told = false
-- A count that has survived is of this data, whatever its epoch was then.
local is_of_now = ARGV[7] == epoch or (ARGV[7] == '' and ARGV[14] ~= '0')
-- Sequences grow over epochs: what the log holds is found also when the epoch was renewed before the node had heard of it.
if (is_of_now or ARGV[7] ~= '') and made >= tonumber(ARGV[14]) then
  local found, is_whole = find_change(KEYS[2], ARGV[8], ARGV[9])
  if found then
    return epoch .. '.' .. found
  end
  -- Its record has been trimmed. The tags move once more, which harms nobody; its events have been told.
  has_told = is_of_now and not is_whole and ARGV[14] ~= '0'
end

local seq, seq_text, position, now_ms = append_record(KEYS[1], KEYS[2], epoch, last, last_text, ARGV[6], ARGV[10])
if source_key then
  redis.call('SET', source_key, position .. ' ' .. ARGV[17], 'PX', ARGV[18])
end
local first_channel = 3 + tonumber(ARGV[12])
for i = 4, first_channel do
  -- Of a tag that is not known, nobody can say when it was purged: a soft move of it is a purge.
  local purged = ARGV[11] == 'stale' and read_moves(KEYS[i])
  if purged then
    -- Entries that are stale now may be kept longer than tags are by themselves: the tag stays known as long as it was.
    redis.call('SET', KEYS[i], string.format('%d %s', purged, seq_text), 'KEEPTTL')
    redis.call('PEXPIRE', KEYS[i], ARGV[4], 'GT')
  elseif not redis.call('SET', KEYS[i], seq_text, 'XX', 'KEEPTTL') then
    -- One that is known is so as long as any of its entries lives, and whoever stores another sees to that.
    redis.call('SET', KEYS[i], seq_text, 'PX', ARGV[4])
  end
end

if has_told then
  return position
end
local channels = tonumber(ARGV[13])
for i = 19, #ARGV, 7 do
  local channel_key = KEYS[first_channel + ARGV[i]]
  local channel_epoch, offset, until_text = read_channel(channel_key, epoch, ARGV[1])
  offset = offset + 1
  local offset_text = offset .. ''
  local age_ms = tonumber(ARGV[i + 3])
  -- Times to live are renewed now and then instead of with each event, for long enough.
  local ttl_ms = tonumber(until_text) - now_ms
  local is_due = ttl_ms < age_ms or ttl_ms > age_ms + MOST_RENEWED_MS
  if is_due then
    ttl_ms = age_ms + math.max(LEAST_RENEWED_MS, math.min(MOST_RENEWED_MS, age_ms))
    until_text = string.format('%d', now_ms + ttl_ms)
  end
  write_channel(channel_key, epoch .. ' ' .. channel_epoch .. ' ' .. offset_text .. ' ' .. until_text, is_due and ARGV[5])
  local body = ARGV[i + 5]
  if ARGV[i + 6] ~= '' then
    local deed = cjson.decode(ARGV[i + 6])
    local unread = apply_note(KEYS[deed.key], KEYS[deed.key + 1], deed, seq, body)
    body = string.format('{"unread":%d,', unread) .. string.sub(body, 2)
  end
  local message = position .. ' ' .. channel_epoch .. '-' .. offset_text .. ' ' .. ARGV[i + 4] .. '\n' .. body
  local history_key = KEYS[first_channel + channels + ARGV[i]]
  if offset == 1 then
    -- The first of an epoch: what is there is of another.
    empty_history(history_key)
  end
  if ARGV[i + 2] ~= '0' then
    keep_event(history_key, offset_text .. '-0', message, ARGV[i + 2], ttl_ms, is_due)
    if offset % TRIM_EVERY == 0 then
      drop_old(history_key, seq - age_ms * 1000)
    end
  end
  redis.call('SPUBLISH', ARGV[i + 1], message)
end
return position
