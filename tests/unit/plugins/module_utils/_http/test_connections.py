# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deadlines, and sockets that say something at the wrong time."""

from __future__ import annotations

import socket
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http import connections
from ansible_collections.wxops.official_account.plugins.module_utils._http.connections import CURRENT, Exchange, NotUnderstood, NotWanted

if t.TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 60.0


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    one = Exchange(LONG)
    before = CURRENT.set(one)
    yield one
    CURRENT.reset(before)


def test_before_its_deadline_an_exchange_has_time_left() -> None:
    one = Exchange(LONG)
    assert not one.is_over()
    assert 0 < one.seconds_left() <= LONG


def test_after_its_deadline_an_exchange_still_waits_for_a_moment() -> None:
    """A socket whose time-out is 0 does not wait at all."""
    one = Exchange(-LONG)
    assert one.is_over()
    assert one.seconds_left() == connections._SHORTEST_WAIT


@pytest.mark.parametrize("wanted", [None, lambda: True])
def test_a_request_begins_where_nothing_speaks_against_it(wanted: t.Any) -> None:
    one = Exchange(LONG, wanted)
    assert not one.begun
    one.begin()
    assert one.begun


def test_a_request_that_nobody_waits_for_does_not_begin() -> None:
    one = Exchange(LONG, lambda: False)
    with pytest.raises(NotWanted):
        one.begin()
    assert not one.begun


def test_a_silent_socket_may_be_written_to(pair: tuple[socket.socket, socket.socket]) -> None:
    connections._expect_silence(pair[0])


def test_a_byte_before_the_request_is_not_understood(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].send(b"x")
    with pytest.raises(NotUnderstood):
        connections._expect_silence(pair[0])


def test_a_socket_that_was_hung_up_is_as_good_as_reset(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].close()
    with pytest.raises(ConnectionResetError):
        connections._expect_silence(pair[0])


def incoming(sock: socket.socket) -> connections._Incoming:
    return connections._Incoming(sock)


@pytest.mark.usefixtures("exchange")
def test_bytes_are_read_until_the_deadline(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].send(b"more")
    with incoming(pair[0]) as one:
        assert one.read(4) == b"more"


def test_nothing_is_read_after_the_deadline_though_it_is_there(pair: tuple[socket.socket, socket.socket], exchange: Exchange) -> None:
    pair[1].send(b"more")
    exchange._deadline = 0.0
    with incoming(pair[0]) as one, pytest.raises(TimeoutError):
        one.read(4)


@pytest.mark.parametrize(("left_over", "comes", "overfull"), [(b"", b"", False), (b"x", b"", True), (b"", b"x", True)])
def test_a_complete_answer_with_more_behind_it_ends_its_connection(
    pair: tuple[socket.socket, socket.socket], exchange: Exchange, left_over: bytes, comes: bytes, overfull: bool
) -> None:
    ours, theirs = pair
    theirs.send(comes)
    with incoming(ours) as one:
        one.end(left_over)
    assert exchange.overfull is overfull
    theirs.setblocking(False)
    if overfull:
        assert theirs.recv(1) == b""
    else:
        with pytest.raises(BlockingIOError):
            theirs.recv(1)


def test_where_the_other_side_is_gone_there_is_nothing_to_see_to(pair: tuple[socket.socket, socket.socket], exchange: Exchange) -> None:
    ours, theirs = pair
    theirs.close()
    ours.shutdown(socket.SHUT_RDWR)
    with incoming(ours) as one:
        one.end(b"x")
    assert exchange.overfull


def test_a_pool_is_made_strict_once() -> None:
    import urllib3

    strict = connections._strict_pool(urllib3.HTTPConnectionPool)
    assert issubclass(strict.ConnectionCls, connections._Strict)
    assert connections._strict_pool(strict) is strict
