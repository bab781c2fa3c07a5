# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways of credentials: which are taken, and what is said of the others."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import (
    MAX_NAME,
    ComponentCredentials,
    Credentials,
    component_of,
    credentials_by_name,
    credentials_of,
)
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError

from tests.unit.options import APPID, COMPONENT, SECRET, TOKEN, account, options

REFRESH = "canary-refresh-token"
OTHER = "wx1111111111111111"
EITHER = "give either access_token, or appid and secret"
ENVIRONMENT = {"WECHAT_ACCESS_TOKEN": TOKEN, "WECHAT_APPID": APPID, "WECHAT_SECRET": SECRET}


def refusal_of(params: dict[str, t.Any], environ: dict[str, str] | None = None) -> tuple[str, str]:
    with pytest.raises(OptionsError) as caught:
        credentials_of(params, environ or {})
    return caught.value.what, caught.value.remedy


def refusal_of_accounts(*accounts: dict[str, str | None], **given: t.Any) -> OptionsError:
    with pytest.raises(OptionsError) as caught:
        credentials_by_name(options(accounts=list(accounts), **given))
    return caught.value


# --- One account.


@pytest.mark.parametrize(
    ("given", "credentials", "authorized"),
    [
        ({"access_token": TOKEN}, Credentials(access_token=TOKEN), False),
        ({"appid": APPID, "secret": SECRET}, Credentials(appid=APPID, secret=SECRET), False),
        ({"appid": APPID, "secret": SECRET, **COMPONENT}, Credentials(appid=APPID, secret=SECRET), False),
        ({"appid": APPID, **COMPONENT}, Credentials(appid=APPID), True),
        (
            {"appid": APPID, "authorizer_refresh_token": REFRESH, **COMPONENT},
            Credentials(appid=APPID, authorizer_refresh_token=REFRESH),
            True,
        ),
        ({"appid": APPID, "component_appid": COMPONENT["component_appid"]}, Credentials(appid=APPID), True),
        ({"appid": APPID, "component_access_token": COMPONENT["component_access_token"]}, Credentials(appid=APPID), True),
    ],
)
def test_each_way_is_taken(given: dict[str, str], credentials: Credentials, authorized: bool) -> None:
    found = credentials_of(options(**given), ENVIRONMENT)
    assert found == credentials
    assert found.authorized is authorized


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"authorizer_refresh_token": REFRESH}, "authorizer_refresh_token"),
        ({"access_token": TOKEN, "appid": APPID}, "access_token, appid"),
        ({"access_token": TOKEN, "appid": APPID, "secret": SECRET}, "access_token, appid, secret"),
        ({"appid": APPID, "secret": SECRET, "authorizer_refresh_token": REFRESH}, "appid, secret, authorizer_refresh_token"),
    ],
)
def test_what_is_not_one_way_is_told_by_its_names(given: dict[str, str], named: str) -> None:
    assert refusal_of(options(**given)) == (f"not exactly one way of credentials is given, but {named}", EITHER)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"appid": APPID},
            (
                "secret is missing",
                "give secret next to appid; for an account that has authorised a third-party platform, give component_appid and "
                "component_access_token instead",
            ),
        ),
        ({"secret": SECRET}, ("appid is missing", "give appid next to secret")),
        ({"secret": SECRET, **COMPONENT}, ("appid is missing", "give appid next to secret")),
        (
            {"appid": APPID, "authorizer_refresh_token": REFRESH},
            (
                "component_appid and component_access_token are missing",
                "give component_appid and component_access_token next to authorizer_refresh_token",
            ),
        ),
    ],
)
def test_half_a_way_names_what_is_missing(given: dict[str, str], says: tuple[str, str]) -> None:
    assert refusal_of(options(**given)) == says


def test_half_a_way_in_the_environment_names_the_variable_that_is_missing() -> None:
    what, remedy = refusal_of(options(), {"WECHAT_APPID": APPID})
    assert what == "WECHAT_SECRET is missing"
    assert remedy.startswith(
        "give WECHAT_SECRET next to WECHAT_APPID; for an account that has authorised a third-party platform, give WECHAT_COMPONENT_"
    )
    assert refusal_of(options(), {"WECHAT_SECRET": SECRET}) == ("WECHAT_APPID is missing", "give WECHAT_APPID next to WECHAT_SECRET")


def test_without_any_one_sentence_says_what_to_export() -> None:
    assert refusal_of(options()) == (
        "no credentials are given",
        "export WECHAT_APPID and WECHAT_SECRET, or only WECHAT_ACCESS_TOKEN; in a task, give appid and secret, or only access_token",
    )


def test_on_a_remote_host_the_message_says_that_the_environment_does_not_travel() -> None:
    with pytest.raises(OptionsError, match="the environment of the host that runs Ansible does not travel to this host") as caught:
        credentials_of(options(), {}, remote=True)
    assert caught.value.remedy == "give appid and secret, or only access_token, in the task"


# --- The environment.


@pytest.mark.parametrize(
    ("environ", "credentials"),
    [
        ({"WECHAT_ACCESS_TOKEN": TOKEN}, Credentials(access_token=TOKEN)),
        ({"WECHAT_APPID": APPID, "WECHAT_SECRET": SECRET}, Credentials(appid=APPID, secret=SECRET)),
        ({"WECHAT_ACCESS_TOKEN": TOKEN, "WECHAT_APPID": "", "WECHAT_SECRET": ""}, Credentials(access_token=TOKEN)),
    ],
)
def test_the_environment_is_taken_where_no_option_is_given(environ: dict[str, str], credentials: Credentials) -> None:
    assert credentials_of(options(), environ) == credentials


def test_the_environment_does_not_mix_with_what_the_task_gives() -> None:
    what, _remedy = refusal_of(options(appid=APPID), ENVIRONMENT)
    assert what == "secret is missing"


def test_an_empty_option_is_given_all_the_same() -> None:
    what, _remedy = refusal_of(options(access_token=""), ENVIRONMENT)
    assert what == "access_token is empty"


def test_the_variables_are_named_where_they_are_what_is_wrong() -> None:
    what, remedy = refusal_of(options(), ENVIRONMENT)
    assert what == "not exactly one way of credentials is given, but WECHAT_ACCESS_TOKEN, WECHAT_APPID, WECHAT_SECRET"
    assert remedy == "give either WECHAT_ACCESS_TOKEN, or WECHAT_APPID and WECHAT_SECRET"
    what, _remedy = refusal_of(options(), {"WECHAT_APPID": SECRET, "WECHAT_SECRET": APPID})
    assert what == "WECHAT_APPID is not wx and 16 hexadecimal characters"


# --- The form of each.

NO_APPID = ("appid is not wx and 16 hexadecimal characters", "copy the AppID, and take care not to swap it with the AppSecret")
NO_SECRET = ("secret is not 32 hexadecimal characters", "copy the AppSecret whole")
NO_TOKEN = ("access_token is not a token: 8 to 512 printable characters without a space", "give the token itself")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"access_token": ""}, ("access_token is empty", "give the token itself")),
        *(({"access_token": token}, NO_TOKEN) for token in ("1234567", "x" * 513, "with a space", "line\nbreak", "caf\u00e9-token")),
        *(
            ({"appid": appid, "secret": SECRET}, NO_APPID)
            for appid in ("", SECRET, APPID[:-1], f"{APPID}0", f"WX{APPID[2:]}", f"{APPID}\n")
        ),
        *(({"appid": APPID, "secret": secret}, NO_SECRET) for secret in ("", APPID, SECRET[:-1], f"{SECRET}0", f"g{SECRET[1:]}")),
        *(
            (
                {"appid": APPID, "authorizer_refresh_token": token, **COMPONENT},
                ("authorizer_refresh_token is not a token", "or leave it out"),
            )
            for token in ("", "short", "with a space")
        ),
    ],
)
def test_what_is_malformed_is_refused_without_its_value(given: dict[str, str], says: tuple[str, str]) -> None:
    what, remedy = refusal_of(options(**given))
    assert what == says[0]
    assert says[1] in remedy
    assert all(value not in what + remedy for value in given.values() if value)


@pytest.mark.parametrize(
    "given", [{"access_token": "12345678"}, {"access_token": "x" * 512}, {"appid": "wxABCDEFabcdef0123", "secret": SECRET.upper()}]
)
def test_the_bounds_of_each_form_are_taken(given: dict[str, str]) -> None:
    assert credentials_of(options(**given), {}) == Credentials(**given)


def test_credentials_do_not_show_their_secrets() -> None:
    shown = repr((Credentials(TOKEN, APPID, SECRET, REFRESH), ComponentCredentials(OTHER, "canary-component-token")))
    assert APPID in shown
    assert not any(secret in shown for secret in (TOKEN, SECRET, REFRESH, "canary-component-token"))


def test_the_secrets_of_credentials_are_those_that_are_given() -> None:
    assert Credentials(TOKEN, APPID, SECRET, REFRESH).secrets() == [TOKEN, SECRET, REFRESH]
    assert Credentials(appid=APPID).secrets() == []


# --- The third-party platform.


def test_a_third_party_platform_is_taken() -> None:
    assert component_of(options(**COMPONENT)) == ComponentCredentials(COMPONENT["component_appid"], COMPONENT["component_access_token"])


def test_no_third_party_platform_is_none() -> None:
    assert component_of(options()) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"component_appid": APPID}, "component_appid is given, and component_access_token is missing"),
        ({"component_access_token": TOKEN}, "component_access_token is given, and component_appid is missing"),
        ({**COMPONENT, "component_appid": "gh_0123456789ab"}, "component_appid is not wx and 16 hexadecimal characters"),
        ({**COMPONENT, "component_appid": ""}, "component_appid is not wx and 16 hexadecimal characters"),
        ({**COMPONENT, "component_access_token": "short"}, "component_access_token is not a token"),
        ({**COMPONENT, "component_access_token": ""}, "component_access_token is not a token"),
    ],
)
def test_half_a_third_party_platform_or_a_malformed_one_is_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(OptionsError) as caught:
        component_of(options(**given))
    assert caught.value.what == says
    assert caught.value.remedy


# --- Many accounts.


def test_accounts_are_named_by_their_names_or_else_by_their_appids_in_their_order() -> None:
    accounts = [
        account(name="z", access_token=TOKEN),
        account(appid=APPID, secret=SECRET),
        account(name="a", access_token="another-token", appid=OTHER),
    ]
    found = credentials_by_name(options(accounts=accounts))
    assert list(found.items()) == [
        ("z", Credentials(access_token=TOKEN)),
        (APPID, Credentials(appid=APPID, secret=SECRET)),
        ("a", Credentials(access_token="another-token", appid=OTHER)),
    ]


def test_no_accounts_are_no_trouble() -> None:
    assert credentials_by_name(options(accounts=[])) == {}


def test_an_appid_alone_is_a_way_with_a_third_party_platform() -> None:
    found = credentials_by_name(
        options(accounts=[account(appid=APPID), account(appid=OTHER, authorizer_refresh_token=REFRESH)], **COMPONENT)
    )
    assert [one.authorized for one in found.values()] == [True, True]


def test_an_appid_alone_needs_a_third_party_platform() -> None:
    error = refusal_of_accounts(account(appid=APPID), account(name="b", appid=OTHER))
    assert error.what == f"accounts cannot be used: secret is missing: account 1 ({APPID}), 2 (b)"
    assert error.remedy.endswith(
        "for an account that has authorised a third-party platform, give component_appid and component_access_token instead"
    )


def test_different_trouble_has_no_remedy_of_one_kind() -> None:
    error = refusal_of_accounts(account(appid=APPID), account(name="b"))
    assert error.remedy == "correct these accounts; their secrets and tokens are not shown here"


NO_WAY = "no credentials"


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (account(access_token=TOKEN), "no name (it can only be left out where there is an appid): account 1"),
        (account(name="", access_token=TOKEN), "no name (it can only be left out where there is an appid): account 1 ()"),
        (account(name="a\nb", access_token=TOKEN), f"the name holds control characters or is longer than {MAX_NAME}: account 1"),
        (account(name="a"), f"{NO_WAY}: account 1 (a)"),
        (account(name="a", secret=SECRET), "appid is missing: account 1 (a)"),
        (
            account(name="a", access_token=TOKEN, secret=SECRET),
            "not exactly one way of credentials is given, but access_token, secret: account 1 (a)",
        ),
        (account(name="a", appid=APPID, secret=APPID), "secret is not 32 hexadecimal characters: account 1 (a)"),
        (account(name="a", appid=SECRET, secret=SECRET), "appid is not wx and 16 hexadecimal characters: account 1 (a)"),
        (account(appid=SECRET, secret=SECRET), "appid is not wx and 16 hexadecimal characters: account 1"),
    ],
)
def test_what_is_wrong_with_one_account_is_told(one: dict[str, str | None], says: str) -> None:
    error = refusal_of_accounts(one)
    assert error.what == f"accounts cannot be used: {says}"
    assert error.remedy
    assert SECRET not in str(vars(error))


def test_a_name_may_be_as_long_as_a_file_name() -> None:
    assert credentials_by_name(options(accounts=[account(name="n" * MAX_NAME, access_token=TOKEN)]))
    assert "is longer than 255: account 1" in refusal_of_accounts(account(name="n" * 256, access_token=TOKEN)).what


def test_the_same_name_twice_is_told_of_both() -> None:
    error = refusal_of_accounts(account(name="a", access_token=TOKEN), account(name="a", access_token="another-token"))
    assert error.what == "accounts cannot be used: the same name more than once: account 1 (a), 2 (a)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (account(name="a", access_token=TOKEN), account(name="b", access_token=TOKEN)),
        (account(name="a", appid=APPID, secret=SECRET), account(name="b", appid=f"wx{APPID[2:].upper()}", secret=SECRET)),
        (account(name="a", appid=APPID, secret=SECRET), account(name="b", access_token=TOKEN, appid=APPID)),
    ],
)
def test_the_same_account_twice_is_refused_under_whatever_names(one: dict[str, str | None], other: dict[str, str | None]) -> None:
    error = refusal_of_accounts(one, other)
    assert error.what == "accounts cannot be used: the same account more than once: account 1 (a), 2 (b)"


def test_every_account_that_cannot_be_used_is_named() -> None:
    error = refusal_of_accounts(*(account(name=f"a{number}") for number in range(1, 6)))
    assert error.what == f"accounts cannot be used: {NO_WAY}: account 1 (a1), 2 (a2), 3 (a3), 4 (a4), 5 (a5)"


def test_credentials_beside_accounts_are_refused() -> None:
    error = refusal_of_accounts(account(name="a", access_token=TOKEN), appid=APPID, secret=SECRET)
    assert error.what == "accounts is given together with appid, secret"
    assert error.remedy == "give each account its credentials within accounts"


def test_concurrency_is_looked_at_before_the_accounts() -> None:
    assert refusal_of_accounts(account(), concurrency=0).what == "concurrency is not between 1 and 256"
