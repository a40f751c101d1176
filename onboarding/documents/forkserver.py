"""Forks a fresh decoder for each file: `python -m onboarding.documents.forkserver CONTROL`.

One such process serves one web or worker process (`decoders`). It has loaded what a decoder needs and never
sees a byte of a stranger's: each file is opened by a child of its own. It has no environment, one thread, and
no open files but its ends of two kinds of sockets:

    control    a request for each child, with the child's standard input and output and its lifeline
    lifeline   tells the child's number, once it is limited; when the other end is shut, the child is killed
               and its exit code is the last word

When the control socket ends, because its parent did, all children are killed and this process ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import selectors
import signal
import socket
import sys
from typing import NoReturn, cast

from PIL import Image

from onboarding.documents import decode, limits, pixels
from onboarding.documents.frames import MAX_REQUEST_BYTES, requested
from onboarding.documents.sniff import MediaType

OPEN_FILES = 64
FIRST_OTHER = 3
"""The first descriptor after standard input, output and error."""


def serve(control: socket.socket) -> None:
    """Forks and reaps until `control` ends."""
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not control:
                    selector.unregister(key.fileobj)
                    _end(cast("socket.socket", key.fileobj), key.data)
                elif born := _born(control):
                    lifeline, pid = born
                    selector.register(lifeline, selectors.EVENT_READ, pid)
                else:
                    children = [each for each in selector.get_map().values() if each.data]
                    for child in children:
                        _end(cast("socket.socket", child.fileobj), child.data)
                    return


def _born(control: socket.socket) -> tuple[socket.socket, int] | None:
    """The lifeline and the number of the next child; None at the end."""
    request, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST_BYTES, 3)
    if not request:
        return None
    pid = os.fork()
    if not pid:
        _be_a_decoder(request, descriptors)
    *pipes, lifeline = descriptors
    for descriptor in pipes:
        os.close(descriptor)
    return socket.socket(fileno=lifeline), pid


def _be_a_decoder(request: bytes, descriptors: list[int]) -> NoReturn:
    code = 1
    try:
        source, sink, lifeline = descriptors
        task, bounds = requested(request)
        os.setsid()  # a group of its own, which it can't leave: so all that it may start is killed with it
        os.dup2(source, decode.STDIN)
        os.dup2(sink, decode.STDOUT)
        decode.limit_self(bounds)
        os.write(lifeline, str(os.getpid()).encode())
        os.closerange(FIRST_OTHER, OPEN_FILES)
        decode.work(task)
        code = 0
    finally:
        os._exit(code)


def _end(lifeline: socket.socket, pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # not in a group of its own yet
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with lifeline, contextlib.suppress(OSError):  # nobody may be there to hear it
        lifeline.send(str(os.waitstatus_to_exitcode(status)).encode())


def main(control: int) -> None:
    """Limits this process, loads everything a photo needs by taking one in, and serves."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    drawn = Image.new("RGB", (limits.MIN_SIDE_PIXELS, limits.MIN_SIDE_PIXELS))
    decode.answer(MediaType.JPEG, pixels.jpeg(drawn))
    gc.freeze()  # or the collector would write to pages that all children share
    serve(socket.socket(fileno=control))


if __name__ == "__main__":
    main(int(sys.argv[1]))
