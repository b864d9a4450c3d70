"""`make faults`: real servers and processes, broken by a seed while a round runs, and what must hold all the same.

    python -m tests.faults [--seed N] [--only kills,races] [--small]

A family is a module `tests.faults.<name>` with

    def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally

named in `FAMILIES` of `__main__`; the families run one after the other, each with a generator of its own that depends
on the seed and its name alone. `small` asks for a few seconds instead of minutes. A family

- begins with `stage.fresh_database()` (empty tables, about 0.2 s; call it again whenever it likes) and arranges its
  world with `tests.factories` in this process, whose Django looks at the same database;
- starts what it needs: `stage.start_web()` (then `stage.address`), `stage.start_worker()`, `start_closer`,
  `start_beat`, each any number of times, also with a checkpoint (`config.kernel.checkpoints`) or other environment;
  `__main__` ends them;
- breaks things: `stage.kill(program)`, `kill_child`, `restart_database`, `kill_broker` and `start_broker`,
  `freeze_broker`, `flush_broker`. The stage counts these faults; a family adds to `Tally.faults` only what it makes by
  itself. Everything may be called from any thread. After a database restart each thread's connection is dead:
  `stage.patiently(call)` opens another and tries again;
- writes down what clients asked and heard in a `Book` (`tests.faults.book`, safe for threads; key → request, answer);
- asks `invariants.broken(window_ids, book=…)` for a list of sentences, empty if all is well, and puts it into
  `Tally.violations`; `settled=False` while background work may still be going on;
- runs each of its checks once more where it must fail (a lock taken away, damaged data) and notes in `Tally.controls`
  whether it failed as it should.

`main` writes var/faults/results.json and returns 1 if anything was violated or a control passed.
"""
