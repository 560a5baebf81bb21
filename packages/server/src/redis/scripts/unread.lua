#!lua flags=allow-oom
-- Purpose   Answers how many notifications of a user are unread.
-- Port      NotificationStore.unread
-- KEYS      1 notes (stream)  2 unread (sorted set); the realm's slot
-- ARGV      none
-- Returns   the number
-- Cost      O(1), and what has grown too old since
-- include head notes

drop_old_notes(KEYS[1], KEYS[2])
return redis.call('ZCARD', KEYS[2])
