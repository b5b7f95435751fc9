"""The simulator and the rendered dialplan on a real Asterisk, held together by random calls."""
