-- POSTs the same body of BODY_BYTES bytes over and over: built once, so wrk does nothing but send it.
local bytes = tonumber(os.getenv("BODY_BYTES"))
local head = '{"model":"bench-model","max_tokens":1024,"messages":[{"role":"user","content":"'
local tail = '"}]}'

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = head .. string.rep("a", bytes - #head - #tail) .. tail
