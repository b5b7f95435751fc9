"""A PBX in memory: as real as the contract asks, for rules and random walks."""
