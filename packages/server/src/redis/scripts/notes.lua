#!lua flags=allow-oom
-- Purpose   Answers a page of what is kept for a user, together with where the user's channel stands.
-- Port      NotificationStore.page
-- KEYS      1 head (string)  2 log (stream)  3 channel (string)  4 notes (stream)  5 unread (sorted set); the realm's slot
-- ARGV      1 fresh epoch  2 channel TTL ms  3 id of the last entry of the page before, or ''  4 most to answer
-- Returns   {"<epoch>-<offset>" of the channel, unread, id of the last entry answered or '' when there are no older ones,
--           then of each: id, body, 1 when it was read or 0}
-- Cost      O(what is answered)
-- include head channel notes

local log_epoch = read_head(KEYS[1], KEYS[2], ARGV[1])
local epoch, offset = touch_channel(KEYS[3], log_epoch, ARGV[1], ARGV[2])
local cursor = string.format('%s-%d', epoch, offset)
drop_old_notes(KEYS[4], KEYS[5])
local limit = tonumber(ARGV[4])
local from = ARGV[3] == '' and '+' or '(' .. ARGV[3]
local entries = redis.call('XREVRANGE', KEYS[4], from, '-', 'COUNT', limit + 1)
local next_place = #entries > limit and entries[limit][1] or ''
local reply = { cursor, redis.call('ZCARD', KEYS[5]), next_place }
local ids = {}
for i = 1, math.min(limit, #entries) do
  ids[i] = entries[i][2][2]
end
local unread = #ids > 0 and redis.call('ZMSCORE', KEYS[5], unpack(ids)) or {}
for i, id in ipairs(ids) do
  table.insert(reply, id)
  table.insert(reply, entries[i][2][4])
  table.insert(reply, unread[i] and 0 or 1)
end
return reply
