"""W2 in SimPy 3 and 4: a process (generator) a session and one for the arrivals, as the library's documentation has it.

Takes the model as JSON (w2-model.ts) and prints a reading (../reading.ts) with what it counted beside it.
"""

import json
import math
import random
import resource
import sys
import time

import simpy


def run(model):
    rng = random.Random(model["seed"])
    expovariate = rng.expovariate
    arrival_rate = model["arrivalsPerSecond"]
    think_rate = 1 / model["thinkMeanSeconds"]
    timeout_seconds = model["timeoutSeconds"]
    cap = math.inf if model["sessionsMax"] is None else model["sessionsMax"]
    warmup, duration = model["warmupSeconds"], model["durationSeconds"]
    log_stay = math.log(1 - 1 / model["requestsMean"])
    env = simpy.Environment()
    timeout = env.timeout
    visits = refused = requests = expired = level = highest = 0
    area = 0.0
    changed_at = warmup

    def session():
        nonlocal level, highest, area, changed_at, requests, expired
        if env.now > changed_at:
            area += level * (env.now - changed_at)
            changed_at = env.now
        level += 1
        if level > highest:
            highest = level
        requests += 1
        for _ in range(int(math.log(1 - rng.random()) / log_stay)):
            think = expovariate(think_rate)
            if think >= timeout_seconds:
                break
            yield timeout(think)
            requests += 1
        yield timeout(timeout_seconds)
        expired += 1
        if env.now > changed_at:
            area += level * (env.now - changed_at)
            changed_at = env.now
        level -= 1

    def arrivals():
        nonlocal visits, refused, requests
        while True:
            yield timeout(expovariate(arrival_rate))
            visits += 1
            if level >= cap:
                refused += 1
                requests += 1
            else:
                env.process(session())

    env.process(arrivals())
    env.run(until=duration)
    area += level * (duration - changed_at)
    return {
        "visits": visits,
        "refused": refused,
        "requests": requests,
        "expired": expired,
        "storedMean": area / (duration - warmup),
        "storedMax": highest,
    }


began = time.perf_counter()
outcome = run(json.loads(sys.argv[1]))
run_ms = (time.perf_counter() - began) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(
    json.dumps(
        {
            "events": outcome["requests"] + outcome["expired"],
            "runMs": run_ms,
            "gcMs": None,
            "arrayBytes": None,
            "sessionsMax": outcome["storedMax"],
            "rssMaxBytes": peak * 1024,
            "outcome": outcome,
        }
    )
)
