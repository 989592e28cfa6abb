"""AWS's permissions, enforced on every request that the emulator gets and on what its services do for others.

A request comes to the gate (`gate.py`), which finds out who calls (`principals.py`) and what (`calls.py`). The table
(`table/`) says which actions on which resources that takes; the engine (`engine.py`) gathers the policies that bear on
it and asks the simulator (`simulator.py`), which is @cloud-copilot/iam-simulate in a process of its own.
"""
