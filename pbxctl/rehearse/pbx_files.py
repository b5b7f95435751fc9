"""The configuration of a private Asterisk, but for its dialplan and mailboxes.

Around it stand a trunk (the provider, at 127.0.0.2), desk phones (at 127.0.0.3, told apart by
the user in From) and the rehearsal's own line (at 127.0.0.4). Each has an address of its own,
since an ``identify`` that matches 127.0.0.1 would make every local client the trunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pbxctl.journal.cel import cel_mapping

PBX_IP = "127.0.0.1"
TRUNK_IP = "127.0.0.2"
PHONES_IP = "127.0.0.3"
REHEARSAL_IP = "127.0.0.4"

JOURNAL_NAME = "pbxctl.csv"
MANAGER_USER = "pbxctl"

# What listens on the network, looks for hardware, databases or servers that are not there, or only
# fills the log. Everything else loads by itself, as on a PBX that was simply installed.
UNWANTED_MODULES = (
    "app_adsiprog app_agent_pool app_alarmreceiver app_amd app_festival app_getcpeid app_jack app_minivm"
    " app_voicemail_imap app_voicemail_odbc cdr_adaptive_odbc cdr_custom cdr_manager cdr_odbc cdr_pgsql"
    " cdr_radius cdr_sqlite3_custom cdr_syslog cdr_tds cel_odbc cel_pgsql cel_radius cel_sqlite3_custom"
    " cel_tds chan_alsa chan_console chan_dahdi chan_iax2 chan_mgcp chan_mobile chan_motif chan_oss"
    " chan_phone chan_sip chan_skinny chan_unistim chan_vpb chan_websocket func_odbc"
    " pbx_ael pbx_dundi pbx_lua res_adsi res_aeap res_ael_share res_calendar res_calendar_caldav"
    " res_calendar_ews res_calendar_exchange res_calendar_icalendar res_clialiases res_config_ldap"
    " res_config_odbc res_config_pgsql res_config_sqlite3 res_geolocation res_hep res_hep_pjsip"
    " res_hep_rtcp res_http_media_cache res_odbc res_odbc_transaction res_phoneprov res_pjsip_config_wizard"
    " res_pjsip_geolocation res_pjsip_notify res_pjsip_phoneprov_provider res_pjsip_stir_shaken"
    " res_prometheus res_resolver_unbound res_smdi res_snmp res_speech_aeap res_statsd res_stir_shaken"
    " res_stun_monitor res_timing_dahdi res_xmpp"
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who stands around a private PBX: the dialplan contexts their calls enter, and the desk phones.

    ``softphone_context`` is where anybody else on this machine enters, who gives no password;
    empty for nowhere. ``fax_detect``: the PBX listens for fax machines on trunk and rehearsal line.
    """

    trunk_context: str = "from-trunk"
    phone_context: str = "from-phones"
    rehearsal_context: str = "from-rehearsal"
    phones: tuple[str, ...] = ("201", "202", "203", "204")
    softphone_context: str = ""
    fax_detect: bool = False


@dataclass(frozen=True, slots=True)
class PbxSettings:
    """Where one private Asterisk lives and listens.

    ``trunk_port``, ``phones_port`` and ``rehearsal_port`` are where the neighbours await calls.
    ``run_folder`` holds the control socket, whose path must stay below 108 bytes.
    """

    folder: Path
    run_folder: Path
    modules: Path
    sip_port: int
    manager_port: int
    manager_secret: str
    trunk_port: int
    phones_port: int
    rehearsal_port: int
    neighbours: Neighbours = Neighbours()
    system_name: str = ""


def pbx_files(settings: PbxSettings) -> Mapping[str, str]:
    """The text of each file of ``etc/``, by name; a dialplan and mailboxes are only hinted at."""
    return {
        "asterisk.conf": _asterisk_conf(settings),
        "modules.conf": _modules_conf(),
        "pjsip.conf": _pjsip_conf(settings),
        "manager.conf": _manager_conf(settings),
        "cel.conf": _CEL,
        "cel_custom.conf": f"[mappings]\n{JOURNAL_NAME} => {cel_mapping()}\n",
        "cdr.conf": _CDR,
        "logger.conf": "[general]\ndateformat=%F %T.%3q\n\n[logfiles]\nfull => notice,warning,error\n",
        "rtp.conf": "[general]\nrtpstart=20000\nrtpend=29999\nicesupport=no\n",
        "indications.conf": _INDICATIONS,
        "voicemail.conf": "[general]\nformat=wav\nmailcmd=/bin/true\n",
        # Silence on hold: whatever was played there might be taken for a prompt.
        "musiconhold.conf": f"[default]\nmode=files\ndirectory={settings.folder}/data/sounds/en/silence\n",
        "extensions.conf": "[general]\n",
        # Asterisk 16 calls it an error where it is on and nobody may use it.
        "ari.conf": "[general]\nenabled=no\n",
        **dict.fromkeys(_EMPTY, ""),
    }


def _asterisk_conf(settings: PbxSettings) -> str:
    folder = settings.folder
    named = f"systemname = {settings.system_name}\n" if settings.system_name else ""
    return f"""\
[directories]
astcachedir => {folder}/cache
astetcdir => {folder}/etc
astmoddir => {settings.modules}
astvarlibdir => {folder}/lib
astdbdir => {folder}/lib
astkeydir => {folder}/lib
astdatadir => {folder}/data
astagidir => {folder}/data/agi-bin
astspooldir => {folder}/spool
astrundir => {settings.run_folder}
astlogdir => {folder}/log
astsbindir => {folder}

[options]
nocolor = yes
documentation_language = en_US
{named}"""


def _modules_conf() -> str:
    return "[modules]\nautoload=yes\n" + "".join(
        f"noload => {name}.so\n" for name in UNWANTED_MODULES.split()
    )


def _manager_conf(settings: PbxSettings) -> str:
    return f"""\
[general]
enabled=yes
bindaddr={PBX_IP}
port={settings.manager_port}
displayconnects=no

[{MANAGER_USER}]
secret={settings.manager_secret}
read=all
write=all
"""


def _pjsip_conf(settings: PbxSettings) -> str:
    neighbours = settings.neighbours
    fax = "fax_detect=yes\n" if neighbours.fax_detect else ""
    parts = [
        f"""\
[global]
type=global
endpoint_identifier_order=ip,username,anonymous
user_agent=pbx

[udp]
type=transport
protocol=udp
bind={PBX_IP}:{settings.sip_port}

[ours](!)
type=endpoint
transport=udp
disallow=all
allow=ulaw,alaw
dtmf_mode=rfc4733
direct_media=no
rtp_symmetric=yes
force_rport=yes
timers=no
trust_id_inbound=yes
trust_id_outbound=yes
send_pai=yes
media_address={PBX_IP}
bind_rtp_to_media_address=yes
""",
        _line("trunk", neighbours.trunk_context, TRUNK_IP, settings.trunk_port, fax),
        _line("rehearse", neighbours.rehearsal_context, REHEARSAL_IP, settings.rehearsal_port, fax),
        *(_phone(name, neighbours.phone_context, settings.phones_port) for name in neighbours.phones),
    ]
    if neighbours.softphone_context:
        # Asterisk takes an endpoint of this name for whoever is known by nothing else.
        parts.append(f"[anonymous](ours)\ncontext={neighbours.softphone_context}\n")
    return "\n".join(parts)


def _line(name: str, context: str, ip: str, port: int, more: str = "") -> str:
    """An endpoint known by its address alone: ``Dial(PJSIP/+3225550102@trunk)`` leaves by it."""
    return f"""\
[{name}](ours)
context={context}
aors={name}
{more}
[{name}]
type=aor
contact=sip:{ip}:{port}

[{name}]
type=identify
endpoint={name}
match={ip}
"""


def _phone(name: str, context: str, port: int) -> str:
    """A desk phone, known by the user in From; ``Dial(PJSIP/201)`` rings it."""
    return f"""\
[{name}](ours)
context={context}
aors={name}
identify_by=username
callerid="{name}" <{name}>

[{name}]
type=aor
contact=sip:{name}@{PHONES_IP}:{port}
"""


# Not ``events=ALL``: from Asterisk 22 on that holds DTMF, and codes that callers key in must not reach
# the journal. Not ``apps=all``: 22.10 then reports none at all. Without ``dateformat`` the times
# are epoch seconds with microseconds.
_CEL = """\
[general]
enable=yes
apps=dial,queue,voicemail,record,playback,background,read
events=CHAN_START,CHAN_END,ANSWER,HANGUP,LINKEDID_END,BRIDGE_ENTER,BRIDGE_EXIT,APP_START,APP_END
events=PARK_START,PARK_END,BLINDTRANSFER,ATTENDEDTRANSFER,PICKUP,FORWARD,LOCAL_OPTIMIZE,USER_DEFINED
"""

_CDR = """\
[general]
enable=yes
unanswered=yes
congestion=yes
batch=no

[csv]
loguniqueid=yes
"""

_INDICATIONS = """\
[general]
country=be

[be]
description=Belgium
ringcadence=1000,3000
dial=425
busy=425/500,0/500
ring=425/1000,0/3000
congestion=425/167,0/167
callwaiting=1400/175,0/175,1400/175,0/3500
dialrecall=!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440
record=1400/500,0/15000
info=900/330,0/1000,1400/330,0/1000,1800/330,0/1000
stutter=425/1000,0/250
"""

# Files whose absence Asterisk complains of at each start, though nothing needs to stand in them.
_EMPTY = (
    "acl.conf",
    "ccss.conf",
    "cel_manager.conf",
    "cli_permissions.conf",
    "codecs.conf",
    "confbridge.conf",
    "features.conf",
    "followme.conf",
    "http.conf",
    "pjproject.conf",
    "queuerules.conf",
    "queues.conf",
    "res_fax.conf",
    "res_parking.conf",
    "stasis.conf",
    "udptl.conf",
    "websocket_client.conf",
)
