"""From what a PBX holds to what it should hold: changes, safety, switch, and the way back."""
