"""Files of another kind, given by mistake; each holds a secret."""

from __future__ import annotations

WORD = "hunter2"
"""What each of the files holds, and nobody may see."""

FOREIGN = {
    "a word": "hunter2\n",
    "a key": "hunter2:\n",
    "a key with a value": "hunter2: hunter2\n",
    "a key behind a remark": "# a remark\n\npassword: hunter2\n",
    "an environment": "PASSWORD=hunter2\nTOKEN=hunter2\n",
    "asterisk's manager.conf": "[general]\nenabled = yes\n\n[pbxctl]\nsecret = hunter2\n",
    "a section alone": "[hunter2]\n",
    "a password with a colon": "user: hunter2: x\n",
    "a password that begins like a tag": "!hunter2 x\n",
    "a password that begins like a tag, as a value": "password: !hunter2 x\n",
    "a password that begins like an alias": "*hunter2\n",
    "a password that begins like an alias, as a value": "password: *hunter2\n",
    "a password that begins like an anchor": "&hunter2 x: y\n",
    "a password in a list": "- hunter2\n",
    "a password in a list in brackets": "[hunter2: x, hunter2: y]\n",
    "a key written twice": "hunter2: 1\nhunter2: 2\n",
    "a value that runs on": "hunter2: a\n  b\n",
    "a quote that is not closed": 'hunter2: "a\n',
    "a private key": "-----BEGIN KEY-----\nProc-Type: hunter2\nhunter2hunter2\n-----END KEY-----\n",
    "json": '{"token": "hunter2", "hunter2": 1}\n',
    "a long nest": "hunter2: " + "{hunter2: " * 30 + "}" * 30 + "\n",
    "a second document": "hunter2: 1\n---\nhunter2: 2\n",
    "a byte that is no utf-8": "hunter2: caf\xe9\n",
    "many keys": "".join(f"hunter2-{n}: x\n" for n in range(50)),
}
