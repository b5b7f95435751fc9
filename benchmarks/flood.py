"""A manager interface that lets anybody in and then says the same event so many times: ``flood COUNT KIND``.

It is a process of its own, so that it takes nothing from the one that is measured, and prints its port.
"""

from __future__ import annotations

import socket
import sys

KINDS = {
    "small (UserEvent)": (
        "Event: UserEvent\r\nPrivilege: user,all\r\nUserEvent: Said\r\nText: 5 € net\r\n\r\n"
    ),
    "large (VarSet)": (
        "Event: VarSet\r\nPrivilege: dialplan,all\r\nChannel: PJSIP/trunk-00000001\r\nChannelState: 6\r\n"
        "ChannelStateDesc: Up\r\nCallerIDNum: +32475001122\r\nCallerIDName: Café Noir\r\n"
        "ConnectedLineNum: <unknown>\r\nConnectedLineName: <unknown>\r\nLanguage: nl\r\nAccountCode: \r\n"
        "Context: pbxctl-enter-main\r\nExten: 092334455\r\nPriority: 12\r\nUniqueid: 1764057600.1\r\n"
        "Linkedid: 1764057600.1\r\nVariable: PBXCTL_STANDING\r\n"
        "Value: 1|voicemail|closed_day|schedules.office.closed_day|e7971d3dd51e\r\n\r\n"
    ),
}
BOOTED = "Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n"
LAST = "Event: Last\r\n\r\n"


def serve(count: int, kind: str) -> None:
    """Let in one after the other, for ever."""
    flood = (BOOTED + KINDS[kind] * count + LAST).encode()
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            way, _ = server.accept()
            with way:
                way.sendall(b"Asterisk Call Manager/9.0.0\r\n")
                asked = b""
                while b"\r\n\r\n" not in asked:
                    asked += way.recv(65536)
                id_ = next(line for line in asked.decode().split("\r\n") if line.startswith("ActionID: "))
                way.sendall(f"Response: Success\r\n{id_}\r\n\r\n".encode() + flood)
                while way.recv(65536):
                    pass


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
