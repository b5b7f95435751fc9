"""SIP messages as bytes and as data, each example both ways where it has one spelling only."""

from __future__ import annotations

import pytest

from pbxctl.rehearse.sip.message import (
    MalformedSip,
    Media,
    SipMessage,
    check_lines,
    display_name_of,
    format_message,
    format_sdp,
    name_address,
    parameter,
    parse_message,
    parse_sdp,
    uri_of,
    user_of,
)
from pbxctl.rehearse.sip.transaction import respond

HEADERS = (
    b"Via: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKa\r\n"
    b'From: "Bob \\"B\\"" <sip:+32475@127.0.0.2>;tag=1\r\n'
    b"To: <sip:100@127.0.0.1>\r\n"
    b"Call-ID: c@x\r\n"
    b"CSeq: 7 INVITE\r\n"
)


@pytest.mark.parametrize(
    ("start", "method", "uri", "code", "reason"),
    [
        (b"INVITE sip:100@127.0.0.1:5060 SIP/2.0", "INVITE", "sip:100@127.0.0.1:5060", 0, ""),
        (b"BYE sip:127.0.0.1 SIP/2.0", "BYE", "sip:127.0.0.1", 0, ""),
        (b"SIP/2.0 200 OK", "", "", 200, "OK"),
        (b"SIP/2.0 486 Busy Here", "", "", 486, "Busy Here"),
        (b"SIP/2.0 180 ", "", "", 180, ""),
    ],
)
def test_start_lines_both_ways(start: bytes, method: str, uri: str, code: int, reason: str) -> None:
    datagram = start + b"\r\n" + HEADERS + b"Content-Length: 4\r\n\r\nbody"
    message = parse_message(datagram)
    assert (message.method, message.uri, message.code, message.reason) == (method, uri, code, reason)
    assert (message.cseq, message.call_id, message.branch) == ((7, "INVITE"), "c@x", "z9hG4bKa")
    assert message.body == b"body"
    message.headers.pop()  # Content-Length is worked out anew.
    assert format_message(message) == datagram


@pytest.mark.parametrize(
    ("header", "name", "values"),
    [
        (
            b"v: SIP/2.0/UDP b\r\n",
            "Via",
            ["SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bKa", "SIP/2.0/UDP b"],
        ),
        (b"Record-Route: <sip:a;lr>, <sip:b;lr>\r\n", "record-route", ["<sip:a;lr>", "<sip:b;lr>"]),
        (b"m: <sip:a@b>\r\n", "Contact", ["<sip:a@b>"]),
        (b"X-Long: one\r\n  two\r\n", "x-long", ["one two"]),
        (b"X-Empty:\r\n", "X-Empty", [""]),
        (b"Subject: caf\xc3\xa9\r\n", "subject", ["café"]),
        (b"X-Latin: caf\xe9\r\n", "X-Latin", ["caf\udce9"]),
    ],
)
def test_headers(header: bytes, name: str, values: list[str]) -> None:
    assert parse_message(b"OPTIONS sip:a SIP/2.0\r\n" + HEADERS + header + b"\r\n").all(name) == values


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x00\x01\x02",
        b"GET / HTTP/1.1\r\n\r\n",
        b"INVITE sip:a SIP/2.0\r\n\r\n",
        b"INVITE sip:a SIP/2.0\r\nno colon\r\n\r\n",
        b"SIP/2.0 20 OK\r\n" + HEADERS + b"\r\n",
        b"INVITE sip:a SIP/2.0\r\n" + HEADERS.replace(b"Call-ID: c@x\r\n", b"") + b"\r\n",
    ],
)
def test_what_is_no_message_is_refused(datagram: bytes) -> None:
    with pytest.raises(MalformedSip):
        parse_message(datagram)


def test_any_beginning_of_a_message_is_read_or_refused() -> None:
    whole = b"INVITE sip:a SIP/2.0\r\n" + HEADERS + b"Content-Length: 4\r\n\r\nbody"
    for length in range(len(whole)):
        try:
            parse_message(whole[:length])
        except MalformedSip:
            continue


def test_bytes_leave_as_they_were_given() -> None:
    hostile = b'Bob\xff";x=<\r\nX-Injected: 1'
    message = SipMessage(
        method="INVITE", uri="sip:a", headers=[("From", name_address(hostile, b"sip:b\xfe@c"))]
    )
    assert b"From: " + hostile + b" <sip:b\xfe@c>\r\n" in format_message(message)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\r\nX: y"])
def test_text_with_a_line_end_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="a line end in X-Extra"):
        check_lines(**{"X-Extra": value})
    check_lines(**{"X-Extra": value.encode()})


@pytest.mark.parametrize(
    ("value", "uri", "user", "name", "tag"),
    [
        ("<sip:100@h>;tag=a", "sip:100@h", "100", "", "a"),
        (
            '"A \\"B\\" C" <sip:+32@h:5060;user=phone>;x=1;tag=b',
            "sip:+32@h:5060;user=phone",
            "+32",
            'A "B" C',
            "b",
        ),
        ("Bob <sip:h>", "sip:h", "", "Bob", ""),
        ("sip:100@h;tag=c", "sip:100@h", "100", "", "c"),
        ("<tel:+3292334455>", "tel:+3292334455", "+3292334455", "", ""),
        ('<sip:a;tag=no@h>;tag="d e"', "sip:a;tag=no@h", "a", "", "d e"),
    ],
)
def test_addresses(value: str, uri: str, user: str, name: str, tag: str) -> None:
    assert (uri_of(value), user_of(uri_of(value))) == (uri, user)
    assert (display_name_of(value), parameter(value, "tag")) == (name, tag)


@pytest.mark.parametrize("name", ["", "Bob", 'a "b" \\c', "a, <b>; c", "café €"])
def test_display_names_both_ways(name: str) -> None:
    assert display_name_of(name_address(name, "sip:a@b", "t").decode()) == name


def test_a_response_carries_every_via_and_one_tag() -> None:
    request = parse_message(b"BYE sip:a SIP/2.0\r\n" + HEADERS + b"Via: SIP/2.0/UDP b\r\nX-More: 1\r\n\r\n")
    response = respond(request, 200, "mine")
    assert len(response.all("Via")) == 2
    assert (response.first("To"), response.first("X-More")) == ("<sip:100@127.0.0.1>;tag=mine", "")
    assert respond(response, 200, "other").first("To") == "<sip:100@127.0.0.1>;tag=mine"


def test_our_offer_both_ways() -> None:
    assert parse_sdp(format_sdp("127.0.0.2", 4000, session=1)) == Media(
        "127.0.0.2", 4000, 101, takes_ulaw=True
    )


@pytest.mark.parametrize(
    ("sdp", "media"),
    [
        (
            "c=IN IP4 10.0.0.1\r\nm=audio 4 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000",
            Media("10.0.0.1", 4, 96, takes_ulaw=False),
        ),
        (
            "c=IN IP4 10.0.0.1\nm=audio 4 RTP/AVP 0\nc=IN IP4 10.0.0.2\nm=video 6 RTP/AVP 9\nc=IN IP4 ::",
            Media("10.0.0.2", 4, None, takes_ulaw=True),
        ),
        ("c=IN IP4 10.0.0.1\r\nm=image 4 udptl t38", None),
        ("m=audio 4 RTP/AVP 0", None),
        ("m=audio", None),
        ("", None),
    ],
)
def test_what_others_offer(sdp: str, media: Media | None) -> None:
    assert parse_sdp(sdp.encode()) == media
