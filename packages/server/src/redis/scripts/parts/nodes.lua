-- Forgets the nodes whose registration has ended, and answers the server's time in milliseconds.
local function drop_dead_nodes(nodes_key, acks_key)
  local now_ms = math.floor(now_us() / 1000)
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', nodes_key, '-inf', now_ms)) do
    redis.call('ZREM', nodes_key, node)
    redis.call('HDEL', acks_key, node)
  end
  return now_ms
end
