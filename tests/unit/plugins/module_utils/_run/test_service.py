# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pauses between tries, and how the accounts' tokens are had."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._account.session import Reader, Session
from ansible_collections.wxops.official_account.plugins.module_utils._account.tokens import GivenToken
from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import MASK, Secrets
from ansible_collections.wxops.official_account.plugins.module_utils._run import service as service_module
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import Credentials
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import Service, Sessions, pauses, secrets_masked_in

from tests.unit.options import APPID, COMPONENT, SECRET, TOKEN, options

if t.TYPE_CHECKING:
    from pathlib import Path
from tests.unit.transports import ScriptedTransport, patience

REFRESH = "canary-refresh-token"
BY_SECRET = Credentials(appid=APPID, secret=SECRET)
BY_COMPONENT = Credentials(appid=APPID)


@pytest.mark.parametrize("retries", [0, 1, 3, 10])
def test_pauses_are_as_many_as_retries_and_a_few_seconds_each(retries: int) -> None:
    for _draw in range(50):
        drawn = list(pauses(retries))
        assert len(drawn) == retries
        assert all(0.25 <= pause <= 3.25 for pause in drawn)


def test_the_longest_pause_is_longer_the_second_time_and_no_longer_after() -> None:
    drawn = [list(pauses(3)) for _draw in range(200)]
    assert [max(column) for column in zip(*drawn, strict=True)] == [1.25, 3.25, 3.25]


def test_pauses_vary() -> None:
    assert len({tuple(pauses(10)) for _draw in range(20)}) > 1


def service_of(params: dict[str, t.Any], *given: Credentials) -> tuple[Service, list[str], set[str]]:
    """The service, the warnings, and what is masked."""
    warnings: list[str] = []
    masked: set[str] = set()
    return Service(params, given, secrets_masked_in(masked), warnings.append), warnings, masked


def refused(params: dict[str, t.Any], *given: Credentials) -> OptionsError:
    with pytest.raises(OptionsError) as caught:
        service_of(params, *given)
    return caught.value


def sessions_over(monkeypatch: pytest.MonkeyPatch, transport: ScriptedTransport, **given: Credentials) -> Sessions:
    monkeypatch.setattr(service_module, "Transport", lambda *_arguments: transport)
    service, _warnings, _masked = service_of(options(**COMPONENT), *given.values())
    return Sessions(service, given, patience())


def paths(transport: ScriptedTransport) -> list[str]:
    return [request.path.rpartition("/")[2] for request in transport.requests]


def test_all_secrets_that_are_given_are_masked_and_nothing_is_sent() -> None:
    given = Credentials(access_token=TOKEN), BY_SECRET, Credentials(appid=APPID, authorizer_refresh_token=REFRESH)
    _service, warnings, masked = service_of(options(**COMPONENT), *given)
    assert masked >= {TOKEN, SECRET, REFRESH, COMPONENT["component_access_token"]}
    assert APPID not in masked
    assert warnings == []


@pytest.mark.parametrize(("given", "has_component"), [(BY_COMPONENT, True), (BY_SECRET, False)])
def test_a_third_party_platform_is_taken_only_where_an_account_needs_it(given: Credentials, has_component: bool) -> None:
    service, _warnings, _masked = service_of(options(**COMPONENT), given)
    assert (service.component is not None) is has_component


def test_a_third_party_platform_may_be_used_without_any_account() -> None:
    service = Service(options(**COMPONENT), None, Secrets(), lambda _text: None)
    assert service.component is not None


def test_the_permission_of_the_resource_is_named_in_the_remedies() -> None:
    service = Service(options(**COMPONENT), None, Secrets(), lambda _text: None, permission="set 4711")
    assert service.component is not None
    assert service.component.codes.permission == "set 4711"


def test_plain_http_is_warned_about_once() -> None:
    _service, warnings, _masked = service_of(options(api_url="http://gateway.example"), BY_SECRET)
    assert warnings == ["api_url is plain http: anyone on the network path can read the tokens and secrets in the requests."]


def test_a_url_that_requests_does_not_take_is_refused_without_the_url() -> None:
    error = refused(options(api_url="https://*canary.example"), BY_SECRET)
    assert error.what == "api_url is not a URL"
    assert "canary" not in str(vars(error))


def test_without_requests_the_host_and_the_python_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "HAS_REQUESTS", False)
    error = refused(options(), BY_SECRET)
    assert error.what.startswith("failed to import the required Python library (requests) on ")
    assert error.remedy.startswith("install it there")


def test_requests_that_cannot_be_imported_because_of_a_setting_name_the_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # requests 2.32 makes a TLS context while it is imported.
    monkeypatch.setattr(service_module, "HAS_REQUESTS", False)
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path))
    assert refused(options(), BY_SECRET).what == "SSLKEYLOGFILE in the environment does not name a file that can be written"


def test_a_setting_that_no_request_can_be_sent_with_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://user:pw@:")
    error = refused(options(api_url="https://wechat.invalid"), BY_SECRET)
    assert error.what == "https_proxy in the environment is not the URL of a proxy that can be used"


def test_there_are_as_many_pauses_as_retries() -> None:
    service, _warnings, _masked = service_of(options(retries=2), BY_SECRET)
    assert len(list(service.pauses())) == 2


def test_what_is_masked_is_scrubbed_as_well() -> None:
    secrets = secrets_masked_in(None)
    secrets.add(TOKEN)
    assert secrets.scrub(f"<{TOKEN}>") == f"<{MASK}>"


def test_a_reader_has_no_way_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = sessions_over(monkeypatch, ScriptedTransport(), a=BY_SECRET)
    reader, session = sessions.reader(BY_SECRET), sessions.session(BY_SECRET)
    assert not hasattr(reader, "change")
    assert (type(reader), type(session)) == (Reader, Session)


def test_a_given_token_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Credentials(access_token=TOKEN, appid=APPID)
    transport = ScriptedTransport()
    source = sessions_over(monkeypatch, transport, a=given)._tokens(given)
    assert isinstance(source, GivenToken)
    assert source.token() == TOKEN
    assert transport.requests == []


def test_appid_and_secret_fetch_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = ScriptedTransport({"access_token": TOKEN})
    assert sessions_over(monkeypatch, transport, a=BY_SECRET)._tokens(BY_SECRET).token() == TOKEN
    assert paths(transport) == ["stable_token"]


def test_the_refresh_token_of_one_authorised_account_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = ScriptedTransport({"authorization_info": {"authorizer_refresh_token": REFRESH}}, {"authorizer_access_token": TOKEN})
    assert sessions_over(monkeypatch, transport, a=BY_COMPONENT)._tokens(BY_COMPONENT).token() == TOKEN
    assert paths(transport) == ["api_get_authorizer_info", "api_authorizer_token"]


def test_the_refresh_tokens_of_several_authorised_accounts_are_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    appids = [APPID, "wx1111111111111111"]
    listed = [{"authorizer_appid": appid, "refresh_token": REFRESH} for appid in appids]
    answers = {"total_count": 2, "list": listed}, {"authorizer_access_token": TOKEN}, {"authorizer_access_token": "another-token"}
    transport = ScriptedTransport(*answers)
    given = {appid: Credentials(appid=appid) for appid in appids}
    sessions = sessions_over(monkeypatch, transport, **given)
    assert [sessions._tokens(one).token() for one in given.values()] == [TOKEN, "another-token"]
    assert paths(transport) == ["api_get_authorizer_list", "api_authorizer_token", "api_authorizer_token"]


def test_a_refresh_token_that_is_given_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Credentials(appid=APPID, authorizer_refresh_token=REFRESH)
    transport = ScriptedTransport({"authorizer_access_token": TOKEN})
    assert sessions_over(monkeypatch, transport, a=given)._tokens(given).token() == TOKEN
    assert paths(transport) == ["api_authorizer_token"]
    assert transport.requests[0].body["authorizer_refresh_token"] == REFRESH
