-- What wrk sends: LOAD_PATHS says which paths, between spaces, "%d" standing for 1 to LOAD_COUNT; with LOAD_COUNT=0 each is asked for once.
-- LOAD_PURGE: of how many requests one is a purge, by method (PURGE), as the gateway has it (POST) or as nginx does (GET). LOAD_FIRST: the first number.
local path, count = os.getenv("LOAD_PATH"), tonumber(os.getenv("LOAD_COUNT"))
local purge, how = tonumber(os.getenv("LOAD_PURGE") or "0"), os.getenv("LOAD_PURGE_BY")
local n, sent = tonumber(os.getenv("LOAD_FIRST") or "0"), 0
local gets, purges = {}, {}

local function get(before, number)
    return wrk.format("GET", before .. path:format(number))
end

local function purging(number)
    local target = path:format(number)
    if how == "POST" then
        local url = "http://" .. wrk.headers["Host"] .. target
        return wrk.format("POST", "/purge", { ["Host"] = wrk.headers["Host"], ["X-API-Key"] = os.getenv("LOAD_KEY") }, '{"url":"' .. url .. '"}')
    end
    return how == "GET" and get("/purge", number) or wrk.format("PURGE", target)
end

function init(arguments)
    for number = 1, count do
        gets[number] = get("", number)
        if purge > 0 then
            purges[number] = purging(number)
        end
    end
end

function request()
    n = n + 1
    if count == 0 then
        return get("", n)
    end
    sent = sent + 1
    if purge > 0 and sent % purge == 0 then
        return purges[math.random(count)]
    end
    return gets[n % count + 1]
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format('{"requests":%d,"us":%d,"p50":%d,"p99":%d,"failed":%d,"refused":%d}\n', summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
