-- Stores a value that was admitted, unless one whose load began later is there, and gives the lease back. `value` holds the stamp as epoch
-- and seq, owner of the lease, id, ttl and keep in ms, tags as lines, and bytes. Answers "stored" | "superseded".
local function store_entry(entry_key, lease_key, value)
  give_back(lease_key, value.owner)
  local _, epoch, seq = read_entry_head(entry_key)
  if epoch == value.epoch and tonumber(seq) > tonumber(value.seq) then
    return 'superseded'
  end
  local now_ms = math.floor(now_us() / 1000)
  local header = string.format('2 %s %s.%s %.0f %s %.0f %d\n', value.id, value.epoch, value.seq,
    now_ms + tonumber(value.ttl), value.ttl, now_ms + tonumber(value.keep), #value.tags)
  redis.call('SET', entry_key, header .. value.tags .. value.bytes, 'PX', value.keep)
  return 'stored'
end
