"""Serves a model with llama.cpp's own HTTP server, which the package xllamacpp carries. usage: llama_server.py MODEL [MMPROJ]

Prints the URL, then serves until its standard input ends. One slot and no cache of prompts, so that a reply depends on its
request alone; $LLAMA_KEY is the key that it asks for.
"""

import os
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
if len(sys.argv) > 2:
    params.mmproj.path = sys.argv[2]
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 2048
params.n_parallel = 1
params.cache_prompt = False
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.warmup = False
params.api_keys = [os.environ["LLAMA_KEY"]]
server = xllamacpp.Server(params)  # it serves for as long as this name holds it
print(server.listening_address, flush=True)
sys.stdin.read()
