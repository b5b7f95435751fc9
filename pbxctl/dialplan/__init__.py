"""Both PBXs' dialplan as data: parsed, matched and evaluated offline."""
