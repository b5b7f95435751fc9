"""Sound files of any kind, decoded by a child process that can do no harm."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np

from pbxctl.errors import InputWrong, OutOfReach
from pbxctl.speech.scan import MAX_BYTES
from pbxctl.speech.synthesiser import Speech

TIME_LIMIT_S = 30.0

_CHILD = Path(__file__).with_name("decoding_child.py")
_RIGHT = "give a WAV, FLAC, OGG or MP3 file of at most 3 minutes"


def decode_sound(path: Path, *, time_limit_s: float = TIME_LIMIT_S) -> Speech:
    """The sound of a WAV, FLAC, OGG or MP3 file, its channels mixed into one.

    Raises:
        InputWrong: there is no such file, or it is no sound that can be decoded within bounds.
        OutOfReach: the decoder could not be started.
    """
    handle = _open(path)
    try:
        answer = _run(handle, path, time_limit_s)
    finally:
        os.close(handle)
    head, _, samples = answer.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        told = {"wrong": "cannot be decoded"}
    if "wrong" in told:
        raise InputWrong(f"{path}: {told['wrong']}; {_RIGHT}")
    return Speech(np.frombuffer(samples, dtype="<f4").astype(np.float64), int(told["rate"]))


def _open(path: Path) -> int:
    try:
        # A pipe or device would be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise InputWrong(f"{path}: cannot be read: {error.strerror}; {_RIGHT}") from error
    found = os.fstat(handle)
    wrong = None
    if not stat.S_ISREG(found.st_mode):
        wrong = "is not a file"
    elif found.st_size > MAX_BYTES:
        wrong = f"is larger than {MAX_BYTES // 1024**2} MiB"
    elif not found.st_size:
        wrong = "is empty"
    if wrong:
        os.close(handle)
        raise InputWrong(f"{path}: {wrong}; {_RIGHT}")
    return handle


def _run(handle: int, path: Path, time_limit_s: float) -> bytes:
    """What the child answered; it is ended whatever becomes of us."""
    argv = [sys.executable, "-I", str(_CHILD)]
    # One thread: the threads of numpy would take more memory than the sound may.
    env = {"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        process = subprocess.Popen(  # noqa: S603 - an argument list of ours, no shell
            argv,
            stdin=handle,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            process_group=0,
        )
    except OSError as error:
        raise OutOfReach(f"the decoder of sounds cannot be started: {error.strerror}") from error
    with process:
        try:
            answer, _ = process.communicate(timeout=time_limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise InputWrong(
                f"{path}: could not be decoded within {time_limit_s:g} seconds; {_RIGHT}"
            ) from None
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise InputWrong(f"{path}: broke the decoder, or took too much time or memory; {_RIGHT}")
    return answer
