#!lua flags=allow-oom
-- Purpose   Begins another round of a user, ends the sessions of the one before but for one, and says so in the log, in one step. An
--           ending must get through when memory is full: hence allow-oom; what it writes is short, and takes the place of more.
-- Port      SessionStore.endAll
-- KEYS      1 head (string)  2 log (stream)  3 mark (string)  4 list of all (sorted set)  5 list of the user (sorted set)  6 round (string)
--           7.. one per tag (string); and the sessions (hashes) on the list
-- ARGV      1 fresh epoch  2 mark  3 mark TTL ms  4 tag TTL ms  5 feed of the log  6 record, see append_record
--           7 how keys of sessions begin  8 of lists of users  9 of rounds  10 ms that an ending is kept  11 user  12 session that stays, or ''
--           13 fresh round  14 ms that a round is kept
-- Returns   {"<epoch>.<seq>" of the record, how many were ended, now in ms}
-- Cost      O(sessions of the user * log(all))
-- include head mark record session

session_keys(KEYS[4], ARGV[7], ARGV[8], ARGV[9])
local epoch, last, last_text = read_head(KEYS[1], KEYS[2], ARGV[1])
raise_mark(KEYS[3], ARGV[2], ARGV[3])
local now = session_now()
local _, seq_text, position = append_record(KEYS[1], KEYS[2], epoch, last, last_text, ARGV[5], ARGV[6])
for i = 7, #KEYS do
  redis.call('SET', KEYS[i], seq_text, 'PX', ARGV[4])
end
local kept = ARGV[12] ~= '' and open_session(ARGV[12], now) or nil
local ended = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  if id ~= ARGV[12] then
    ended = ended + end_session(id, now, ARGV[10])
  end
end
-- The round that begins is the end of every session that the list did not know.
redis.call('SET', KEYS[6], 'e' .. ARGV[13], 'PX', ARGV[14])
if kept and kept.user == ARGV[11] then
  kept.round = 'e' .. ARGV[13]
  keep_session(kept)
end
return { position, ended, whole(now) }
