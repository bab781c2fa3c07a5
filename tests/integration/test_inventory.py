# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, through the real ansible-inventory and ansible-playbook.

One run lists many files: those that can be listed, those that fail, and those that have a cache. Each file is for a third-party platform of
its own, and a test looks at what became of one of them.
"""

from __future__ import annotations

import collections
import json
import os
import re
import time
import typing as t

import pytest
import yaml
from ansible_collections.wxops.official_account.plugins.inventory import wechat_authorizers

from tests.integration.harness import BIN, leaks, secrets_of
from tests.simulator import Fault, Simulator

if t.TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.harness import Ansible, Run
    from tests.simulator import Authorizer, Component

PLUGIN = "wxops.official_account.wechat_authorizers"
PLAYBOOK = "wxops.official_account.draft_switch"
LIST, INFO, TOKEN = "authorizer_list", "authorizer_info", "authorizer_token"
# Without this, Ansible only warns, and goes on without the hosts.
STRICT = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}

Hosts = dict[str, dict[str, t.Any]]
Groups = dict[str, set[str]]


@pytest.fixture
def component(simulator: Simulator) -> Component:
    return simulator.add_component()


def authorise(simulator: Simulator, component: Component, number: int, **fields: t.Any) -> list[Authorizer]:
    return [component.authorise(simulator.add(), **fields) for _number in range(number)]


class Inventory:
    """Inventory files in ``folder``, which one run lists.

    ``components``: the third-party platform of each file, by its name. ``environment``: what these files need.
    """

    def __init__(self, ansible: Ansible, folder: Path) -> None:
        self.ansible = ansible
        self.folder = folder
        self.components: dict[str, Component | None] = {}
        self.environment: dict[str, str] = {}
        self.paths: dict[str, Path] = {}

    def add(self, component: Component | None, name: str = "my", **options: t.Any) -> Inventory:
        """Add a file. ``options``: further ones, in addition to those for the simulator; without one that is None.

        ``component``: None for a file that names no third-party platform.
        """
        variable = f"TOKEN_{len(self.paths)}"
        given: dict[str, t.Any] = {"plugin": PLUGIN, **self.ansible.options}
        if component:
            self.environment[variable] = component.token
            given |= {"component_appid": component.appid, "component_access_token": f"{{{{ lookup('env', '{variable}') }}}}"}
        given |= options
        self.components[name] = component
        self.paths[name] = self.folder / f"{name}.wechat_authorizers.yml"
        # JSON is YAML too.
        self.paths[name].write_text("---\n" + json.dumps({name: value for name, value in given.items() if value is not None}))
        return self

    @property
    def sources(self) -> list[str]:
        return [part for path in self.paths.values() for part in ("-i", str(path))]

    def list(self, *arguments: str, **environment: str) -> tuple[Run, Hosts, Groups]:
        """The output of ansible-inventory: the hosts with their variables, and the groups with their hosts."""
        output = self.folder / "listed.json"
        command = ["ansible-inventory", *self.sources, "--list", "--output", str(output), *arguments]
        run = self.ansible.run(command, environment={**self.environment, **environment})
        text = output.read_text() if output.exists() else "{}"
        output.unlink(missing_ok=True)
        assert leaks(text, set().union(*map(secrets_of, self.ansible.simulators))) == []
        listed = json.loads(text)
        hosts = listed.pop("_meta", {}).get("hostvars", {})
        return run, hosts, {name: set(group.get("hosts", ())) for name, group in listed.items()}

    def hosts(self, *arguments: str, **environment: str) -> Hosts:
        run, hosts, _groups = self.list(*arguments, **{**STRICT, **environment})
        assert run.rc == 0, run.output
        return hosts

    def play(self, message: t.Any, *arguments: str, **environment: str) -> Run:
        """Each host shows ``message``."""
        play = self.folder / "play.json"
        play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.debug": {"msg": message}}]}]))
        return self.ansible.run(["ansible-playbook", *self.sources, str(play), *arguments], environment={**self.environment, **environment})


def sentence_in(said: str) -> str:
    """The sentence of the plugin's failure. Older cores break it into lines, newer ones print it twice."""
    sentences = set(re.findall(r"Failed to (?!parse ).*?\.(?= Failed to parse | Origin: | \[WARNING\]| File )", said))
    assert len(sentences) == 1, said
    return sentences.pop()


def plain(value: t.Any) -> t.Any:
    """``value`` as ansible-inventory shows a text that must never be evaluated as a template."""
    return value["__ansible_unsafe"] if isinstance(value, dict) else value


def listing(total: int, *authorizers: Authorizer) -> Fault:
    """A page of the list as it was earlier or later."""
    rows = [{"authorizer_appid": one.account.appid, "refresh_token": one.refresh_token, "auth_time": 1} for one in authorizers]
    return Fault(body=json.dumps({"total_count": total, "list": rows}).encode())


def with_an_odd_entry(one: Authorizer, two: Authorizer) -> Fault:
    page = json.loads(listing(3, one, two).body or b"")
    page["list"].insert(1, {"authorizer_appid": "{{ 1 }}\x1b[31m", "refresh_token": "odd"})
    return Fault(body=json.dumps(page).encode())


# --- Files that can be listed.

COMPOSED = {"half": "undefined_thing if wechat_service_type == 0 else 1"}
CONSTRUCTED = {
    "compose": {"label": "wechat_nick_name ~ ' (' ~ wechat_user_name ~ ')'"},
    "groups": {
        "able": "wechat_service_type == 2 and wechat_permission_sets | default([], true) | intersect([11, 100]) | length > 0",
    },
    "keyed_groups": [
        {"prefix": "wechat_service_type", "key": "wechat_service_type | string"},
        {"prefix": "wechat_permission_set", "key": "wechat_permission_sets"},
    ],
}
KINDS = ("official_account", "mini_program", "channels", "store", "talent", "supplier")
GOOD_NAMES = ("gh_0123456789ab", "Own-Id_1")
BAD_NAMES = (
    *("twice", "twice", "", "localhost", "All", "wechat_accounts", "a:b", "{{ 7 * 7 }}", " x", "new\nline", "y" * 65, ".", "..", "-a"),
)


class Listed:
    """``said``: what the run wrote, in one line. ``its``: the accounts that had authorised the third-party platform of each file."""

    def __init__(self, inventory: Inventory, its: dict[str, list[Authorizer]]) -> None:
        self.its = its
        self.components = {name: component for name, component in inventory.components.items() if component}
        # The options in the files have priority.
        others = {
            "WECHAT_COMPONENT_APPID": "wxffffffffffffffff",
            "WECHAT_COMPONENT_ACCESS_TOKEN": "another-token",
            "WECHAT_API_URL": "http://x",
        }
        run, self._hosts, self._groups = inventory.list("-vvvv", WECHAT_LANGUAGE="", **others, **STRICT)
        assert run.rc == 0, run.output
        self.said = run.prose

    def hosts(self, name: str) -> Hosts:
        """The hosts of this file."""
        appids = {one.account.appid for one in self.its[name]}
        return {host: variables for host, variables in self._hosts.items() if variables["wechat_appid"] in appids}

    def groups(self, name: str) -> Groups:
        """The groups in which hosts of this file are, with these."""
        hosts = set(self.hosts(name))
        return {group: names & hosts for group, names in self._groups.items() if names & hosts}

    def calls(self, name: str) -> list[str]:
        return self.components[name].calls


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    """A platform on which nobody else is, and which takes some time for an answer."""
    with Simulator(tmp_path_factory.mktemp("slow"), latency=0.05) as running:
        yield running


@pytest.fixture(scope="module")
def listed(simulator: Simulator, slow: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Listed:
    inventory = Inventory(ansible, tmp_path_factory.mktemp("listed"))
    ansible.simulators.append(slow)
    its: dict[str, list[Authorizer]] = {}

    def platform(name: str, number: int = 0, server: Simulator = simulator, **options: t.Any) -> tuple[Component, list[Authorizer]]:
        """A third-party platform with so many accounts, and its file."""
        component = server.add_component()
        inventory.add(component, name, **options)
        its[name] = authorise(server, component, number)
        return component, its[name]

    def account(name: str, **fields: t.Any) -> None:
        component = inventory.components[name]
        assert component
        its[name].append(component.authorise(simulator.add(), **fields))

    platform("pages", 1203)
    platform("nobody", details=True)
    component, _its = platform("details", 0, slow, details=True, concurrency=4, api_url=slow.url, ca_path=str(slow.ca_path))
    # AppIDs that the other platform does not have.
    its["details"] = [component.authorise(slow.add(appid=f"wxf{number:015x}")) for number in range(42)]
    first = its["details"][0]
    first.permission_sets, first.service_type, first.verify_type, first.account_status = (1, 11, 100), 0, -1, 18
    platform("kinds", details=True, keyed_groups=[{"prefix": "wechat", "key": "wechat_account_type"}])
    for kind in KINDS:
        account("kinds", account_type=kind)
    odd, _its = platform("numbers", 1, details=True)
    info = {"service_type_info": {"id": "2"}, "verify_type_info": None, "account_status": 1.0}
    body = {"authorizer_info": info, "authorization_info": {"func_info": [{"funcscope_category": {"id": "11"}}]}}
    odd.plan(INFO, Fault(body=json.dumps(body).encode()))
    platform("left-out", 1, details=True)[0].plan(INFO, Fault(body=b'{"authorizer_info": {}}'))
    platform("not-strict", 3, details=True, strict=False, compose=COMPOSED)
    account("not-strict", service_type=0)
    platform("names", details=True, hostname="user_name")
    other = simulator.add()
    for name in (*GOOD_NAMES, *BAD_NAMES, other.appid):
        account("names", user_name=name)
    component = inventory.components["names"]
    assert component
    its["names"].append(component.authorise(other, user_name="gh_other"))
    token = inventory.folder / "token"
    component, _its = platform("templates", 1)
    token.write_text(f"{component.token}\n")
    templates = {"component_appid": f"{{{{ '{component.appid}' }}}}", "component_access_token": f"{{{{ lookup('file', '{token}') }}}}"}
    inventory.add(component, "templates", **templates)
    platform("unchecked", 1, ca_path=None, validate_certs=False)
    component, tried = platform("tried-again", 3, details=True)
    component.plan(LIST, Fault(lost=True))
    tried[1].account.plan(INFO, Fault(status=502, body=b"<html>"))
    _platform, some = platform("vanishes", 4, details=True)
    some[2].account.plan(INFO, Fault(errcode=61003))
    component, (a, b, _c, d) = platform("leaves", 4)
    component.revoke(a.account.appid)
    # The first account leaves after the first page was read. The third one moves onto that page.
    component.plan(LIST, listing(4, a, b), listing(3, d))
    component, (a, b, c, joins) = platform("joins-in-front", 4)
    component.plan(LIST, listing(3, a, b), listing(4, b, c))
    component, (a, b, c, joins) = platform("joins-at-the-end", 4)
    component.plan(LIST, listing(3, a, b), listing(4, c, joins))
    component, (a, b, _c) = platform("odd-entry", 3)
    component.plan(LIST, with_an_odd_entry(a, b))
    return Listed(inventory, its)


def test_1203_accounts_are_three_pages(listed: Listed, simulator: Simulator) -> None:
    component = listed.components["pages"]
    bodies = [json.loads(seen.body) for seen in simulator.log if seen.component == component.appid]
    assert component.calls == [LIST] * 3
    assert bodies == [{"component_appid": component.appid, "offset": offset, "count": 500} for offset in (0, 500, 1000)]
    assert listed.hosts("pages") == {
        one.account.appid: {"wechat_appid": one.account.appid, "wechat_auth_time": one.auth_time} for one in listed.its["pages"]
    }
    assert listed.groups("pages") == {"wechat_accounts": set(listed.hosts("pages"))}
    assert "1,203 of 1,203 authorised accounts listed" in listed.said


def test_a_platform_without_accounts_has_no_hosts(listed: Listed) -> None:
    assert listed.hosts("nobody") == {}
    assert listed.calls("nobody") == [LIST]


def test_details(listed: Listed, slow: Simulator) -> None:
    first, *rest = listed.its["details"]
    assert collections.Counter(listed.calls("details")) == {LIST: 1, INFO: 42}
    assert {tuple(one.account.calls) for one in (first, *rest)} == {(INFO,)}
    # At the same time, but not more than this number.
    assert slow.connections == 4
    hosts = listed.hosts("details")
    assert hosts[first.account.appid] == {
        "wechat_appid": first.account.appid,
        "wechat_auth_time": first.auth_time,
        "wechat_account_type": "official_account",
        "wechat_nick_name": first.nick_name,
        "wechat_user_name": first.user_name,
        "wechat_principal_name": "\u793a\u4f8b\u6709\u9650\u516c\u53f8",
        "wechat_service_type": 0,
        "wechat_verify_type": -1,
        "wechat_account_status": 18,
        "wechat_permission_sets": [1, 11, 100],
    }
    assert {variables["wechat_service_type"] for variables in hosts.values()} == {0, 2}
    assert "details of 42 of 42 authorised accounts read" in listed.said


def test_accounts_without_a_draft_box(listed: Listed) -> None:
    for kind, one in zip(KINDS, listed.its["kinds"], strict=True):
        assert listed.hosts("kinds")[one.account.appid]["wechat_account_type"] == kind
        assert listed.groups("kinds")[f"wechat_{kind}"] == {one.account.appid}


def test_numbers_as_text_and_what_is_left_out(listed: Listed) -> None:
    (variables,), (left_out,) = listed.hosts("numbers").values(), listed.hosts("left-out").values()
    assert (variables["wechat_service_type"], variables["wechat_account_status"], variables["wechat_permission_sets"]) == (2, 1, [11])
    assert (variables["wechat_verify_type"], variables["wechat_nick_name"]) == (None, None)
    assert left_out["wechat_permission_sets"] is None


def test_what_is_not_strict_leaves_out_what_it_cannot_compose(listed: Listed) -> None:
    hosts = listed.hosts("not-strict")
    assert ["half" in hosts[one.account.appid] for one in listed.its["not-strict"]] == [True, True, True, False]


def test_original_ids_as_host_names(listed: Listed) -> None:
    good = (*GOOD_NAMES, "gh_other")
    assert {name: variables["wechat_appid"] for name, variables in listed.hosts("names").items()} == {
        one.user_name if one.user_name in good else one.account.appid: one.account.appid for one in listed.its["names"]
    }


@pytest.mark.parametrize("name", ["templates", "unchecked"])
def test_credentials_are_templated_and_certificates_need_not_be_checked(name: str, listed: Listed) -> None:
    assert len(listed.hosts(name)) == 1


def test_what_passes_is_tried_again(listed: Listed) -> None:
    assert len(listed.hosts("tried-again")) == 3
    assert collections.Counter(listed.calls("tried-again")) == {LIST: 2, INFO: 4}


def test_an_account_that_vanishes_before_its_details_are_read(listed: Listed) -> None:
    gone = listed.its["vanishes"][2].account.appid
    assert set(listed.hosts("vanishes")) == {one.account.appid for one in listed.its["vanishes"]} - {gone}
    assert f"Left out, because they withdrew their authorisation after they were listed: {gone}." in listed.said
    assert collections.Counter(listed.calls("vanishes")) == {LIST: 1, INFO: 4}


def test_an_account_leaves_meanwhile(listed: Listed) -> None:
    assert set(listed.hosts("leaves")) == {one.account.appid for one in listed.its["leaves"][1:]}
    assert listed.calls("leaves") == [LIST] * 3


@pytest.mark.parametrize(("name", "number"), [("joins-in-front", 3), ("joins-at-the-end", 4)])
def test_an_account_joins_meanwhile(name: str, number: int, listed: Listed) -> None:
    assert set(listed.hosts(name)) == {one.account.appid for one in listed.its[name][:number]}
    assert listed.calls(name) == [LIST] * 2


def test_one_odd_entry_does_not_stop_the_others(listed: Listed) -> None:
    assert set(listed.hosts("odd-entry")) == {one.account.appid for one in listed.its["odd-entry"][:2]}
    assert "is incomplete: only 2 of 3 accounts were listed; entry 2 has no usable AppID. The others are used; run again" in listed.said
    assert listed.calls("odd-entry") == [LIST]


def test_other_file_names_are_not_taken(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    inventory = Inventory(ansible, tmp_path)
    taken = {"my.yml": False, "wechat_authorizers.yml": False, "a.wechat_authorizers.yaml": True}
    components = {name: simulator.add_component() for name in taken}
    for name, component in components.items():
        authorise(simulator, component, 1)
        inventory.add(component, name)
        inventory.paths[name] = inventory.paths[name].rename(tmp_path / name)
    _run, hosts, _groups = inventory.list()
    assert set(hosts) == {appid for name, component in components.items() if taken[name] for appid in component.authorizers}
    assert {name: component.calls for name, component in components.items()} == {name: [LIST] * its for name, its in taken.items()}


# --- What ansible.builtin.constructed adds.


def test_service_accounts_with_permission_set_11_or_100(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    able = [*authorise(simulator, component, 2, permission_sets=(1, 11)), *authorise(simulator, component, 2, permission_sets=(1, 100))]
    authorise(simulator, component, 2, permission_sets=(1,))
    authorise(simulator, component, 2, permission_sets=(11,), service_type=0)
    inventory = Inventory(ansible, tmp_path).add(component, details=True, strict=True, **CONSTRUCTED)
    _run, hosts, groups = inventory.list()
    expected = {one.account.appid for one in able}
    assert groups["able"] == expected
    assert groups["wechat_service_type_2"] & (groups["wechat_permission_set_11"] | groups["wechat_permission_set_100"]) == expected
    assert len(groups["wechat_permission_set_1"]) == 6
    assert plain(hosts[able[0].account.appid]["label"]) == f"{able[0].nick_name} ({able[0].user_name})"
    pattern = "wechat_service_type_2:&able"
    run = ansible.run(["ansible", *inventory.sources, pattern, "--list-hosts"], environment=inventory.environment)
    assert set(run.output.split()[2:]) == expected


def test_strict_leaves_no_part_of_it_and_other_sources_hosts_as_they_were(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    known, *_others = authorise(simulator, component, 3)
    odd = authorise(simulator, component, 1, service_type=0)
    inventory = Inventory(ansible, tmp_path)
    inventory.paths["static"] = tmp_path / "a_static.yml"
    inventory.paths["static"].write_text(json.dumps({"own": {"hosts": {one.account.appid: {"mine": 1} for one in (known, *odd)}}}))
    run, hosts, groups = inventory.add(component, details=True, strict=True, compose=COMPOSED).list()
    assert f"Could not set half for host {odd[0].account.appid}" in run.prose
    assert hosts == {one.account.appid: {"mine": 1} for one in (known, *odd)}
    assert groups == {"all": set(), "own": {known.account.appid, odd[0].account.appid}}


NAMES = ("localhost", "prod", "all", "ungrouped", "wechat_accounts")


def by_nick_name(entry: dict[str, str]) -> dict[str, t.Any]:
    return {"details": True, "keyed_groups": [{"key": "wechat_nick_name", **entry}]}


def test_no_owner_names_any_group(simulator: Simulator, ansible: Ansible, tmp_path: Path) -> None:
    """Entries of keyed_groups that are refused: see ``REFUSED``."""
    inventory = Inventory(ansible, tmp_path)
    for number, entry in enumerate(
        ({"prefix": "owner"}, {"prefix": "owner", "parent_group": "owners_{{ wechat_service_type }}"}, {"key": "wechat_nick_name"})
    ):
        component = simulator.add_component()
        for name in NAMES:
            component.authorise(simulator.add(), nick_name=name)
        inventory.add(component, str(number), **by_nick_name(entry))
    _run, hosts, groups = inventory.list()
    assert len(hosts) == 3 * len(NAMES)
    assert all(name.startswith(("_", "owner", "all", "wechat_accounts")) for name in groups), groups
    assert groups["wechat_accounts"] == set(hosts)


# --- Files that fail.


class Failure(t.NamedTuple):
    """``says``: what the sentence has. ``number``: of the accounts. ``calls``: of the third-party platform."""

    says: str
    plan: t.Callable[[Component, list[Authorizer]], object]
    calls: list[str]
    number: int = 3
    options: dict[str, t.Any] = {}  # noqa: RUF012


def refused_list(says: str, fault: Fault) -> Failure:
    """No further try can help."""
    return Failure(says, lambda component, _its: component.plan(LIST, fault), [LIST], options={"retries": 3})


def no_second_page(fault: Fault) -> Failure:
    says = "Failed to list the third-party platform's authorised accounts: "
    return Failure(says, lambda component, _its: component.plan(LIST, Fault(delay=0.01), fault, fault), [LIST] * 3, 501)


def no_details(code: int) -> Failure:
    calls = [LIST, *[INFO] * (9 if code == -1 else 8)]
    plan: t.Callable[[Component, list[Authorizer]], object] = lambda _component, its: its[7].account.plan(INFO, *[Fault(errcode=code)] * 2)  # noqa: E731
    return Failure(f"(errcode {code})", plan, calls, 60, {"details": True, "concurrency": 1})


def never_listed(says: str, *pages: tuple[int, int], **options: t.Any) -> Failure:
    """``pages``: what each announces, and how many accounts it has."""

    def plan(component: Component, its: list[Authorizer]) -> None:
        component.plan(LIST, *(listing(total, *its[:number]) for total, number in pages))

    return Failure(says, plan, [LIST] * min(len(pages), 6), options=options)


FAILURES: dict[str, Failure] = {
    "token-40001": refused_list("the component_access_token is not accepted (errcode 40001)", Fault(errcode=40001)),
    "token-42001": refused_list("the component_access_token is not accepted (errcode 42001)", Fault(errcode=42001)),
    "allow-list": refused_list("add 203.0.113.8 to the third-party platform's IP allow list, and run again after", Fault(errcode=61004)),
    "token-61014": refused_list("take the current component_access_token from the third-party platform's service", Fault(errcode=61014)),
    "appid-61011": refused_list("the component_appid is not a third-party platform's (errcode 61011)", Fault(errcode=61011)),
    "echo": refused_list("(the platform says: bad request: ******** ", Fault(errcode=99999, echo=True)),
    "list-of-numbers": refused_list("the answer holds no list of accounts; check api_url", Fault(body=b'{"total_count": 3, "list": 5}')),
    "odd-appid": refused_list(
        "accounts were listed; entry 1 has no usable AppID; run",
        Fault(body=b'{"total_count": 1, "list": [{"authorizer_appid": "a{b"}]}'),
    ),
    "odd-total": refused_list(
        "the answer holds no usable total_count; check api_url", Fault(body=b'{"total_count": 1000000000000000000, "list": []}')
    ),
    "page-lost": no_second_page(Fault(lost=True)),
    "page-busy": no_second_page(Fault(errcode=-1)),
    "page-500": no_second_page(Fault(status=500, body=b"")),
    **{f"details-{code}": no_details(code) for code in (-1, 40013, 61007, 42001)},
    "never-listed": never_listed(
        "only 3 of 1,203 accounts were listed, 3 times over; run again in a few minutes",
        *[(1203, 3), (1203, 0)] * 3,
        incomplete_list="fail",
    ),
    "same-page": never_listed("only 3 of 50,000 accounts were listed", *[(50_000, 3)] * 200, incomplete_list="fail"),
    "none-listed": never_listed("only 0 of 3 accounts were listed, 3 times over", *[(3, 0)] * 3),
    "odd-entry": Failure(
        "only 2 of 3 accounts were listed; entry 2 has no usable AppID; run again in a few minutes",
        lambda component, its: component.plan(LIST, with_an_odd_entry(*its[:2])),
        [LIST],
        options={"incomplete_list": "fail"},
    ),
    "too-late": Failure(
        "no answer came in time",
        lambda component, _its: component.plan(LIST, Fault(delay=4)),
        [LIST],
        options={"timeout": 1, "retries": 0},
    ),
    "not-trusted": Failure(
        "the server's certificate is not trusted; check api_url",
        lambda _component, _its: None,
        [],
        options={"ca_path": None, "retries": 0},
    ),
}

NO_PLATFORM = "no third-party platform is given; nothing was sent; give component_appid and component_access_token in"
OWNER = "parent_group in an entry of keyed_groups begins with a "
GIVEN = {"component_appid": "wx0123456789abcdef", "component_access_token": "canary-token"}
# Nothing is sent for these. By name: the options, and the sentence, which begins so, or which has this in it.
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "no-platform": ({"component_appid": None, "component_access_token": None}, NO_PLATFORM),
    "wrong-appid": ({**GIVEN, "component_appid": "wrong"}, "component_appid is not wx and 16 "),
    "short-token": ({**GIVEN, "component_access_token": "short"}, "component_access_token is not a token; "),
    "undefined-token": ({**GIVEN, "component_access_token": "{{ nowhere }}"}, "component_access_token cannot be worked "),
    "failed-lookup": ({**GIVEN, "component_access_token": "{{ lookup('file', '/canary') }}"}, "component_access_token "),
    "user-name-without-details": (
        {"hostname": "user_name"},
        "hostname is user_name without details; nothing was sent; set details to true",
    ),
    "concurrency": ({"concurrency": 0}, "concurrency is not between 1 and 256; "),
    "timeout": ({"timeout": 0}, "timeout is not a number of seconds above 0 and up to 3600; "),
    "retries": ({"retries": -1}, "retries is below 0; "),
    "language": ({"language": "cn"}, "language is neither en nor zh; "),
    "api-url": ({"api_url": "ftp://canary"}, "api_url is neither http nor https; "),
    "ca-path": ({"ca_path": "/canary"}, "ca_path is not a readable file of CA certificates in PEM format; "),
    "group-no-separator": (by_nick_name({"prefix": "", "separator": ""}), "no prefix"),
    "group-no-prefix": (by_nick_name({"separator": ""}), "no prefix"),
    "group-spaces": (by_nick_name({"prefix": " ", "separator": " "}), "no prefix"),
    "group-no-leading-separator": ({**by_nick_name({}), "leading_separator": False}, "no prefix"),
    "group-of-an-owner": (by_nick_name({"prefix": "owner", "parent_group": "{{ wechat_nick_name }}"}), OWNER),
}


class Failed(t.NamedTuple):
    """``said``: what the run wrote about this file, in one line."""

    said: str
    component: Component
    its: list[Authorizer]


@pytest.fixture(scope="module")
def failed(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Failed]:
    inventory = Inventory(ansible, tmp_path_factory.mktemp("failed"))
    platforms: dict[str, tuple[Component, list[Authorizer]]] = {}
    for name in (*FAILURES, *REFUSED):
        component = simulator.add_component()
        its = authorise(simulator, component, FAILURES[name].number if name in FAILURES else 1)
        if name in FAILURES:
            FAILURES[name].plan(component, its)
        inventory.add(component, name, **(FAILURES[name].options if name in FAILURES else REFUSED[name][0]))
        platforms[name] = component, its
    before = len(simulator.log)
    # Empty variables count as if they were not set.
    run, hosts, _groups = inventory.list("-vvvv", WECHAT_COMPONENT_APPID="", WECHAT_COMPONENT_ACCESS_TOKEN="")
    assert hosts == {}
    assert len(simulator.log) - before == sum(len(component.calls) for component, _its in platforms.values())
    *said, _end = run.prose.split("as an inventory source")
    return {name: Failed(part, *platforms[name]) for name, part in zip(platforms, said, strict=True)}


@pytest.mark.parametrize("name", REFUSED)
def test_options_that_cannot_be_used(name: str, failed: dict[str, Failed]) -> None:
    message = sentence_in(failed[name].said)
    says = REFUSED[name][1]
    assert message.startswith(f"Failed to start: {says}") or (name.startswith("group-") and says in message)
    assert "canary" not in message
    assert failed[name].component.calls == []


@pytest.mark.parametrize("name", FAILURES)
def test_a_list_or_details_that_cannot_be_had(name: str, failed: dict[str, Failed]) -> None:
    message, component = sentence_in(failed[name].said), failed[name].component
    assert FAILURES[name].says in message
    # An inventory changes nothing.
    assert "checks first" not in message
    assert component.calls == FAILURES[name].calls
    if name.startswith("details-"):
        # A dead token concerns all accounts.
        assert (failed[name].its[7].account.appid in message) is (name != "details-42001")


def test_a_failure_stops_the_other_threads(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 200)
    authorizers[0].account.plan(INFO, Fault(errcode=40013))
    for one in authorizers[1:8]:
        one.account.plan(INFO, Fault(delay=2))
    # Nor is it listed if somebody else's token is given, or if hosts are to be named after nick names.
    stranger = simulator.add_component()
    inventory = Inventory(ansible, tmp_path).add(component, details=True, concurrency=8)
    inventory.add(stranger, "foreign", component_appid=simulator.add_component().appid).add(stranger, "nick", hostname="nick_name")
    before = len(simulator.log)
    run, hosts, _groups = inventory.list()
    assert hosts == {}
    stopped, foreign, _nick, _end = run.prose.split("as an inventory source")
    assert authorizers[0].account.appid in sentence_in(stopped)
    # This includes the requests in progress.
    assert component.calls.count(INFO) <= 8
    assert "the platform does not know one of the AppIDs (errcode 40013)" in sentence_in(foreign)
    assert len(simulator.log) - before == len(component.calls) + 1


def test_a_failure_ends_a_run_that_is_to_be_strict(ansible: Ansible, component: Component, tmp_path: Path) -> None:
    component.plan(LIST, Fault(errcode=42001))
    run, hosts, _groups = Inventory(ansible, tmp_path).add(component).list(**STRICT)
    assert run.rc != 0
    assert hosts == {}


# --- The environment.


def test_the_environment_is_a_fallback(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    inventory = Inventory(ansible, tmp_path).add(None, api_url=None)
    reached = {"WECHAT_COMPONENT_APPID": component.appid, "WECHAT_API_URL": simulator.url}
    assert len(inventory.hosts(**reached, WECHAT_COMPONENT_ACCESS_TOKEN=component.token)) == 1
    assert component.calls == [LIST]
    run, _hosts, _groups = inventory.list(**reached)
    assert "Failed to start: component_appid is given, and component_access_token is missing; " in sentence_in(run.prose)


def test_errors_and_warnings_are_in_chinese(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 1)
    component.plan(INFO, Fault(errcode=61003))
    inventory = (
        Inventory(ansible, tmp_path).add(component, details=True).add(None, "none").add(component, "english", language="en", timeout=0)
    )
    run, hosts, _groups = inventory.list(WECHAT_LANGUAGE="zh")
    said = "".join(run.output.split())
    assert "未能启动：没有提供第三方平台；没有发出任何请求；请在主机清单文件中提供" in said
    assert "以下账号在读取列表之后取消了授权，已排除：" in said
    assert "timeout is not a number of seconds" in run.prose
    assert hosts == {}


def test_a_misspelt_language_in_the_environment_is_refused(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorise(simulator, component, 1)
    inventory = Inventory(ansible, tmp_path).add(component).add(component, "chinese", language="zh", timeout=0)
    run, hosts, _groups = inventory.list(WECHAT_LANGUAGE="cn")
    assert hosts == {}
    assert "language is neither en nor zh" in run.prose
    assert "timeout不是" in "".join(run.output.split())


def examples() -> list[dict[str, t.Any]]:
    return list(yaml.safe_load_all(wechat_authorizers.EXAMPLES))


@pytest.mark.parametrize("number", range(len(examples())))
def test_the_examples(number: int, ansible: Ansible, tmp_path: Path) -> None:
    with Simulator(tmp_path) as alone:
        ansible.simulators.append(alone)
        component = alone.add_component(appid="wx0123456789abcdef")
        authorise(alone, component, 2, account_status=14)
        inventory = Inventory(ansible, tmp_path).add(None)
        inventory.paths["my"].write_text(wechat_authorizers.EXAMPLES.split("\n---\n")[number])
        environment = {"WECHAT_API_URL": alone.url, "REQUESTS_CA_BUNDLE": str(alone.ca_path)}
        if "component_appid" in examples()[number]:
            command = tmp_path / "print-component-token"
            command.write_text(f"#!/bin/sh\ncat {tmp_path}/token")
            command.chmod(0o700)
            (tmp_path / "token").write_text(component.token)
            environment["PATH"] = f"{tmp_path}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}"
        else:
            environment.update(WECHAT_COMPONENT_APPID=component.appid, WECHAT_COMPONENT_ACCESS_TOKEN=component.token)
        run, hosts, groups = inventory.list(**environment)
        assert len(hosts) == 2, run.output
        if "details" in examples()[number]:
            names = {"wechat_not_normal", "wechat_service_type_2", "wechat_can_switch"}
            assert all(groups[name] == set(hosts) for name in names)
            assert all(variables["owner"] == variables["wechat_principal_name"] for variables in hosts.values())


# --- The cache.

EVIL_NAMES = ("{{ 7 * 7 }}", "{% raw %}", "<script>alert(1)</script>", "lookup('env', 'HOME')", "{# no #}", "{", "plain")
HALF = {"nick_name": "half \ud83d", "principal_name": "\udfff"}
TEXTS = ("wechat_nick_name", "wechat_user_name", "wechat_principal_name")


def alter(file: Path, change: t.Callable[[dict[str, t.Any]], object], evil: str) -> None:
    """Change what the cache has."""
    content = json.loads(file.read_text())
    # Newer cores store it as a text inside.
    accounts = json.loads(content["__payload__"]) if "__payload__" in content else content
    change(accounts)
    accounts = json.loads(json.dumps(accounts).replace(EVIL, evil))
    file.write_text(json.dumps({**content, "__payload__": json.dumps(accounts)} if "__payload__" in content else accounts))


def first(accounts: dict[str, t.Any]) -> dict[str, t.Any]:
    variables: dict[str, t.Any] = next(iter(accounts.values()))
    return variables


# ``EVIL`` stands for a template that would write a file.
EVIL = "EVIL"
ALTERATIONS: dict[str, t.Callable[[dict[str, t.Any]], object]] = {
    "nested-list": lambda accounts: first(accounts).update(wechat_permission_sets=[EVIL]),
    "nested-dict": lambda accounts: first(accounts).update(wechat_service_type={"a": [EVIL]}),
    "unsafe": lambda accounts: first(accounts).update(wechat_account_status={"__ansible_unsafe": EVIL}),
    "another-variable": lambda accounts: first(accounts).update(ansible_connection="local"),
    "another-appid": lambda accounts: first(accounts).update(wechat_appid=EVIL),
    "type": lambda accounts: first(accounts).update(wechat_account_type=EVIL),
    "host": lambda accounts: accounts.update({"localhost": {**first(accounts), "wechat_appid": "localhost"}}),
    "a-host-that-is-a-template": lambda accounts: accounts.update({EVIL: {**first(accounts), "wechat_appid": EVIL}}),
    "a-variable-is-missing": lambda accounts: first(accounts).pop("wechat_nick_name"),
    "texts": lambda accounts: first(accounts).update(dict.fromkeys(TEXTS, EVIL)),
}
# These texts may be anything, and are taken.
TAKEN = "texts"
GUILTY: dict[str, t.Callable[[Path], Path]] = {
    "file": lambda file: file,
    "folder": lambda file: file.parent,
    "above": lambda file: file.parent.parent,
}
NOT_ITS_OWN = "The inventory cache is not used, and the platform is asked: it holds what this plugin did not write."


class Cached(t.NamedTuple):
    """What became of a file with a cache.

    ``fresh``: its hosts as the platform shows them; ``cached``: as the cache does, without any token. ``shown``: what a play shows of each
    host, after somebody has been at the cache; ``at_last``: its hosts after that, without any token.
    ``calls``: the requests up to ``cached``, and from there up to ``at_last``.
    """

    fresh: Hosts
    cached: Hosts
    shown: dict[str, list[str]]
    at_last: Hosts
    calls: tuple[list[str], list[str]]
    file: Path


class Caches(t.NamedTuple):
    """``said``: what the play wrote, in one line. ``evil``: a template that would write ``canary``."""

    its: dict[str, Cached]
    said: str
    evil: str
    canary: Path


@pytest.fixture(scope="module")
def caches(simulator: Simulator, ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Caches:
    inventory = Inventory(ansible, tmp_path_factory.mktemp("cached"))
    folders = {}

    def platform(name: str, number: int = 0, **options: t.Any) -> Component:
        folders[name] = inventory.folder / name / "cache"
        cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folders[name])}
        component = simulator.add_component()
        inventory.add(component, name, **{"details": True, **cache, **options})
        authorise(simulator, component, number)
        return component

    for name in ALTERATIONS:
        platform(name, 2)
    for name in GUILTY:
        platform(name, 1, details=False)
    platform("old", 1, details=False, cache_timeout=3600)
    # Ansible must not evaluate two texts either that are a template only together.
    component = platform("names", compose={"copied": "wechat_nick_name", "joined": "wechat_nick_name ~ wechat_principal_name"})
    for nick_name in EVIL_NAMES:
        component.authorise(simulator.add(), nick_name=nick_name, principal_name="{ 6 * 7 }}")
    platform("half").authorise(simulator.add(), **HALF)
    component = platform("incomplete", 3, details=False)
    one, two, _three = component.authorizers.values()
    component.plan(LIST, *[with_an_odd_entry(one, two)] * 3)
    components = {name: component for name, component in inventory.components.items() if component}
    # What is not complete is not cached: without a token, it cannot be listed.
    complete = Inventory(ansible, inventory.folder)
    complete.paths = {name: path for name, path in inventory.paths.items() if name != "incomplete"}

    fresh = inventory.hosts()
    cached = complete.hosts()
    until = {name: list(component.calls) for name, component in components.items()}
    canary = inventory.folder / "canary"
    evil = f"{{{{ lookup('ansible.builtin.pipe', 'touch {canary}') }}}}"
    files = {name: next(iter(folder.iterdir())) for name, folder in folders.items() if name != "incomplete"}
    for name, alteration in ALTERATIONS.items():
        alter(files[name], alteration, evil)
    for name, guilty in GUILTY.items():
        path = guilty(files[name])
        path.chmod(path.stat().st_mode | 0o002)
    os.utime(files["old"], (time.time() - 3700,) * 2)
    texts = [f"{{{{ {name} | default('') }}}}" for name in (*TEXTS, "copied", "joined")]
    run = inventory.play([*texts, "{{ hostvars[inventory_hostname] }}"])
    assert run.rc == 0, run.output
    for name in GUILTY:
        complete.paths.pop(name)
    at_last = complete.hosts()
    its = {}
    for name, component in components.items():
        calls = until[name], component.calls[len(until[name]) :]
        own = [
            {host: its for host, its in hosts.items() if its["wechat_appid"] in component.authorizers} for hosts in (fresh, cached, at_last)
        ]
        shown = {host: result["msg"][:-1] for host, result in run.last().items() if host in component.authorizers}
        its[name] = Cached(own[0], own[1], shown, own[2], calls, files.get(name, canary))
    assert set(run.results) == set(fresh)
    return Caches(its, run.prose, evil, canary)


ONCE = [LIST, INFO, INFO]


def test_the_second_run_needs_not_even_a_token(caches: Caches, simulator: Simulator) -> None:
    for name, one in caches.its.items():
        if name != "incomplete":
            assert one.cached == one.fresh != {}, name
            assert leaks(one.file.read_text(), secrets_of(simulator)) == []
    assert caches.its[TAKEN].calls == (ONCE, [])


@pytest.mark.parametrize("alteration", [name for name in ALTERATIONS if name != TAKEN])
def test_what_the_plugin_did_not_write_is_not_taken_from_the_cache(alteration: str, caches: Caches) -> None:
    one = caches.its[alteration]
    assert not caches.canary.exists()
    assert NOT_ITS_OWN in caches.said
    assert one.calls == (ONCE, ONCE)
    assert set(one.shown) == set(one.fresh)
    # It has been written anew.
    assert one.at_last == one.fresh


def test_a_text_in_the_cache_is_never_evaluated(caches: Caches) -> None:
    one = caches.its[TAKEN]
    assert [caches.evil] * 3 in [texts[:3] for texts in one.shown.values()]
    assert not caches.canary.exists()
    assert one.calls == (ONCE, [])


@pytest.mark.parametrize("which", GUILTY)
def test_a_cache_that_others_may_write_is_not_read(which: str, caches: Caches) -> None:
    one = caches.its[which]
    assert one.calls == ([LIST], [LIST])
    assert set(one.shown) == set(one.fresh)
    # Older cores break long paths into lines.
    says = f"others than this user and root can write to {GUILTY[which](one.file)}. Set cache"
    assert says.replace(" ", "") in caches.said.replace(" ", "")


def test_a_cache_that_is_too_old_is_not_read(caches: Caches) -> None:
    assert caches.its["old"].calls == ([LIST], [LIST])


def test_what_is_not_complete_is_not_cached(caches: Caches) -> None:
    assert len(caches.its["incomplete"].fresh) == len(caches.its["incomplete"].shown) == 2
    assert caches.its["incomplete"].calls == ([LIST], [LIST])


def test_names_of_accounts_are_text_whether_they_are_fresh_or_cached(caches: Caches) -> None:
    one = caches.its["names"]
    expected = sorted((name, name, f"{name}{{ 6 * 7 }}}}") for name in EVIL_NAMES)
    for hosts in (one.fresh, one.cached):
        assert sorted((plain(its["wechat_nick_name"]), plain(its["copied"]), plain(its["joined"])) for its in hosts.values()) == expected
    assert sorted((texts[0], texts[3], texts[4]) for texts in one.shown.values()) == expected
    assert one.calls[0].count(LIST) == 1


def test_half_a_character_in_a_name_does_not_empty_the_cache(caches: Caches) -> None:
    one = caches.its["half"]
    (variables,) = one.cached.values()
    assert [plain(variables[f"wechat_{name}"]) for name in ("nick_name", "principal_name")] == ["half \ufffd", "\ufffd"]
    assert one.calls == ([LIST, INFO], [])


def test_whose_the_cache_is_and_when_it_is_written(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorise(simulator, component, 5)
    folder = tmp_path / "cache"
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder)}
    inventory = Inventory(ansible, tmp_path).add(component, details=True, keyed_groups=CONSTRUCTED["keyed_groups"], **cache)
    _run, *fresh = inventory.list()
    once = [LIST, *[INFO] * 5]
    assert component.calls == once
    (file,) = folder.iterdir()
    assert component.appid not in file.read_text()
    content = json.loads(file.read_text())
    assert (json.loads(content["__payload__"]) if "__payload__" in content else content) == fresh[0]
    # A failure leaves the cache as it was.
    component.listed = False
    # ansible-inventory of 2.18 has no --flush-cache.
    assert "is not on the third-party platform's IP allow list" in sentence_in(inventory.play("", "--list-hosts", "--flush-cache").prose)
    _run, *cached = inventory.list()
    assert cached == fresh
    component.listed = True
    authorise(simulator, component, 1)
    component.calls.clear()
    inventory.play("", "--list-hosts", "--flush-cache")
    assert component.calls == [*once, INFO]
    # The accounts of another third-party platform are not taken from this cache, and those without details neither.
    other = simulator.add_component()
    authorise(simulator, other, 1)
    inventory.add(other, "other", details=True, **cache).add(component, "plain", **{**cache, "cache": False})
    assert len(inventory.hosts()) == 7
    assert other.calls == [LIST, INFO]
    assert component.calls[7:] == [LIST]


# --- With the playbook.


def of(component: Component) -> dict[str, str]:
    """What the role needs."""
    return {"WECHAT_COMPONENT_APPID": component.appid, "WECHAT_COMPONENT_ACCESS_TOKEN": component.token}


def test_the_playbook_turns_on_all_that_authorised(simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path) -> None:
    authorizers = authorise(simulator, component, 30)
    inventory = Inventory(ansible, tmp_path).add(component)
    extra = json.dumps(ansible.role_variables())
    run = ansible.run(
        ["ansible-playbook", PLAYBOOK, *inventory.sources, "-e", extra, "-vvvv"], environment={**inventory.environment, **of(component)}
    )
    assert run.rc == 0, run.output
    assert all(one.account.is_open for one in authorizers)
    # The list is read for the inventory. Then each account is looked up by itself.
    assert {tuple(one.account.calls) for one in authorizers} == {(INFO, TOKEN, "look", "enable", "look")}
    assert collections.Counter(component.calls) == {LIST: 1, INFO: 30, TOKEN: 30}
    assert sum(counts["changed"] for counts in run.recap().values()) == 30


def test_an_account_that_vanishes_before_the_run_fails_alone(
    simulator: Simulator, ansible: Ansible, component: Component, tmp_path: Path
) -> None:
    authorizers = authorise(simulator, component, 6)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    inventory = Inventory(ansible, tmp_path).add(component, **cache)
    assert len(inventory.hosts()) == 6
    gone = authorizers[3].account
    component.revoke(gone.appid)
    component.calls.clear()
    extra = json.dumps({**ansible.role_variables(), "draft_switch_stages": "100%", "draft_switch_max_fail_percentage": 100})
    run = ansible.run(
        ["ansible-playbook", PLAYBOOK, *inventory.sources, "-e", extra], environment={**inventory.environment, **of(component)}
    )
    assert {host for host, counts in run.recap().items() if counts["failed"]} == {gone.appid}
    assert gone.calls == [INFO]
    message = next(result["msg"] for result in run.results[gone.appid] if "resources" in result)
    assert message.startswith("Failed to look the account up among the third-party platform's authorised accounts")
    assert "with permission set 11 (materials) or 100" in message
    assert [one.account.is_open for one in authorizers] == [True, True, True, False, True, True]
    assert collections.Counter(component.calls) == {INFO: 6, TOKEN: 5}
