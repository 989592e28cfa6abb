"""AWS's permissions, enforced on every request to the emulator and on its services' calls for others.

A request comes to the gate (`gate.py`), which determines the caller (`principals.py`) and the call (`calls.py`). The
table (`table/`) says which actions on which resources that needs; the engine (`engine.py`) gathers the policies that
apply and asks the simulator (`simulator.py`), which is @cloud-copilot/iam-simulate in a separate process.
"""
