"""What an open stream costs at the least: `python -m tests.benchmarks.bare_stream PORT`, on asyncio alone."""

from __future__ import annotations

import asyncio
import sys

from temporal_app.devserver.ports import LOOPBACK

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 2000\n\n"
HEARTBEAT_SECONDS = 15


async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads the request and then beats until the client leaves."""
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        while not reader.at_eof():
            await writer.drain()
            await asyncio.wait([asyncio.ensure_future(reader.read(1))], timeout=HEARTBEAT_SECONDS)
            writer.write(b": \n\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port: int) -> None:
    async with await asyncio.start_server(stream, LOOPBACK, port, backlog=1024) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
