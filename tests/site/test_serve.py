"""`make serve`: a port in use gets a message, and the next free port."""

import socket

from serve import server


def test_port_in_use(html, capsys):
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with server(str(html), port) as running:
            assert running.server_address[1] > port
    assert f"Port {port} is in use; trying {port + 1}." in capsys.readouterr().out
