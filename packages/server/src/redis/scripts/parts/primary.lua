-- Which server a realm's data is on: `run` is its run id; `at` its host and port, told by a caller who may not use INFO. Answers whether
-- it is another one than at the last time, or whether nobody knows. The two kinds are never compared with each other: a caller of the
-- one kind does not judge what a caller of the other has found.
local function note_primary(primary_key, place)
  local info = redis.pcall('INFO', 'server')
  local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)')
  local field, value = 'run', run
  if not run then
    field, value = 'at', place
  end
  local known = redis.call('HGET', primary_key, field)
  if known == value then
    return false
  end
  local is_first_of_kind = not known and redis.call('EXISTS', primary_key) == 1
  redis.call('HSET', primary_key, field, value)
  return not is_first_of_kind
end

-- Whether a server that stands alone has been started since the last time, and has not got back what it knew from a file of all commands. Of
-- a caller who may not use INFO, nobody knows.
local function note_start(primary_key)
  local info = redis.pcall('INFO', 'server')
  local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)')
  if not run then
    return false
  end
  local known = redis.call('HGET', primary_key, 'run')
  if known == run then
    return false
  end
  redis.call('HSET', primary_key, 'run', run)
  local persistence = redis.call('INFO', 'persistence')
  return known and not string.find(persistence, 'aof_enabled:1', 1, true)
end
