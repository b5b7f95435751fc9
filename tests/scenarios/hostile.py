"""What callers call themselves who mean harm, as the bytes of a SIP message."""

from __future__ import annotations

RIGHT_TO_LEFT = "\u202e\u200f"

NAMES: dict[str, bytes] = {
    "comma": b'"a,b,c"',
    "function": b'"${SHELL(touch FILE)}"',
    "expression": b'"$[1/0]"',
    "semicolon": b'"a;b ;-- c"',
    "quotes": rb'"a\"b\"\"c"',
    "apostrophes": b"\"it's 'quoted'\"",
    "backslashes": rb'"a\\b\\,\\n"',
    "closing brackets": b'")]})]}"',
    "opening brackets": b'"(((({[${"',
    "bar": b'"1|decided|ordinary|x|y|z"',
    "ampersand": b'"a&b&Local/s@x"',
    "newline escaped": rb'"a\nb"',
    "tab": b'"a\tb"',
    "control bytes": b'"a\x01\x02\x1b[31m\x7fb"',
    "ten kilobytes": b'"' + b"A" * 10_000 + b'"',
    "right to left": f'"abc{RIGHT_TO_LEFT}def"'.encode(),
    "no UTF-8": b'"\xff\xfe\xc3\x28"',
    "empty": b'""',
}

NUMBERS: dict[str, bytes] = {
    "comma": b"0470,1,2",
    "function": b"$%7bSHELL(touch%20FILE)%7d",
    "expression": b"$%5b1/0%5d",
    "semicolon": b"0470%3b1",
    "quotes": b"%220470%22",
    "backslash": b"0470%5c1",
    "closing bracket": b"0470)1",
    "closing brackets": b"0470%5d%7d)",
    "opening bracket": b"0470(1",
    "bar": b"0470%7c1%7c2",
    "the end of a function, and a length": b"0470)%3a0%3a3",
    "the end of a function, and an offset": b"%22)%3a1",
    "ampersand": b"0470&1",
    "control bytes": b"0470%01%1b1",
    "newline": b"0470%0a1",
    "NUL": b"0470%001",
    "ten kilobytes": b"4" * 10_000,
    "two hundred digits": b"123456789%30" * 20,
    "right to left": b"0470%e2%80%ae1",
    "no UTF-8": b"0470%ff%fe1",
    "plus alone": b"+",
    "our own number": b"+3292001100",
}

UNREADABLE: dict[str, bytes] = {
    "line end in the name": b'"a"\r\nX: " <sip:0470123456@127.0.0.2>',
    "function in the number": b"<sip:${SHELL(touch+FILE)}@127.0.0.2>",
    "right to left in the number": f"<sip:0470{RIGHT_TO_LEFT}@127.0.0.2>".encode(),
    "no address": b"nobody",
    "brackets": b"<<<>>>",
}
"""Values of From by which a message is no SIP message at all."""

NUMBERS_DIALLED: dict[str, bytes] = {
    "function": b"%24%7bSHELL(touch%20FILE)%7d",
    "digits and a function": b"0470$%7bSHELL(touch%20FILE)%7d",
    "comma": b"0470,1,2",
    "brackets": b"0470)%5d%7d(",
    "bar": b"0470%7c1%7cmisrouted",
    "the end of a function, and a length": b"0470)%3a0%3a3",
    "semicolon": b"0470%3b1",
    "pattern": b"_X.",
    "a context's name": b"s",
    "no UTF-8": b"0470%ff1",
    "thousand digits": b"1" * 1000,
    "plus alone": b"+",
}
"""What was dialled, and no route has."""

MOMENTS: dict[str, bytes] = {
    "function": b"${SHELL(touch FILE)}",
    "brackets": b")]}({[",
    "words": b"tomorrow",
    "nothing": b"",
    "long": b"9" * 500,
    "negative": b"-1",
    "comma": b"1578481200,s,1)",
}
