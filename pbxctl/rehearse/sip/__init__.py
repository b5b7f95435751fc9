"""A SIP user agent of our own: places and takes real calls, records what is heard.

Enough of RFC 3261, 3264, 3550 and 4733 for calls to and from a PBX over UDP; not a judge of
anybody's conformance.
"""
