-- Gives a lease back. One that has ended or passed on to somebody else is left alone.
local function give_back(lease_key, owner)
  if owner ~= '' and redis.call('GET', lease_key) == owner then
    redis.call('DEL', lease_key)
    return 1
  end
  return 0
end
