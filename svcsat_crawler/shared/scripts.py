"""What Redis does in one step each (Lua), so that a worker killed at any moment leaves nothing half done.

Keys of one crawl, all under its name: itself (a hash: who leads, whether it is over), ``workers`` (until
when each is taken for alive, in ms of Redis' clock), ``queue`` (ids of requests that wait), ``bodies``
(all requests that are not done, by id), ``seen`` (ids ever asked for), ``reports`` (what workers that have
ended leave to the leader), ``texts`` (see dedup.py), and ``held:WORKER``: ids that a worker has taken.

A request is in ``bodies`` from the push until it is done, and in exactly one of ``queue`` and ``held:…``.
"""

KEYS = ("workers", "queue", "bodies", "seen", "reports", "texts")

_COMMON = """
local crawl, workers, queue, bodies, seen, reports, texts = unpack(KEYS)
local me = ARGV[1]

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function held(worker) return crawl .. ':held:' .. worker end

local function give_back(worker)
  for _, id in ipairs(redis.call('SMEMBERS', held(worker))) do redis.call('LPUSH', queue, id) end
  redis.call('DEL', held(worker))
end

local function reap()
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', workers, '-inf', now())) do
    give_back(gone)
    redis.call('ZREM', workers, gone)
  end
end

local function stay(lease)
  redis.call('ZADD', workers, now() + lease, me)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 86400000) end
  redis.call('PEXPIRE', held(me), 86400000)
end

local function leader()
  local found = redis.call('HGET', crawl, 'leader')
  return found and redis.call('ZSCORE', workers, found) and found
end

local function lead()
  if redis.call('HEXISTS', crawl, 'over') == 1 then return 0 end
  if leader() and leader() ~= me then return 0 end
  redis.call('HSET', crawl, 'leader', me)
  return 1
end

local function out() return not redis.call('ZSCORE', workers, me) end
local lost = redis.error_reply('LOST')
"""

# ARGV: worker, lease in ms.  Without anybody at work what is left of an earlier crawl goes: the store
# tells the rest.  Returns whether this worker leads.
JOIN = (
    _COMMON
    + """
reap()
if redis.call('ZCARD', workers) == 0 then redis.call('DEL', unpack(KEYS)) end
stay(tonumber(ARGV[2]))
return lead()
"""
)

# ARGV: worker, lease in ms.  Takes the requests of dead workers back.
# Returns over, requests not done, workers, whether somebody leads.
BEAT = (
    _COMMON
    + """
if out() then return lost end
stay(tonumber(ARGV[2]))
reap()
return {redis.call('HEXISTS', crawl, 'over'), redis.call('HLEN', bodies), redis.call('ZCARD', workers),
        leader() and 1 or 0}
"""
)

# ARGV: worker.  Returns whether this worker leads from now on.
LEAD = (
    _COMMON
    + """
if out() then return lost end
return lead()
"""
)

# ARGV: worker, id, body.  Returns whether it is new to this crawl.
PUSH = (
    _COMMON
    + """
if out() then return lost end
if redis.call('SADD', seen, ARGV[2]) == 0 then return 0 end
redis.call('HSET', bodies, ARGV[2], ARGV[3])
return redis.call('RPUSH', queue, ARGV[2])
"""
)

# ARGV: worker.  Returns id, body and how many wait behind it; nothing when none does.
POP = (
    _COMMON
    + """
if out() then return lost end
local id = redis.call('LPOP', queue)
if not id then return {} end
redis.call('SADD', held(me), id)
return {id, redis.call('HGET', bodies, id), redis.call('LLEN', queue)}
"""
)

# ARGV: worker, ids.  What has been given to another worker meanwhile is that one's.
DONE = (
    _COMMON
    + """
for place = 2, #ARGV do
  if redis.call('SREM', held(me), ARGV[place]) == 1 then redis.call('HDEL', bodies, ARGV[place]) end
end
"""
)

# ARGV: worker.
GIVE_BACK = (
    _COMMON
    + """
give_back(me)
"""
)

# ARGV: worker.  The last one takes everything along.
LEAVE = (
    _COMMON
    + """
give_back(me)
redis.call('ZREM', workers, me)
if redis.call('ZCARD', workers) == 0 then redis.call('DEL', unpack(KEYS)) end
"""
)
