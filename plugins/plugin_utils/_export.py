# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what an account has into a file of the inventory, so that the account declares it. On the platform it only looks.

The files hold no credentials. Whoever may read the inventory may read them.
"""

from __future__ import annotations

import collections
import errno
import os
import re
import stat
import typing as t
from pathlib import Path

from ansible import constants
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.callback import CallbackBase
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import START, ApiError, Failure, Step, unexpected_failure
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import BY_NAME, LOOK, FoundRows, exported, message_of
from ansible_collections.wxops.official_account.plugins.module_utils._resource.account import OPTIONS as DECLARATIONS
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import as_json
from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import failed, how_many
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import OPTIONS as CREDENTIALS
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import LOOK_AT_ACCOUNT
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, joined, verbatim
from ansible_collections.wxops.official_account.plugins.plugin_utils._accounts import (
    AccountAction,
    Looks,
    is_of_role,
    only_looking,
    rows_in,
    taken,
)
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Arguments, language_in, options_of, variable_of
from ansible_collections.wxops.official_account.plugins.plugin_utils._check import folder_at
from ansible_collections.wxops.official_account.plugins.plugin_utils._files import put
from ansible_collections.wxops.official_account.plugins.plugin_utils._play import Play
from ansible_collections.wxops.official_account.plugins.plugin_utils._sheet import clean, sheet
from ansible_collections.wxops.official_account.plugins.plugin_utils._yaml import file_of

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Result
    from ansible_collections.wxops.official_account.plugins.module_utils._run.work import Run
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

_NAME = "wechat.yml"
_OWN = ("export_dir", "export_replace")
# A larger file is not one of ours.
_LARGEST = 2**20
# A file of variables may be JSON or YAML, so the key may be in quotes, within braces, or alone on its line.
_HAS_CREDENTIALS = re.compile(rf"""(?:^|[\s{{,"'])wechat_({"|".join(CREDENTIALS)})["']?\s*(?::|$)""", re.MULTILINE)
_ENCRYPTED = "$ANSIBLE_VAULT;"

WRITE = Step(Text("write the file"), sends=False)

OUTSIDE = "This is for the roles of the collection wxops.official_account alone. Nothing was sent."
_HEADING = (
    Text("What the account has, by the playbook wxops.official_account.export."),
    Text("A text behind !unsafe is no template: Ansible never evaluates it."),
)
_SPACE = Text(" ")

# What became of an account, in the order of the table's last line: its label, and the sentence about its file.
ENDINGS: Mapping[str, tuple[Text, Text]] = {
    "written": (Text("written"), Text("{path} has been written.")),
    "would_write": (Text("would be written"), Text("{path} would be written.")),
    "unchanged": (Text("up to date"), Text("{path} is up to date.")),
    "nothing": (Text("nothing to declare"), Text("There is nothing to declare, so no file is written.")),
    "failed": (Text("failed"), Text("{msg}")),
}


class ExportAction(AccountAction):
    """The action of ``wechat_export``: it looks at each account of a task, and writes a file for it."""

    _make_rows = FoundRows

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        variables = task_vars or {}
        if not is_of_role(self._task):
            return {"failed": True, "msg": OUTSIDE}
        play = Play(self._task)
        try:
            return self._exported(tmp, variables, play)
        except ApiError as refused:
            result = self._refused(refused.failure)
        except Exception as unexpected:
            result = self._refused(unexpected_failure(LOOK, unexpected))
        # The table says of each account why it has no file.
        play.note_told(str(variables["inventory_hostname"]), {**_nothing_known(), "msg": result["msg"]})
        return result

    def _exported(self, tmp: str | None, variables: dict[str, t.Any], play: Play) -> Result:
        host = str(variables["inventory_hostname"])
        options = [name for name in options_of(play.role) if name not in DECLARATIONS]
        args, problems = Arguments(self._templar, variables.get("omit")).of(play.role, [*options, *_OWN], variables)
        args = {**{name: value for name, value in self._task.args.items() if name in options}, **args}
        self._language = language_in(args)
        own = {name: args.pop(name, None) for name in _OWN}
        self._task.args = args = only_looking(args)
        if problems:
            raise ApiError(Failure("operator", START, *problems[0]))
        is_list = args.get("accounts") is not None
        base = _base(own["export_dir"], variables, play, is_list=is_list)
        if not is_list:
            # Before anything is sent.
            path_in(base, host)
        fault = taken(play, args, host)
        if fault:
            raise ApiError(fault)
        looks = Looks(play)
        found = self._look_only(tmp, variables, looks, host)
        rows = rows_in(found, host)
        looks.note_reach(rows)
        replace = boolean(own["export_replace"] or False, strict=False)
        files = {name: self._file(play, base, name, row, is_list=is_list, replace=replace) for name, row in rows.items()}
        return self._without_secrets(self._result(found, files, host))

    def _work(self, run: Run) -> Result:
        return run.look_at_account()

    def _execute_module(self, *args: t.Any, **more: t.Any) -> dict[str, t.Any]:
        told = {"module_name": "wxops.official_account.wechat_account", "module_args": {**self._task.args, LOOK_AT_ACCOUNT: True}}
        return super()._execute_module(*args, **{**more, **told})

    def _file(self, play: Play, base: Path, name: str, row: Mapping[str, t.Any], *, is_list: bool, replace: bool) -> Result:
        """Write the file of an account. Returns what became of it."""
        ending, path, before, after = "failed", "", None, ""
        why: dict[str, Text] = {}
        reasons: list[Text] = []
        msg = verbatim(row["msg"])
        try:
            if not row["failure"]:
                options, why = exported(row["resources"])
                reasons = [_reason(resource, its, row["resources"][resource]) for resource, its in why.items()]
                ending = "nothing"
                if options:
                    path = str(path_in(base, name, is_list=is_list).relative_to(base))
                    after = self._text_of(play, options, reasons, is_list=is_list)
                    before = write(play, base, name, after, is_list=is_list, replace=replace, check_mode=bool(self._task.check_mode))
                    ending = "unchanged" if before == after else "would_write" if self._task.check_mode else "written"
        except ApiError as refused:
            ending, msg = "failed", failed(refused.failure)
            before = refused.before if isinstance(refused, _Differs) else after
        said = [ENDINGS[ending][1].filled(path=verbatim(clean(path)), msg=msg)]
        if not row["failure"]:
            said.extend(dict.fromkeys([*(verbatim(message_of(its)) for its in row["resources"].values()), *reasons]))
        told: Result = {
            **_nothing_known(),
            "ending": ending,
            "path": path if ending in ("written", "would_write", "unchanged") else None,
            "msg": joined(_SPACE, said).said(self._language),
            "found": {resource: message_of(its) for resource, its in row["resources"].items()},
            "left_out": {resource: its.said(self._language) for resource, its in why.items()},
        }
        play.note_told(name, self._without_secrets(dict(told)))
        if before != after and after:
            told["diff"] = {"before_header": path, "after_header": path, "before": before or "", "after": after}
        return told

    def _text_of(self, play: Play, options: Mapping[str, t.Any], reasons: Sequence[Text], *, is_list: bool) -> str:
        """The file that declares ``options``. ``reasons``: why something is left out of it. Raises ApiError."""
        if is_list:
            return as_json(options, indent=2) + "\n"
        variables = {variable_of(play.role, name): its for name, its in options.items()}
        try:
            return file_of(variables, [clean(one.said(self._language)) for one in (*_HEADING, *reasons)])
        except ValueError:
            what = Text("Ansible could not read what the account has from a file of variables")
            raise _refusal(what, Text("report it as a bug of this collection")) from None

    def _result(self, found: Result, files: Mapping[str, Result], host: str) -> Result:
        """The result of the task. ``found``: that of the look."""
        diffs = [its.pop("diff") for its in files.values() if "diff" in its]
        is_failed = bool(found.get("failed")) or any(its["ending"] == "failed" for its in files.values())
        result: Result = {
            "changed": any(its["ending"] in ("written", "would_write") for its in files.values()),
            "failed": is_failed,
            "msg": "\n".join(its["msg"] for its in files.values()) or found["msg"],
            "warnings": found.get("warnings", []),
            **({} if host in files and len(files) == 1 else {"accounts": dict(files)}),
        }
        if host in files and len(files) == 1:
            result.update({name: its for name, its in files[host].items() if name != "msg"})
        if self._task.diff and diffs:
            result["diff"] = diffs
            if is_failed:
                # Ansible shows none of a task that failed.
                self._display.display(CallbackBase()._get_diff(self._without_secrets({"diff": diffs})["diff"]))
        return result


def tell(play: Play, folder: Path | None, language: Language) -> list[str]:
    """What the exports of ``play`` have found: a line for each account, and the numbers. Also as a table in ``folder``.

    Empty if that was told already. Raises OSError.
    """
    with play.alone():
        found = sorted(play.told(), key=lambda one: str(one["account"]))
        if play.last_report() == {"exports": len(found)}:
            return []
        play.note_report({"exports": len(found)})
    line = Text("{hosts}: {what}")
    lines = [clean(line.filled(hosts=one["account"], what=one["msg"]).said(language)) for one in found]
    counts = collections.Counter(one["ending"] for one in found)
    of = Text("{number:,} {label}")
    counted = [of.filled(number=counts[ending], label=label) for ending, (label, _said) in ENDINGS.items() if counts[ending]]
    if counted:
        said = Text("{accounts}: {counts}.").filled(accounts=how_many(len(found)), counts=joined(Text("; "), counted))
        lines.append(said.said(language))
    if folder:
        put(folder / "account-export.csv", [_table(found, language)])
    return lines


def _table(found: Sequence[Mapping[str, t.Any]], language: Language) -> str:
    words = (Text("Account"), Text("Result"), Text("File"))
    titles = {name: one.title for name, one in BY_NAME.items() if one.info}
    lines: list[list[object]] = [[text.said(language) for text in (*words, *titles.values(), Text("What was found and done"))]]
    for one in found:
        cells = [one["account"], ENDINGS[one["ending"]][0].said(language), one["path"], *(one["found"].get(name) for name in titles)]
        lines.append([*cells, one["msg"]])
    return sheet(lines)


def _nothing_known() -> Result:
    """What became of an account of which nothing is known."""
    return {"ending": "failed", "path": None, "msg": "", "found": {}, "left_out": {}}


def _reason(resource: str, why: Text, row: Mapping[str, t.Any]) -> Text:
    """The sentence why a resource is not in the file. The message of its ``row`` may be all that there is to say."""
    return why if why == message_of(row) else Text("{title}: {why}").filled(title=BY_NAME[resource].title, why=why)


# --- Files.


class _Differs(ApiError):
    """A file is there, and is another one. ``before``: what it holds."""

    def __init__(self, before: str, path: Path) -> None:
        what = Text("{path} is there, and differs")
        remedy = Text("see it with --check --diff, then remove it, or replace it with -e export_replace=true")
        super().__init__(Failure("operator", WRITE, what.filled(path=verbatim(str(path))), remedy))
        self.before = before


def _refusal(what: Text, remedy: Text) -> ApiError:
    return ApiError(Failure("operator", WRITE, what, remedy))


def _base(folder: t.Any, variables: Mapping[str, t.Any], play: Play, *, is_list: bool) -> Path:
    """The folder in which the files of variables are. Raises ApiError."""
    variable = play.variable("export_dir")
    give = Text("give {variable}, a folder; the playbook export calls it export_dir").filled(variable=variable)
    source = str(variables.get("inventory_file") or "")
    # In a path that somebody has typed, $HOME and ~ are replaced. That of the inventory is taken as it is.
    typed = folder is not None
    if folder is None and not is_list and ("," not in source or os.path.exists(source)):
        # Ansible reads no files of variables for a list of hosts on the command line.
        folder = variables.get("inventory_dir")
    if folder is None or not str(folder).strip():
        raise ApiError(Failure("operator", START, Text("there is no inventory with a folder to write to"), give))
    try:
        return Path(os.path.realpath(folder_at(str(folder)) if typed else str(folder)))
    except (ValueError, RuntimeError, OSError):
        raise ApiError(Failure("operator", START, Text("{variable} is no folder").filled(variable=variable), give)) from None


def path_in(base: Path, name: str, *, is_list: bool = False) -> Path:
    """The file of the account ``name``. Raises ApiError if it would be anywhere else than in ``base``."""
    # Ansible would take the folder of a host a.yml for that of a host a.
    ends = () if is_list else tuple(constants.YAML_FILENAME_EXTENSIONS)  # type: ignore[attr-defined]
    if name in ("", ".", "..") or "/" in name or not name.isprintable() or name.endswith(ends):
        what = Text("the name of this account cannot be the name of a file")
        raise _refusal(what, Text("give it a name without / and control characters, which does not end like that of a YAML or JSON file"))
    path = base / f"{name}.json" if is_list else base / "host_vars" / name / _NAME
    try:
        inside = path.parent.resolve().is_relative_to(base)
    except (OSError, RuntimeError, ValueError):  # links in a circle
        inside = False
    if not inside:
        what = Text("{path} is a link to somewhere else").filled(path=verbatim(str(path.parent.relative_to(base))))
        raise _refusal(what, Text("replace the link with a folder, or give export_dir"))
    return path


def write(play: Play, base: Path, name: str, text: str, *, is_list: bool, replace: bool, check_mode: bool) -> str | None:
    """Make ``text`` the file of the account ``name``; in check mode only say what is there. Returns what was there before.

    Raises ApiError or _Differs. Readers see the old file or the new one, and no link is followed.
    """
    path = path_in(base, name, is_list=is_list)
    shown = path.relative_to(base)
    folder = path.parent
    try:
        if not is_list:
            _refuse_hiding(folder, base)
        if folder.is_dir():
            _refuse_shared(play, folder, name, base, is_list=is_list)
        before, mode = _read(path)
        if before is not None:
            # In another language, or of an older version, only the comments differ.
            if before == text or (not replace and _without_comments(before) == _without_comments(text)):
                return text
            if before.startswith(_ENCRYPTED) or len(before) >= _LARGEST:
                what = Text("{path} is encrypted, or too large, so what would be lost is not known").filled(path=verbatim(str(shown)))
                raise _refusal(what, Text("move it to another name beside it"))
            if _HAS_CREDENTIALS.search(before):
                what = Text("{path} has credentials too, which would be lost").filled(path=verbatim(str(shown)))
                raise _refusal(what, Text("move them to another file beside it"))
            if not replace:
                raise _Differs(before, shown)
        if not check_mode:
            folder.mkdir(parents=True, exist_ok=True)
            _refuse_shared(play, folder, name, base, is_list=is_list)
            put(path, [text])
            path.chmod(mode)
    except OSError as error:
        kind = errno.errorcode.get(error.errno or 0, type(error).__name__)
        what = Text("{path} cannot be written ({kind})").filled(path=verbatim(str(shown)), kind=kind)
        raise _refusal(what, Text("make sure that it is an ordinary file or not there, and that the folder can be written to")) from None
    return before


def _without_comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def _refuse_hiding(folder: Path, base: Path) -> None:
    """Beside a folder, Ansible no longer reads a file of the same name. The credentials may be there."""
    if folder.is_dir():
        return
    for there in (folder, *(folder.with_name(f"{folder.name}{end}") for end in constants.YAML_FILENAME_EXTENSIONS)):  # type: ignore[attr-defined]
        if there.exists():
            what = Text("{path} is there, and Ansible would not read it any more beside a folder of that name")
            remedy = Text("move it to {folder}/main.yml")
            names = {"path": verbatim(str(there.relative_to(base))), "folder": verbatim(str(folder.relative_to(base)))}
            raise _refusal(what.filled(**names), remedy.filled(**names))


def _refuse_shared(play: Play, folder: Path, name: str, base: Path, *, is_list: bool) -> None:
    """On some disks, names that differ only in case are the same."""
    status = folder.stat()
    first = name if is_list else play.host_of(f"folder {status.st_dev} {status.st_ino}", name)
    if first != name:
        what = Text("{path} is the folder of {other} as well")
        raise _refusal(
            what.filled(path=verbatim(str(folder.relative_to(base))), other=verbatim(first)),
            Text("give the hosts names that differ in more than case"),
        )


def _read(path: Path) -> tuple[str | None, int]:
    """What a file holds, and its mode; None if it is not there, and the mode for a new file. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        umask = os.umask(0o077)
        os.umask(umask)
        return None, 0o666 & ~umask
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileExistsError
        content = file.read(_LARGEST).decode(errors="backslashreplace")
    return content.replace("\r\n", "\n"), stat.S_IMODE(status.st_mode)
